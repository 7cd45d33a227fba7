// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { DirectoryLedgerStore } from '../../src/ledger/directory-ledger-store.ts';
import { MemoryLedgerStore } from '../support/memory-ledger-store.ts';
import { temporaryDirectories } from '../support/temporary-directory.ts';
import { ledgerStoreContract } from './ledger-store.contract.ts';

const directory = temporaryDirectories('ledger');

ledgerStoreContract('DirectoryLedgerStore', async () => {
  const root = join(await directory(), 'ledger');
  return { store: new DirectoryLedgerStore(root), again: () => new DirectoryLedgerStore(root) };
});

ledgerStoreContract('MemoryLedgerStore', async () => {
  const store = new MemoryLedgerStore();
  return { store, again: () => store };
});
