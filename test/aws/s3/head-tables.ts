// SPDX-License-Identifier: Apache-2.0
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll } from '@jest/globals';
import { DynamoDbLedgerHead } from '../../../src/ledger/dynamodb-ledger-head.ts';
import { newTable } from '../../support/dynamodb-tables.ts';
import { serverForFile } from './s3-servers.ts';

/** A table for the head of one ledger. */
export interface HeadTable {
  /** The head by way of a client of its own, as another process would; by the file's own client unless given. */
  readonly open: (client?: DynamoDBClient) => DynamoDbLedgerHead;
  /** Destroyed after the file's last test. */
  readonly newClient: () => DynamoDBClient;
}

/** Starts MiniStack for one test file; each call makes a table. */
export function headTables(): () => Promise<HeadTable> {
  const server = serverForFile('ministack');
  let client: DynamoDBClient | null = null;
  const clients: DynamoDBClient[] = [];
  const newClient = () => {
    const made = new DynamoDBClient({ region: 'us-east-1', endpoint: server().endpoint, credentials: server().credentials });
    clients.push(made);
    return made;
  };
  beforeAll(() => {
    client = newClient();
  });
  afterAll(() => {
    for (const one of clients) one.destroy();
  });
  return async () => {
    const own = client;
    if (own === null) throw new Error('MiniStack was not started');
    const table = await newTable(own);
    return { open: (other = own) => new DynamoDbLedgerHead({ client: other, table }), newClient };
  };
}
