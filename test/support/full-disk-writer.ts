// SPDX-License-Identifier: Apache-2.0
import { DirectoryLedgerStore } from '../../src/ledger/directory-ledger-store.ts';
import { DirectoryVault } from '../../src/vault/directory-vault.ts';

/*
 * A process of its own that writes 1 MiB to a vault and a ledger and prints the codes it gets; its parent limits how large a file may be,
 * so that the disk is full for it alone. `node full-disk-writer.ts HOME`
 */
const home = process.argv[2] ?? '';
const large = Buffer.alloc(1024 * 1024, 1);

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'fine';
  } catch (error) {
    return Error.isError(error) && 'code' in error ? String(error.code) : String(error);
  }
}

const vault = new DirectoryVault(`${home}/vault`);
const small = await codeOf(vault.put('a/small', Buffer.from('small')));
const full = await codeOf(vault.put('a/large', large));
const ledger = await codeOf(new DirectoryLedgerStore(`${home}/ledger`).putTile('tile/0/000', large));
process.stdout.write(JSON.stringify({ small, full, ledger }));
