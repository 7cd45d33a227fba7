// SPDX-License-Identifier: Apache-2.0
import { S3LedgerStore } from '../../../src/ledger/s3-ledger-store.ts';
import { ledgerStoreContract } from '../../contract/ledger-store.contract.ts';
import { headTables } from './head-tables.ts';
import { lockedBucket, lockServers } from './s3-servers.ts';

const newHead = headTables();

for (const server of lockServers) {
  const bucket = lockedBucket(server);
  ledgerStoreContract(`S3LedgerStore on ${server} with its head on MiniStack`, async () => {
    const place = bucket.place('ledger');
    const head = (await newHead()).open();
    const open = () => new S3LedgerStore({ ...place, head });
    return { store: open(), again: open };
  });
}
