// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { openCheckpoint } from '../../../src/ledger/checkpoint.ts';
import { encodeLeaf, keyOfLeaf } from '../../../src/ledger/ledger-leaf.ts';
import { parseVerifierKey } from '../../../src/ledger/note.ts';
import { type SealParts, seal } from '../../../src/ledger/seal.ts';
import { readEntries, writeEntries } from '../../../src/ledger/tiles.ts';
import { verifyLedger } from '../../../src/ledger/verify-ledger.ts';
import { MemoryLedgerStore } from '../../support/memory-ledger-store.ts';
import { MemoryVault } from '../../support/memory-vault.ts';
import { segmentOf } from '../../support/sealed-lines.ts';
import { testSigner } from '../../support/test-signer.ts';

async function home(names: readonly string[] = []): Promise<SealParts & { vault: MemoryVault; store: MemoryLedgerStore }> {
  const vault = new MemoryVault();
  for (const name of names) await put(vault, name);
  return { vault, store: new MemoryLedgerStore(), signer: testSigner('log.example/seal') };
}

async function put(vault: MemoryVault, name: string, writtenOn?: string): Promise<string> {
  const segment = await segmentOf(name, 2, writtenOn);
  await vault.put(segment.key, segment.bytes);
  return segment.key;
}

async function leafOfSegment(name: string): Promise<Buffer> {
  return encodeLeaf(await segmentOf(name));
}

describe('seal', () => {
  it('signs nothing for an empty vault, and the first segment once it is there', async () => {
    const parts = await home();
    const counts = { damaged: 0, foreign: 0, disturbed: 0, unseen: 0 };
    expect(await seal(parts)).toEqual({ checkpoint: null, added: 0, damaged: [], foreign: [], disturbed: [], unseen: [], counts });
    expect(parts.store.checkpoints).toEqual([]);
    await put(parts.vault, 'a');
    expect(await seal(parts)).toMatchObject({ added: 1, checkpoint: { checkpoint: { size: 1, origin: 'log.example/seal' } } });
  });

  it('gives every segment one leaf and signs again only when there are new ones', async () => {
    const parts = await home(['a', 'b']);
    const first = await seal(parts);
    expect(await seal(parts)).toMatchObject({ added: 0, checkpoint: { note: first.checkpoint?.note } });
    expect(parts.store.checkpoints).toHaveLength(1);
    await put(parts.vault, 'c', '2020-01-01');
    expect(await seal(parts)).toMatchObject({ added: 1, checkpoint: { checkpoint: { size: 3 } } });
    expect(parts.store.checkpoints.map(({ size }) => size)).toEqual([2, 3]);
  });

  it('takes root and count of fresh segments from its caller, and reads the others', async () => {
    const parts = await home(['a']);
    const fresh = await segmentOf('b');
    await parts.vault.put(fresh.key, fresh.bytes);
    const read: string[] = [];
    const get = async (key: string): Promise<Uint8Array> => {
      read.push(key);
      return await parts.vault.get(key);
    };
    const vault = { list: (prefix: string) => parts.vault.list(prefix), get };
    expect(await seal({ ...parts, vault }, { fresh: new Map([[fresh.key, fresh]]) })).toMatchObject({ added: 2 });
    expect(read).toHaveLength(1);
    expect(read).not.toContain(fresh.key);
  });

  it('looks only where it is told', async () => {
    const parts = await home(['a']);
    await put(parts.vault, 'old', '2026-11-01');
    expect(await seal(parts, { prefixes: ['written=2026-11-21/'] })).toMatchObject({ added: 1 });
    expect(await seal(parts)).toMatchObject({ added: 1 });
  });

  it('names damaged segments and foreign files and seals the rest', async () => {
    const parts = await home(['a', 'b']);
    const bad = await segmentOf('bad');
    await parts.vault.put(bad.key, bad.bytes.with(9, (bad.bytes[9] ?? 0) ^ 1));
    await parts.vault.put('notes.txt', Buffer.from('x'));
    const outcome = await seal(parts);
    expect(outcome).toMatchObject({ added: 2, damaged: [{ key: bad.key }], foreign: ['notes.txt'] });
    expect(outcome.damaged[0]?.reason).toContain('SEGMENT_DAMAGED');
  });

  it('counts whatever was planted or disturbed, and holds the first of it', async () => {
    const parts = await home(['a']);
    const held = [...parts.vault.objects.keys()];
    const disturbances = [
      { what: 'hidden', reason: 'a marker' },
      { what: 'unseen', reason: 'denied' },
    ] as const;
    const list = async function* () {
      for (let n = 0; n < 1_000; n++) yield { key: `planted ${n}`, bytes: 1, disturbances };
      for (const key of held) yield { key, bytes: 1 };
    };
    const outcome = await seal({ ...parts, vault: { list, get: (key: string) => parts.vault.get(key) } });
    expect(outcome).toMatchObject({ added: 1, counts: { damaged: 0, foreign: 1_000, disturbed: 1_000, unseen: 1_000 } });
    expect([outcome.foreign, outcome.disturbed, outcome.unseen].map(({ length }) => length)).toEqual([100, 100, 100]);
    expect([outcome.disturbed[0], outcome.unseen[99]]).toEqual([
      { key: 'planted 0', what: 'hidden', reason: 'a marker' },
      { key: 'planted 99', reason: 'denied' },
    ]);
  });

  it('names what lost its protection before what was hidden or covered, however much that is', async () => {
    const parts = await home(['a', 'b']);
    const held = [...parts.vault.objects.keys()].toSorted();
    const list = async function* () {
      for (let n = 0; n < 150; n++) yield { key: `${n}`, bytes: 1, disturbances: [{ what: 'covered', reason: 'a version' }] as const };
      for (const key of held) yield { key, bytes: 1, disturbances: [{ what: 'unprotected', reason: 'too short' }] as const };
      yield { key: 'z', bytes: 1, disturbances: [{ what: 'hidden', reason: 'a marker' }] as const };
    };
    const { disturbed, counts } = await seal({ ...parts, vault: { list, get: (key: string) => parts.vault.get(key) } });
    expect(counts.disturbed).toBe(153);
    expect(disturbed).toHaveLength(103);
    expect(disturbed.slice(0, 4)).toEqual([
      ...held.map((key) => ({ key, what: 'unprotected', reason: 'too short' })),
      { key: 'z', what: 'hidden', reason: 'a marker' },
      { key: '0', what: 'covered', reason: 'a version' },
    ]);
  });

  it('gives a head whose sealer was killed its checkpoint', async () => {
    const parts = await home(['a', 'b']);
    await seal(parts);
    const [note] = parts.store.checkpoints.splice(0);
    expect(await seal(parts)).toMatchObject({ added: 0, checkpoint: { checkpoint: { size: 2 } } });
    expect(parts.store.checkpoints).toEqual([note]);
  });

  it.each(['readHead', 'newestCheckpoint'] as const)(
    'is not led astray by a seal that is done between its first %s and the next step',
    async (call) => {
      const parts = await home(['a']);
      await seal(parts);
      await put(parts.vault, 'b');
      let others = 0;
      const store = Object.create(parts.store, {
        [call]: {
          value: async () => {
            const read = await parts.store[call]();
            if (others++ === 0) await seal(parts);
            return read;
          },
        },
      });
      expect(await seal({ ...parts, store })).toMatchObject({ added: 0, checkpoint: { checkpoint: { size: 2 } } });
      expect(others).toBeGreaterThan(1);
    },
  );

  it('refuses another key, and with both keys signs the change with both, then with the new one', async () => {
    const parts = await home(['a']);
    await seal(parts);
    const signer = testSigner('log.example/seal');
    await put(parts.vault, 'b');
    await expect(seal({ ...parts, signer })).rejects.toMatchObject({ code: 'LEDGER_KEY_WRONG' });
    const keys = [parts.signer, signer].map((one) => parseVerifierKey(one.verifierKey));
    const changed = { ...parts, signer, previousSigner: parts.signer };
    const change = await seal(changed);
    for (const key of keys) expect(openCheckpoint(change.checkpoint?.note ?? '', [key]).size).toBe(2);
    await put(parts.vault, 'c');
    const after = await seal(changed);
    expect(openCheckpoint(after.checkpoint?.note ?? '', keys.slice(1))).toMatchObject({ size: 3, origin: 'log.example/seal' });
    expect(() => openCheckpoint(after.checkpoint?.note ?? '', keys.slice(0, 1))).toThrow();
    const verifierKeys = [parts.signer.verifierKey, signer.verifierKey];
    expect((await verifyLedger(parts.store, { verifierKeys })).problems).toEqual([]);
  });

  it('refuses to sign after a rollback or a change of what was signed', async () => {
    const parts = await home(['a', 'b']);
    await seal(parts);
    const earlier = { head: parts.store.head, tiles: new Map(parts.store.tiles) };
    await put(parts.vault, 'c');
    await seal(parts);
    await put(parts.vault, 'd');
    const now = parts.store.head;
    parts.store.head = earlier.head;
    await expect(seal(parts)).rejects.toMatchObject({ code: 'LEDGER_ROLLED_BACK' });
    parts.store.head = null;
    await expect(seal(parts)).rejects.toMatchObject({ code: 'LEDGER_ROLLED_BACK' });
    parts.store.head = now === null ? null : { ...now, root: '0'.repeat(64) };
    await expect(seal(parts)).rejects.toMatchObject({ code: 'LEDGER_DAMAGED' });
    parts.store.head = now;
    const tile = parts.store.tiles.get('tile/entries/000.p/3') ?? Buffer.of();
    parts.store.tiles.set('tile/entries/000.p/3', Buffer.from(tile).fill(0x61, 30, 31));
    await expect(seal(parts)).rejects.toMatchObject({ code: 'LEDGER_DAMAGED', message: expect.stringContaining('tile/entries/000.p/3') });
    parts.store.tiles.set('tile/entries/000.p/3', tile);
    expect(await seal(parts)).toMatchObject({ added: 1 });
  });

  it('finishes what a killed sealer proposed, in its order, before what came since', async () => {
    const parts = await home(['a', 'b', 'c']);
    const keys = [...parts.vault.objects.keys()].sort();
    const proposed = await Promise.all(['c', 'a'].map(leafOfSegment));
    await parts.store.putTile('proposal/000', writeEntries(proposed));
    expect(await seal(parts)).toMatchObject({ added: 3, checkpoint: { checkpoint: { size: 3 } } });
    const bundle = readEntries(await parts.store.getTile('tile/entries/000.p/3')) ?? [];
    expect(bundle.slice(0, 2)).toEqual(proposed);
    expect(bundle.map((leaf) => keyOfLeaf(leaf) ?? '').sort()).toEqual(keys);
  });

  it('refuses proposals that no sealer can have made', async () => {
    const parts = await home(['a']);
    await seal(parts);
    await put(parts.vault, 'b');
    const [a, b] = await Promise.all(['a', 'b'].map(leafOfSegment));
    for (const leaves of [[a], [b, b], [Buffer.from('{}')], []]) {
      parts.store.tiles.set('proposal/001', writeEntries(leaves.filter((leaf) => leaf !== undefined)));
      await expect(seal(parts)).rejects.toMatchObject({ code: 'LEDGER_DAMAGED', message: expect.stringContaining('proposal/001') });
    }
    parts.store.tiles.delete('proposal/001');
    expect(await seal(parts)).toMatchObject({ added: 1 });
  });

  it('refuses to continue a checkpoint that the tree does not begin with', async () => {
    const parts = await home(['a', 'b', 'c']);
    await seal(parts);
    const fork = { ...(await home(['x', 'y'])), signer: parts.signer };
    await seal(fork);
    parts.store.checkpoints.splice(0, 1, ...fork.store.checkpoints);
    await put(parts.vault, 'd');
    await expect(seal(parts)).rejects.toMatchObject({ code: 'LEDGER_DAMAGED' });
  });
});
