// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { formatCheckpoint, openCheckpoint } from '../../../src/ledger/checkpoint.ts';
import { emptyRoot } from '../../../src/ledger/merkle.ts';
import { parseVerifierKey, signNote } from '../../../src/ledger/note.ts';
import { seal } from '../../../src/ledger/seal.ts';
import { startLedger } from '../../../src/ledger/start-ledger.ts';
import { verifyLedger } from '../../../src/ledger/verify-ledger.ts';
import { MemoryLedgerStore } from '../../support/memory-ledger-store.ts';
import { MemoryVault } from '../../support/memory-vault.ts';
import { segmentOf } from '../../support/sealed-lines.ts';
import { testSigner } from '../../support/test-signer.ts';

const signer = testSigner('log.example/start');
const pins = { verifierKeys: [signer.verifierKey] };

async function sealOne(store: MemoryLedgerStore): Promise<void> {
  const vault = new MemoryVault();
  const { key, bytes } = await segmentOf('a');
  await vault.put(key, bytes);
  await seal({ vault, store, signer });
}

describe('startLedger', () => {
  it('signs the tree without leaves, once, which verifies and is the newest', async () => {
    const store = new MemoryLedgerStore();
    await startLedger(store, signer);
    await startLedger(store, testSigner('log.example/other'));
    expect(store.checkpoints).toHaveLength(1);
    const opened = openCheckpoint(store.checkpoints[0]?.note ?? '', [parseVerifierKey(signer.verifierKey)]);
    expect(opened).toMatchObject({ origin: 'log.example/start', size: 0, root: Buffer.from(emptyRoot) });
    expect(await verifyLedger(store, pins)).toMatchObject({ problems: [], head: null, newest: { size: 0 }, checked: { checkpoints: 1 } });
  });

  it('is continued by the first seal, and leaves alone what was begun without it', async () => {
    const store = new MemoryLedgerStore();
    await startLedger(store, signer);
    await sealOne(store);
    expect(store.checkpoints.map(({ size }) => size)).toEqual([0, 1]);
    expect(await verifyLedger(store, pins)).toMatchObject({ problems: [], newest: { size: 1 }, checked: { checkpoints: 2 } });
    const older = new MemoryLedgerStore();
    await sealOne(older);
    await startLedger(older, signer);
    // Killed between head and checkpoint: the seal signs it, and nothing else.
    older.checkpoints.splice(0);
    await startLedger(older, signer);
    expect(older.checkpoints).toEqual([]);
  });

  it('does not hide that leaves were sealed: a kept checkpoint finds the ledger cut back to it, or begun anew', async () => {
    const store = new MemoryLedgerStore();
    await startLedger(store, signer);
    await sealOne(store);
    const checkpoint = store.checkpoints[1]?.note ?? '';
    const cut = new MemoryLedgerStore();
    await startLedger(cut, signer);
    expect((await verifyLedger(cut, pins)).problems).toEqual([]);
    expect((await verifyLedger(cut, { ...pins, checkpoint })).problems).toMatchObject([
      { kind: 'rolled-back', item: 'the pinned checkpoint', reason: 'it was signed for 1 leaves, the ledger has 0' },
    ]);
    expect(await verifyLedger(store, { ...pins, checkpoint })).toMatchObject({ problems: [], checked: { pinnedCheckpoint: true } });
  });

  it('signed over anything else than no leaves is found, with a head and without', async () => {
    const store = new MemoryLedgerStore();
    const text = formatCheckpoint({ origin: signer.name, size: 0, root: Buffer.alloc(32, 1), extensions: [] });
    await store.putCheckpoint(0, await signNote(text, [signer]));
    const forked = { problems: [{ kind: 'forked', item: 'checkpoint 0' }], newest: null };
    expect(await verifyLedger(store, pins)).toMatchObject(forked);
    await expect(sealOne(store)).resolves.toBeUndefined();
    expect((await verifyLedger(store, pins)).problems).toMatchObject(forked.problems);
  });
});
