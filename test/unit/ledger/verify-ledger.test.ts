// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { formatCheckpoint } from '../../../src/ledger/checkpoint.ts';
import { encodeLeaf } from '../../../src/ledger/ledger-leaf.ts';
import { merkleRoot } from '../../../src/ledger/merkle.ts';
import { signNote } from '../../../src/ledger/note.ts';
import { seal } from '../../../src/ledger/seal.ts';
import { writeEntries } from '../../../src/ledger/tiles.ts';
import { type LedgerVerification, verifyLedger } from '../../../src/ledger/verify-ledger.ts';
import { MemoryLedgerStore } from '../../support/memory-ledger-store.ts';
import { MemoryVault } from '../../support/memory-vault.ts';
import { testSigner } from '../../support/test-signer.ts';

const signer = testSigner('log.example/verify');
const verifierKeys = [signer.verifierKey];

/** A ledger over segments that exist by name only, sealed at each of `sizes`. */
async function ledgerOf(sizes: readonly number[], name = 'x'): Promise<MemoryLedgerStore> {
  const store = new MemoryLedgerStore();
  const vault = new MemoryVault();
  for (const size of sizes) {
    while (vault.objects.size < size) {
      const sha256 = Buffer.from(`${name}${vault.objects.size}`.padEnd(32, '.')).toString('hex');
      await vault.put(`written=2026-11-21/source=macie/${sha256}.ndjson.zst`, Buffer.of());
    }
    const fresh = new Map([...vault.objects.keys()].map((key) => [key, { recordRoot: '0'.repeat(64), records: 1 }]));
    await seal({ vault, store, signer }, { fresh });
  }
  return store;
}

function found({ problems }: LedgerVerification): string[] {
  return problems.map(({ kind, item }) => `${kind} ${item}`);
}

function flip(store: MemoryLedgerStore, path: string, at = 40): void {
  const bytes = Buffer.from(store.tiles.get(path) ?? Buffer.of());
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  store.tiles.set(path, bytes);
}

describe('verifyLedger', () => {
  it('finds nothing wrong with what seal wrote, and says what it checked', async () => {
    const store = await ledgerOf([3, 260, 600]);
    const answer = await verifyLedger(store, { verifierKeys });
    expect(answer).toMatchObject({
      problems: [],
      head: { size: 600 },
      newest: { size: 600 },
      checked: { leaves: 600, checkpoints: 3, pinnedCheckpoint: false },
    });
    expect(answer.checked.tiles).toBeGreaterThan(8);
    expect(await verifyLedger(new MemoryLedgerStore(), { verifierKeys })).toMatchObject({ problems: [], head: null, newest: null });
  });

  it.each([
    ['tile/entries/000', 'damaged tile/entries/000'],
    ['tile/entries/002.p/88', 'damaged tile/entries/002.p/88'],
    ['tile/entries/000.p/3', 'damaged tile/entries/000.p/3'],
    ['tile/0/001', 'damaged tile/0/001'],
    ['tile/0/002.p/88', 'damaged tile/0/002.p/88'],
    ['tile/0/000.p/3', 'damaged tile/0/000.p/3'],
    ['tile/1/000.p/2', 'damaged tile/1/000.p/2'],
    ['tile/1/000.p/1', 'damaged tile/1/000.p/1'],
  ])('names %s when one bit of it is flipped, and nothing that is right', async (path, problem) => {
    const store = await ledgerOf([3, 260, 600]);
    expect(store.tiles.has(path)).toBe(true);
    flip(store, path, path.includes('/1/') ? 20 : 40);
    expect(found(await verifyLedger(store, { verifierKeys }))).toEqual([problem]);
  });

  it.each(['tile/entries/000', 'tile/entries/002.p/88', 'tile/0/001', 'tile/1/000.p/2'])('names %s when it is missing', async (path) => {
    const store = await ledgerOf([3, 260, 600]);
    expect(store.tiles.delete(path)).toBe(true);
    expect(found(await verifyLedger(store, { verifierKeys }))).toEqual([`missing ${path}`]);
  });

  it('accepts that a partial tile was dropped once it became full', async () => {
    const store = await ledgerOf([3, 600]);
    expect(store.tiles.delete('tile/0/000.p/3') && store.tiles.delete('tile/entries/000.p/3')).toBe(true);
    expect(found(await verifyLedger(store, { verifierKeys }))).toEqual([]);
  });

  it('says how far it came when data and hashes of a leaf are both gone', async () => {
    const store = await ledgerOf([3, 600]);
    store.tiles.delete('tile/0/001');
    store.tiles.delete('tile/entries/001');
    const answer = await verifyLedger(store, { verifierKeys });
    expect(found(answer)).toEqual(['missing tile/entries/001', 'missing tile/0/001', 'damaged checkpoint 600']);
    expect(answer.checked.leaves).toBe(256);
  });

  it('names a checkpoint that is forged, of another key, another log or another size', async () => {
    const store = await ledgerOf([3, 5]);
    const [three, five] = store.checkpoints;
    const other = await signNote(three?.note.split('\n\n')[0]?.concat('\n') ?? '', [testSigner('log.example/verify')]);
    const elsewhere = formatCheckpoint({ origin: 'log.example/else', size: 3, root: Buffer.alloc(32), extensions: [] });
    for (const note of [
      three?.note.replace('\n3\n', '\n4\n') ?? '',
      other,
      'nonsense',
      await signNote(elsewhere, [signer]),
      five?.note ?? '',
    ]) {
      store.checkpoints.splice(0, 1, { size: 3, note });
      const answer = await verifyLedger(store, { verifierKeys });
      expect(answer.problems.map(({ item }) => item).filter((item) => /^checkpoint [35]$/.test(item)).length).toBeGreaterThan(0);
    }
    store.checkpoints.splice(0, 1, { size: 3, note: three?.note ?? '' });
    expect(found(await verifyLedger(store, { verifierKeys }))).toEqual([]);
  });

  it('finds two histories signed by the right key', async () => {
    const store = await ledgerOf([3, 5]);
    const fork = await ledgerOf([4], 'y');
    store.checkpoints.splice(1, 0, ...fork.checkpoints);
    expect(found(await verifyLedger(store, { verifierKeys }))).toEqual(['forked checkpoint 4']);
  });

  it('finds a head that says something else, and one that was never signed', async () => {
    const store = await ledgerOf([3, 5]);
    const head = store.head;
    if (head === null) throw new Error('no head');
    store.head = { ...head, root: '1'.repeat(64) };
    expect(found(await verifyLedger(store, { verifierKeys }))).toContain('damaged head');
    store.head = head;
    store.checkpoints.pop();
    expect(found(await verifyLedger(store, { verifierKeys }))).toEqual(['unsigned head']);
    store.checkpoints.pop();
    expect(found(await verifyLedger(store, { verifierKeys }))).toEqual(['unsigned head']);
  });

  it('names what was disturbed, and tells of what could not be seen as no problem', async () => {
    const store = await ledgerOf([2]);
    expect(await verifyLedger(store, { verifierKeys })).toMatchObject({ problems: [], unnamed: [], unseen: null });
    store.listDisturbed = async function* () {
      yield { path: 'tile/0/000.p/2', what: 'unseen', reason: 'allow s3:GetObjectRetention' };
    };
    expect(await verifyLedger(store, { verifierKeys })).toMatchObject({ problems: [], unseen: 'allow s3:GetObjectRetention' });
    store.listDisturbed = async function* () {
      for (let n = 0; n < 130; n++) yield { path: `proposal/${n}`, what: 'hidden', reason: 'a marker' };
    };
    const answer = await verifyLedger(store, { verifierKeys });
    expect(answer).toMatchObject({ unnamed: [{ kind: 'disturbed', what: 'hidden', count: 30 }], unseen: null });
    expect(answer.problems).toHaveLength(100);
  });

  it('finds leaves that are none, and a segment that has two', async () => {
    const store = await ledgerOf([2]);
    const leaf = {
      key: `written=2026-11-21/source=macie/${'ab'.repeat(32)}.ndjson.zst`,
      sha256: 'ab'.repeat(32),
      recordRoot: '0'.repeat(64),
      records: 1,
    };
    store.tiles.set('tile/entries/000.p/2', writeEntries([encodeLeaf(leaf), encodeLeaf(leaf)]));
    store.tiles.delete('tile/0/000.p/2');
    expect(found(await verifyLedger(store, { verifierKeys }))).toContain('damaged leaf 1');
    store.tiles.set('tile/entries/000.p/2', writeEntries([encodeLeaf({ ...leaf, sha256: 'cd'.repeat(32) }), Buffer.from('{}')]));
    expect(found(await verifyLedger(store, { verifierKeys }))).toEqual(expect.arrayContaining(['damaged leaf 0', 'damaged leaf 1']));
  });
});

describe('verifyLedger against a checkpoint kept elsewhere', () => {
  it('is content with one that the ledger continues', async () => {
    const store = await ledgerOf([3, 300]);
    for (const kept of [...store.checkpoints]) {
      expect(await verifyLedger(store, { verifierKeys, checkpoint: kept.note })).toMatchObject({
        problems: [],
        checked: { pinnedCheckpoint: true },
      });
    }
    const [kept] = store.checkpoints.splice(0, 1);
    expect(found(await verifyLedger(store, { verifierKeys, checkpoint: kept?.note ?? '' }))).toEqual([]);
  });

  it('finds a rollback that left no other trace', async () => {
    const kept = (await ledgerOf([3, 5])).checkpoints.at(-1)?.note ?? '';
    const rolledBack = await ledgerOf([3]);
    expect(found(await verifyLedger(rolledBack, { verifierKeys }))).toEqual([]);
    expect(found(await verifyLedger(rolledBack, { verifierKeys, checkpoint: kept }))).toEqual(['rolled-back the pinned checkpoint']);
    expect(found(await verifyLedger(new MemoryLedgerStore(), { verifierKeys, checkpoint: kept }))).toEqual([
      'rolled-back the pinned checkpoint',
    ]);
  });

  it('finds a pinned checkpoint beyond the head even where the ledger grows past it meanwhile', async () => {
    const full = await ledgerOf([3, 5]);
    const kept = full.checkpoints.at(-1)?.note ?? '';
    const grown = await ledgerOf([3, 7], 'y');
    const heads = [(await ledgerOf([3], 'y')).head, grown.head];
    grown.readHead = async () => heads.shift() ?? grown.head;
    const answer = await verifyLedger(grown, { verifierKeys, checkpoint: kept });
    expect(found(answer)).toContain('rolled-back the pinned checkpoint');
    expect(answer.checked.pinnedCheckpoint).toBe(false);
    // The whole of the other history, without a race, is another one.
    const forked = await verifyLedger(await ledgerOf([3, 7], 'y'), { verifierKeys, checkpoint: kept });
    expect(found(forked)).toEqual(['forked the pinned checkpoint']);
    expect(forked.checked.pinnedCheckpoint).toBe(true);
  });

  it('compares a pinned checkpoint of no leaves, and does not claim to have compared what it could not', async () => {
    const store = await ledgerOf([3]);
    const nothing = (root: Buffer) => signNote(formatCheckpoint({ origin: 'log.example/verify', size: 0, root, extensions: [] }), [signer]);
    const right = await verifyLedger(store, { verifierKeys, checkpoint: await nothing(merkleRoot([])) });
    expect([found(right), right.checked.pinnedCheckpoint]).toEqual([[], true]);
    const wrong = await verifyLedger(store, { verifierKeys, checkpoint: await nothing(Buffer.alloc(32)) });
    expect(found(wrong)).toEqual(['forked the pinned checkpoint']);
    const kept = store.checkpoints[0]?.note ?? '';
    store.readHead = async () => Promise.reject(new Error('no answer'));
    const unread = await verifyLedger(store, { verifierKeys, checkpoint: kept });
    expect(new Set(found(unread))).toEqual(new Set(['unreadable head']));
    expect(unread.checked.pinnedCheckpoint).toBe(false);
    store.tiles.clear();
    store.readHead = async () => store.head;
    const gone = await verifyLedger(store, { verifierKeys, checkpoint: kept });
    expect(found(gone)).toContain('damaged the pinned checkpoint');
    expect(gone.checked.pinnedCheckpoint).toBe(false);
  });

  it('finds a history written anew with the right key', async () => {
    const kept = (await ledgerOf([3], 'x')).checkpoints.at(-1)?.note ?? '';
    const anew = await ledgerOf([3, 5], 'y');
    expect(found(await verifyLedger(anew, { verifierKeys }))).toEqual([]);
    expect(found(await verifyLedger(anew, { verifierKeys, checkpoint: kept }))).toEqual(['forked the pinned checkpoint']);
  });

  it('finds checkpoints beyond a head that was put back', async () => {
    const store = await ledgerOf([3, 5]);
    store.head = (await ledgerOf([3])).head;
    expect(found(await verifyLedger(store, { verifierKeys }))).toEqual(['rolled-back checkpoint 5']);
  });

  it('names a pinned checkpoint that is not signed by the key, and throws for a key that is none', async () => {
    const store = await ledgerOf([3]);
    const note = (store.checkpoints[0]?.note ?? '').replace('\n3\n', '\n2\n');
    expect(found(await verifyLedger(store, { verifierKeys, checkpoint: note }))).toEqual(['signature the pinned checkpoint']);
    await expect(verifyLedger(store, { verifierKeys: ['nonsense'] })).rejects.toMatchObject({ code: 'LEDGER_KEY_WRONG' });
  });
});
