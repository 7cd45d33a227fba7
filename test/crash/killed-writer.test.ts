// SPDX-License-Identifier: Apache-2.0
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { DirectoryLedgerStore } from '../../src/ledger/directory-ledger-store.ts';
import { openOrCreateKeyFile } from '../../src/ledger/key-file-signer.ts';
import { seal } from '../../src/ledger/seal.ts';
import { verifyLedger } from '../../src/ledger/verify-ledger.ts';
import { verifyVault } from '../../src/ledger/verify-vault.ts';
import { DirectoryVault } from '../../src/vault/directory-vault.ts';
import { SignedHistory } from '../support/ledger-invariants.ts';
import { temporaryDirectories } from '../support/temporary-directory.ts';

const directory = temporaryDirectories('crash');
const script = join(import.meta.dirname, '../support/killed-writer.ts');
const run = promisify(execFile);

async function write(home: string, ...args: readonly string[]): Promise<{ killed: boolean; calls: number }> {
  try {
    const { stdout } = await run(process.execPath, [script, home, ...args]);
    return { killed: false, calls: Number(stdout) };
  } catch (error) {
    if (!(Error.isError(error) && 'signal' in error && error.signal === 'SIGKILL')) throw error;
    return { killed: true, calls: 0 };
  }
}

/** The home after whatever was done to it: one history, and after one more seal nothing wrong at all. */
async function expectSound(home: string, history: SignedHistory): Promise<number> {
  const vault = new DirectoryVault(join(home, 'vault'));
  const store = new DirectoryLedgerStore(join(home, 'ledger'));
  const signer = await openOrCreateKeyFile(join(home, 'key.pem'), 'log.example/crash');
  await history.check(store);
  const outcome = await seal({ vault, store, signer });
  expect(outcome).toMatchObject({ damaged: [], foreign: [] });
  await history.check(store);
  const ledger = await verifyLedger(store, { verifierKeys: [signer.verifierKey] });
  const held = await verifyVault(vault, store, { records: true, threads: 0 });
  expect([...ledger.problems, ...held.problems]).toEqual([]);
  return held.checked.segments;
}

async function historyOf(home: string): Promise<SignedHistory> {
  const signer = await openOrCreateKeyFile(join(home, 'key.pem'), 'log.example/crash');
  return new SignedHistory(signer.verifierKey);
}

async function leftoversIn(home: string): Promise<string[]> {
  const names = await readdir(home, { recursive: true });
  return names.filter((name) => name.includes('.writing-'));
}

describe('a writer that is killed', () => {
  it('at any call to the file system loses nothing and never leads to two histories', async () => {
    const untouched = await directory();
    const { calls } = await write(untouched, 'a', '3', '0', 'before');
    expect(calls).toBeGreaterThan(100);
    // One home goes through all of it: each kill meets what the ones before it left behind.
    const home = await directory();
    expect(await write(home, 'first', '1', '0', 'before')).toMatchObject({ killed: false });
    const history = await historyOf(home);
    let kills = 0;
    for (let at = 1; at < calls; at += 11) {
      const { killed } = await write(home, `kill${at}`, '3', String(at), at % 2 === 0 ? 'before' : 'after');
      kills += killed ? 1 : 0;
      await history.check(new DirectoryLedgerStore(join(home, 'ledger')));
      if (at % 4 === 0) await expectSound(home, history);
    }
    expect(kills).toBeGreaterThan(5);
    expect(await expectSound(home, history)).toBeGreaterThan(kills);
  }, 120_000);

  it('leaves only temporary files, which are not evidence and can be cleaned away', async () => {
    const home = await directory();
    for (let at = 1; at < 60 && (!existsSync(join(home, 'vault')) || (await leftoversIn(home)).length === 0); at += 3) {
      await write(home, `left${at}`, '2', String(at), 'before');
    }
    expect((await leftoversIn(home)).length).toBeGreaterThan(0);
    const history = await historyOf(home);
    await expectSound(home, history);
    const removed =
      (await new DirectoryVault(join(home, 'vault')).removeLeftovers()) +
      (await new DirectoryLedgerStore(join(home, 'ledger')).removeLeftovers());
    expect(removed).toBeGreaterThan(0);
    expect((await leftoversIn(join(home, 'vault'))).length).toBe(0);
    await expectSound(home, history);
  }, 60_000);

  it('at any moment, beside others that write at once, leaves one history', async () => {
    const home = await directory();
    await write(home, 'first', '1', '0', 'before');
    const history = await historyOf(home);
    for (const round of [1, 2, 3]) {
      const children = ['a', 'b', 'c'].map((name) =>
        spawn(process.execPath, [script, home, `${name}${round}`, '4', '0', 'before'], { stdio: 'ignore' }),
      );
      const ended = children.map((child) => new Promise<number | null>((resolve) => child.once('exit', resolve)));
      // Some time after its start: where it stands by then differs from run to run, and must not matter.
      children[0]?.once('spawn', () => setTimeout(() => children[0]?.kill('SIGKILL'), 150 + 40 * round));
      expect((await Promise.all(ended)).slice(1)).toEqual([0, 0]);
      await history.check(new DirectoryLedgerStore(join(home, 'ledger')));
    }
    // The two that lived in each round stored four segments each.
    expect(await expectSound(home, history)).toBeGreaterThanOrEqual(1 + 3 * 8);
  }, 60_000);
});
