// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { sha256 } from '../../../src/ledger/merkle.ts';
import { seal } from '../../../src/ledger/seal.ts';
import { verifyVault } from '../../../src/ledger/verify-vault.ts';
import { formatSegmentKey } from '../../../src/vault/segment-key.ts';
import { type Disturbance, VaultError, type VaultErrorCode } from '../../../src/vault/vault.ts';
import { MemoryLedgerStore } from '../../support/memory-ledger-store.ts';
import { MemoryVault } from '../../support/memory-vault.ts';
import { buildSegment, type SealedLine, sealedLine, segmentOf } from '../../support/sealed-lines.ts';
import { testSigner } from '../../support/test-signer.ts';

async function home(): Promise<{ vault: MemoryVault; store: MemoryLedgerStore; keys: string[] }> {
  const vault = new MemoryVault();
  const store = new MemoryLedgerStore();
  for (const name of ['a', 'b', 'c']) {
    const segment = await segmentOf(name, 3);
    await vault.put(segment.key, segment.bytes);
  }
  await seal({ vault, store, signer: testSigner('log.example/vault') });
  return { vault, store, keys: [...vault.objects.keys()] };
}

/** Seals a segment with a leaf that its caller claims, as a broken or lying writer would. */
async function homeClaiming(
  lines: readonly SealedLine[],
  claim: { recordRoot?: string; records?: number },
): Promise<{ vault: MemoryVault; store: MemoryLedgerStore; key: string }> {
  const vault = new MemoryVault();
  const store = new MemoryLedgerStore();
  const segment = await buildSegment(lines, { writtenOn: '2026-11-21', source: 'macie' });
  await vault.put(segment.key, segment.bytes);
  const fresh = new Map([[segment.key, { recordRoot: segment.recordRoot, records: segment.records, ...claim }]]);
  await seal({ vault, store, signer: testSigner('log.example/vault') }, { fresh });
  return { vault, store, key: segment.key };
}

describe.each([0, 1])('verifyVault with %i threads', (threads) => {
  it.each([false, true])('finds nothing wrong with what was sealed (records: %s)', async (records) => {
    const { vault, store } = await home();
    const progress: number[] = [];
    const answer = await verifyVault(vault, store, { threads, records, onProgress: (done, of) => progress.push(done / of) });
    expect(answer).toMatchObject({ problems: [], checked: { segments: 3, records: 9 } });
    expect(answer.checked.rawBytes).toBeGreaterThan(answer.checked.bytes);
    expect(progress.at(-1)).toBe(1);
  });

  it('names what is missing, damaged, unsealed and foreign', async () => {
    const { vault, store, keys } = await home();
    const [gone = '', bad = ''] = keys;
    vault.objects.delete(gone);
    vault.objects.set(bad, (vault.objects.get(bad) ?? Buffer.of()).with(30, 0x55));
    const later = await segmentOf('later');
    await vault.put(later.key, later.bytes);
    await vault.put('notes.txt', Buffer.from('x'));
    const { problems } = await verifyVault(vault, store, { threads });
    expect(problems.map(({ kind, item }) => `${kind} ${item}`).sort()).toEqual(
      [`damaged ${bad}`, `foreign notes.txt`, `missing ${gone}`, `unsealed ${later.key}`].sort(),
    );
  });

  it('finds records that are not those of the leaf only when it looks at records', async () => {
    const { vault, store, key } = await homeClaiming([sealedLine('a')], { recordRoot: '1'.repeat(64) });
    expect((await verifyVault(vault, store, { threads })).problems).toEqual([]);
    const { problems } = await verifyVault(vault, store, { threads, records: true });
    expect(problems).toEqual([{ kind: 'damaged', item: key, reason: expect.stringContaining('1'.repeat(64)) }]);
  });

  it('finds a count that is not that of the leaf', async () => {
    const { vault, store, key } = await homeClaiming([sealedLine('a')], { records: 2 });
    expect((await verifyVault(vault, store, { threads })).problems).toEqual([
      { kind: 'damaged', item: key, reason: 'it holds 1 records, its leaf says 2' },
    ]);
  });

  it('reads what is not sealed yet: what the next seal will take is told as unsealed, all else is damaged and says why', async () => {
    const { vault, store } = await home();
    const sound = await segmentOf('later', 2);
    await vault.put(sound.key, sound.bytes);
    const none = await verifyVault(vault, store, { threads });
    expect(none.problems).toEqual([{ kind: 'unsealed', item: sound.key, reason: expect.any(String) }]);
    expect(none.checked).toMatchObject({ segments: 3, unsealed: 1, records: 11 });

    const flipped = sound.bytes.slice().fill(0x55, 30, 31);
    vault.objects.set(sound.key, flipped);
    // Its key is that of its bytes, and its bytes are no segment.
    const garbage = Buffer.from('garbage!');
    const planted = formatSegmentKey({ writtenOn: '2026-11-21', source: 'macie', sha256: sha256(garbage).toString('hex') });
    await vault.put(planted, garbage);
    // It unpacks, and no seal will ever take its second line.
    const line = { line: '{"no":"record"}', leafHash: '0'.repeat(64) };
    const lying = await buildSegment([sealedLine('a'), line], { writtenOn: '2026-11-21', source: 'macie' });
    await vault.put(lying.key, lying.bytes);
    const { problems } = await verifyVault(vault, store, { threads });
    expect(problems).toHaveLength(3);
    expect(problems).toEqual(
      expect.arrayContaining([
        { kind: 'damaged', item: sound.key, reason: expect.stringContaining('SHA-256') },
        { kind: 'damaged', item: planted, reason: expect.stringContaining('does not unpack') },
        { kind: 'damaged', item: lying.key, reason: expect.stringContaining('line 2') },
      ]),
    );
  });

  it('names the line that is no record', async () => {
    const line = { line: '{"no":"record"}', leafHash: '0'.repeat(64) };
    const { vault, store, key } = await homeClaiming([sealedLine('a'), line], {});
    const { problems } = await verifyVault(vault, store, { threads, records: true });
    expect(problems).toEqual([{ kind: 'damaged', item: key, reason: expect.stringContaining('line 2') }]);
  });
});

describe('verifyVault', () => {
  it('names what somebody did to evidence from outside, in the ledger or not', async () => {
    const { vault, store, keys } = await home();
    const [one = '', other = ''] = keys.toSorted();
    const disturbances = (key: string): readonly Disturbance[] =>
      key === one ? [{ what: 'hidden', reason: 'a marker' }] : key === other ? [{ what: 'covered', reason: 'a version' }] : [];
    vault.list = async function* (prefix) {
      for await (const entry of new MemoryVault(vault.objects).list(prefix)) yield { ...entry, disturbances: disturbances(entry.key) };
    };
    expect((await verifyVault(vault, store)).problems).toEqual([
      { kind: 'disturbed', what: 'hidden', item: one, reason: 'a marker' },
      { kind: 'disturbed', what: 'covered', item: other, reason: 'a version' },
    ]);
  });

  it('tells, as no problem, that protection could not be seen, and how many problems it does not name', async () => {
    const { vault, store } = await home();
    const plain = vault.list.bind(vault);
    expect(await verifyVault(vault, store)).toMatchObject({ problems: [], unnamed: [], unseen: null });
    vault.list = async function* (prefix) {
      for await (const entry of plain(prefix))
        yield { ...entry, disturbances: [{ what: 'unseen', reason: 'allow s3:GetObjectRetention' }] };
    };
    expect(await verifyVault(vault, store)).toMatchObject({ problems: [], unnamed: [], unseen: 'allow s3:GetObjectRetention' });
    vault.list = async function* () {
      for (let n = 0; n < 1_000; n++) yield { key: `planted ${n}`, bytes: 1 };
    };
    const { problems, unnamed } = await verifyVault(vault, store);
    expect(problems).toHaveLength(100);
    expect(unnamed).toEqual([{ kind: 'foreign', count: 900 }]);
  });

  it('counts what is gone after its retention as expired, and names what is gone before', async () => {
    const { vault, store, keys } = await home();
    vault.objects.delete(keys[0] ?? '');
    const missing = [{ kind: 'missing', item: keys[0] }];
    expect((await verifyVault(vault, store)).problems).toMatchObject(missing);
    expect((await verifyVault(vault, store, { expiredBefore: '2026-11-21' })).problems).toMatchObject(missing);
    const later = await verifyVault(vault, store, { expiredBefore: '2026-11-22' });
    expect(later).toMatchObject({ problems: [], checked: { segments: 2, expired: 1 } });
  });

  it.each([1, 2])('reads %i segments at once where that many are asked for, and no more', async (readsAtOnce) => {
    const { vault, store } = await home();
    const get = vault.get.bind(vault);
    let [reading, most] = [0, 0];
    vault.get = async (key) => {
      most = Math.max(most, ++reading);
      await new Promise((done) => setImmediate(done));
      reading--;
      return await get(key);
    };
    expect(await verifyVault(vault, store, { threads: 0, readsAtOnce })).toMatchObject({ problems: [], checked: { segments: 3 } });
    expect(most).toBe(readsAtOnce);
  });

  it('names what is not sealed yet and may not be read, and what is gone since it was listed', async () => {
    const { vault, store } = await home();
    const later = await segmentOf('later');
    await vault.put(later.key, later.bytes);
    const get = vault.get.bind(vault);
    const failAs = (code: VaultErrorCode) => {
      vault.get = async (key) => {
        if (key === later.key) throw new VaultError(code, 'not allowed by any policy');
        return await get(key);
      };
    };
    failAs('VAULT_UNAVAILABLE');
    const unread = [{ kind: 'unreadable', item: later.key, reason: expect.stringContaining('not allowed by any policy') }];
    expect(await verifyVault(vault, store)).toMatchObject({ problems: unread, checked: { segments: 3, unsealed: 0 } });
    failAs('VAULT_KEY_ABSENT');
    expect((await verifyVault(vault, store)).problems).toEqual(unread);
    // Lawfully: a retention that ended in between.
    expect(await verifyVault(vault, store, { expiredBefore: '2026-11-22' })).toMatchObject({ problems: [], checked: { expired: 0 } });
  });

  it('says so when leaves cannot be read, and checks the rest', async () => {
    const { vault, store } = await home();
    store.tiles.set('tile/entries/000.p/3', Buffer.from('nonsense'));
    const { checked, problems } = await verifyVault(vault, store);
    expect(checked.segments).toBe(0);
    expect(problems[0]).toMatchObject({ kind: 'unreadable', item: 'the segments of leaves 0 to 2' });
    expect(problems.filter(({ kind }) => kind === 'unsealed')).toHaveLength(3);
  });

  it('treats every segment of a home without a ledger as unsealed', async () => {
    const { vault, keys } = await home();
    const { problems } = await verifyVault(vault, new MemoryLedgerStore());
    expect(problems.map(({ kind, item }) => `${kind} ${item}`)).toEqual(keys.sort().map((key) => `unsealed ${key}`));
  });
});
