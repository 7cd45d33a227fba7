// SPDX-License-Identifier: Apache-2.0
import { Server } from 'node:http';
import { createRequire } from 'node:module';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll } from '@jest/globals';

/** Starts dynalite on loopback for the tests of a file: DynamoDB with its 1 MB pages and without transactions. Gives the client. */
export function withDynalite(): () => DynamoDBClient {
  let server: Server | undefined;
  let client: DynamoDBClient | undefined;
  beforeAll(async () => {
    const dynalite: unknown = createRequire(import.meta.url)('dynalite');
    const made: unknown = typeof dynalite === 'function' ? dynalite({ createTableMs: 0, deleteTableMs: 0 }) : null;
    if (!(made instanceof Server)) throw new Error('dynalite gave no server');
    server = made;
    await new Promise<void>((done) => made.listen(0, '127.0.0.1', done));
    const address = made.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    client = new DynamoDBClient({ endpoint: `http://127.0.0.1:${address.port}`, region: 'us-east-1', credentials });
  });
  afterAll(async () => {
    client?.destroy();
    server?.closeAllConnections();
    await new Promise((done) => (server === undefined ? done(null) : server.close(done)));
  });
  return () => {
    if (client === undefined) throw new Error('the server is started before the first test');
    return client;
  };
}
