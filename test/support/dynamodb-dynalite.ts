// SPDX-License-Identifier: Apache-2.0
import { Server } from 'node:http';
import { createRequire } from 'node:module';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll } from '@jest/globals';

/** Clients of the server of one test file; all are destroyed after its last test. */
export interface Dynalite {
  /** Always the same one. */
  readonly client: () => DynamoDBClient;
  readonly newClient: () => DynamoDBClient;
}

/** Starts dynalite on loopback for the tests of a file: DynamoDB with its 1 MB pages and without transactions. */
export function withDynalite(): Dynalite {
  let server: Server | undefined;
  const clients: DynamoDBClient[] = [];
  beforeAll(async () => {
    const dynalite: unknown = createRequire(import.meta.url)('dynalite');
    const made: unknown = typeof dynalite === 'function' ? dynalite({ createTableMs: 0, deleteTableMs: 0 }) : null;
    if (!(made instanceof Server)) throw new Error('dynalite gave no server');
    server = made;
    await new Promise<void>((done) => made.listen(0, '127.0.0.1', done));
  });
  afterAll(async () => {
    for (const client of clients) client.destroy();
    server?.closeAllConnections();
    await new Promise((done) => (server === undefined ? done(null) : server.close(done)));
  });
  const newClient = () => {
    const address = server?.address();
    if (typeof address !== 'object' || address === null) throw new Error('the server is started before the first test');
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    const client = new DynamoDBClient({ endpoint: `http://127.0.0.1:${address.port}`, region: 'us-east-1', credentials, maxAttempts: 2 });
    clients.push(client);
    return client;
  };
  return { client: () => clients[0] ?? newClient(), newClient };
}
