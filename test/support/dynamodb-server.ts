// SPDX-License-Identifier: Apache-2.0
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll } from '@jest/globals';
import { type RunningServer, startServer } from '../aws/servers/start-server.ts';

/** Starts MiniStack for the tests of a file; gives what makes clients of it, each with connections of its own. */
export function withMiniStack(): () => DynamoDBClient {
  let server: RunningServer | undefined;
  const clients: DynamoDBClient[] = [];
  beforeAll(async () => {
    server = await startServer('ministack');
  }, 600_000);
  afterAll(async () => {
    for (const client of clients) client.destroy();
    await server?.stop();
  }, 60_000);
  return () => {
    if (server === undefined) throw new Error('the server is started before the first test');
    const client = new DynamoDBClient({ region: 'eu-central-1', endpoint: server.endpoint, credentials: server.credentials });
    clients.push(client);
    return client;
  };
}
