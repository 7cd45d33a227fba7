// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { DirectoryVault } from '../../../src/vault/directory-vault.ts';
import { temporaryDirectories } from '../../support/temporary-directory.ts';

const directory = temporaryDirectories('vault-unit');
const one = Buffer.from('one');

async function keysOf(vault: DirectoryVault): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of vault.list('')) keys.push(key);
  return keys;
}

/** Larger than any process id that Linux (4,194,304) or macOS (99,998) gives. */
const goneProcess = 99_999_999;
const host = Buffer.from(hostname()).toString('hex').slice(0, 64);

describe('DirectoryVault', () => {
  it('writes files that nobody may change', async () => {
    const root = await directory();
    await new DirectoryVault(root).put('day/a', one);
    expect((await stat(join(root, 'day/a'))).mode & 0o222).toBe(0);
    expect(await readdir(join(root, 'day'))).toEqual(['a']);
  });

  it('is empty before anything was put, and makes no directory by being read', async () => {
    const root = join(await directory(), 'not-yet');
    const vault = new DirectoryVault(root);
    expect(await keysOf(vault)).toEqual([]);
    expect(await vault.has('a')).toBe(false);
    await expect(stat(root)).rejects.toMatchObject({ code: 'ENOENT' });
    await vault.put('a', one);
    expect(await keysOf(vault)).toEqual(['a']);
  });

  it('refuses a key below or above one that is used', async () => {
    const vault = new DirectoryVault(await directory());
    await vault.put('a/b', one);
    await expect(vault.put('a/b/c', one)).rejects.toMatchObject({ code: 'VAULT_KEY_INVALID' });
    await expect(vault.put('a', one)).rejects.toMatchObject({ code: 'VAULT_KEY_TAKEN' });
    await expect(vault.get('a')).rejects.toMatchObject({ code: 'VAULT_UNREADABLE' });
    expect(await keysOf(vault)).toEqual(['a/b']);
  });

  it('lists what somebody else put there, so that it can be named', async () => {
    const root = await directory();
    const vault = new DirectoryVault(root);
    await vault.put('day/a', one);
    await writeFile(join(root, 'day', '.DS_Store'), 'x');
    await symlink('/etc/hostname', join(root, 'day', 'link'));
    expect(await keysOf(vault)).toEqual(['day/.DS_Store', 'day/a', 'day/link']);
  });

  it('ignores the files of writers that were killed, and cleans away those of this machine only', async () => {
    const root = await directory();
    const vault = new DirectoryVault(root);
    await vault.put('day/a', one);
    const name = (machine: string, pid: number): string => join(root, 'day', `.writing-${machine}-${pid}-0123456789abcdef`);
    await writeFile(name(host, goneProcess), 'half');
    await writeFile(name(host, process.pid), 'being written');
    await writeFile(name('6f74686572', goneProcess), 'of another machine');
    expect(await keysOf(vault)).toEqual(['day/a']);
    expect(await vault.removeLeftovers()).toBe(1);
    expect((await readdir(join(root, 'day'))).sort()).toEqual(
      [`.writing-${host}-${process.pid}-0123456789abcdef`, '.writing-6f74686572-99999999-0123456789abcdef', 'a'].sort(),
    );
  });

  it('says that there is no room, and leaves nothing half-written', async () => {
    const home = await directory();
    const script = join(import.meta.dirname, '../../support/full-disk-writer.ts');
    // No file over 8 blocks: the disk is full for this process alone.
    const { stdout } = await promisify(execFile)('sh', ['-c', 'ulimit -f 8; exec "$0" "$@"', process.execPath, script, home]);
    expect(JSON.parse(stdout)).toEqual({ small: 'fine', full: 'VAULT_FULL', ledger: 'LEDGER_FULL' });
    expect(await readdir(join(home, 'vault', 'a'))).toEqual(['small']);
    expect(await keysOf(new DirectoryVault(join(home, 'vault')))).toEqual(['a/small']);
  });
});
