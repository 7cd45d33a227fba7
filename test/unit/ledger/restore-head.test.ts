// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { restoreHead } from '../../../src/ledger/restore-head.ts';
import { seal } from '../../../src/ledger/seal.ts';
import { startLedger } from '../../../src/ledger/start-ledger.ts';
import { verifyLedger } from '../../../src/ledger/verify-ledger.ts';
import { failingStore, PlannedFailure, WritePlan } from '../../support/failing.ts';
import { SignedHistory } from '../../support/ledger-invariants.ts';
import { MemoryLedgerStore } from '../../support/memory-ledger-store.ts';
import { MemoryVault } from '../../support/memory-vault.ts';
import { segmentOf } from '../../support/sealed-lines.ts';
import { testSigner } from '../../support/test-signer.ts';

async function home(names: readonly string[]) {
  const parts = { vault: new MemoryVault(), store: new MemoryLedgerStore(), signer: testSigner('log.example/restore') };
  const put = async (name: string) => {
    const { key, bytes } = await segmentOf(name);
    await parts.vault.put(key, bytes);
  };
  for (const name of names) await put(name);
  return { ...parts, put, pins: [parts.signer.verifierKey] };
}

describe('restoreHead', () => {
  it('gives a ledger without its head that of the newest checkpoint, and sealing goes on', async () => {
    const { vault, store, signer, put, pins } = await home(['a', 'b', 'c']);
    await seal({ vault, store, signer });
    const head = store.head;
    store.head = null;
    await expect(seal({ vault, store, signer })).rejects.toMatchObject({ code: 'LEDGER_ROLLED_BACK' });
    expect(await restoreHead(store, pins)).toMatchObject({ size: 3, root: head?.root });
    await put('d');
    expect(await seal({ vault, store, signer })).toMatchObject({ added: 1, checkpoint: { checkpoint: { size: 4 } } });
    expect((await verifyLedger(store, { verifierKeys: pins })).problems).toEqual([]);
  });

  it.each(['before', 'after'] as const)('makes one history with what was begun when the head was lost (%s each write)', async (moment) => {
    for (let failAt = 1; failAt < 9; failAt++) {
      const { vault, store, signer, put, pins } = await home(['a', 'b']);
      const history = new SignedHistory(signer.verifierKey);
      await seal({ vault, store, signer });
      for (const name of ['c', 'd', 'e']) await put(name);
      const failing = failingStore(store, new WritePlan(failAt, moment));
      await seal({ vault, store: failing, signer }, { leavesPerStep: 2 }).catch((error: unknown) => {
        if (!(error instanceof PlannedFailure)) throw error;
      });
      await history.check(store);
      store.head = null;
      await restoreHead(store, pins);
      for (const name of ['f', 'g']) await put(name);
      await seal({ vault, store, signer });
      await history.check(store);
      expect(await verifyLedger(store, { verifierKeys: pins })).toMatchObject({ problems: [], checked: { leaves: 7 } });
    }
  });

  it('leaves alone a ledger that has its head, and one that never had a checkpoint of leaves', async () => {
    const { vault, store, signer, pins } = await home(['a']);
    expect(await restoreHead(store, pins)).toBeNull();
    await startLedger(store, signer);
    expect(await restoreHead(store, pins)).toBeNull();
    expect(store.head).toBeNull();
    await seal({ vault, store, signer });
    expect(await restoreHead(store, pins)).toBeNull();
    expect(store.head).toMatchObject({ size: 1 });
  });

  it('refuses a checkpoint of another key and tiles that are not those that were signed', async () => {
    const { vault, store, signer, pins } = await home(['a', 'b']);
    await seal({ vault, store, signer });
    store.head = null;
    const others = [testSigner('log.example/restore').verifierKey];
    await expect(restoreHead(store, others)).rejects.toMatchObject({ code: 'LEDGER_KEY_WRONG' });
    const tile = store.tiles.get('tile/0/000.p/2') ?? Buffer.of();
    store.tiles.set('tile/0/000.p/2', Buffer.concat([tile.subarray(32), tile.subarray(0, 32)]));
    await expect(restoreHead(store, pins)).rejects.toMatchObject({ code: 'LEDGER_DAMAGED' });
    expect(store.head).toBeNull();
  });
});
