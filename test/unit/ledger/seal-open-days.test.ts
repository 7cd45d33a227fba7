// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { encodeLeaf, keyOfLeaf, type LedgerLeaf } from '../../../src/ledger/ledger-leaf.ts';
import { type SealOutcome, type SealParts, seal } from '../../../src/ledger/seal.ts';
import { TileReader } from '../../../src/ledger/tile-reader.ts';
import { writeEntries } from '../../../src/ledger/tiles.ts';
import { verifyLedger } from '../../../src/ledger/verify-ledger.ts';
import type { SegmentSummary } from '../../../src/vault/segment.ts';
import { formatSegmentKey } from '../../../src/vault/segment-key.ts';
import type { Vault } from '../../../src/vault/vault.ts';
import { MemoryLedgerStore } from '../../support/memory-ledger-store.ts';
import { testSigner } from '../../support/test-signer.ts';

/** A vault of keys alone: what their segments hold comes with `fresh`. */
class KeyVault implements Pick<Vault, 'get' | 'list'> {
  readonly keys: string[] = [];

  put(day: string, name: string): string {
    const key = formatSegmentKey({ writtenOn: day, source: 'cloudtrail', sha256: hash('sha256', `${day} ${name}`) });
    this.keys.push(key);
    return key;
  }

  async get(): Promise<Uint8Array> {
    throw new Error('nothing here needs reading');
  }

  async *list(prefix: string) {
    for (const key of this.keys.filter((one) => one.startsWith(prefix)).sort()) yield { key, bytes: 1 };
  }
}

const recordRoot = '0'.repeat(64);

/** Knows every segment, so that none need be read. */
class AllFresh extends Map<string, SegmentSummary> {
  override get(): SegmentSummary {
    return { recordRoot, records: 1 };
  }
}
const fresh = new AllFresh();

/** Notes the paths that are read. */
class NotingStore extends MemoryLedgerStore {
  reads: string[] = [];

  override async getTile(path: string): Promise<Uint8Array> {
    this.reads.push(path);
    return await super.getTile(path);
  }
}

class Home {
  readonly vault = new KeyVault();
  readonly store = new NotingStore();
  readonly signer = testSigner('log.example/days');

  get parts(): SealParts {
    return { vault: this.vault, store: this.store, signer: this.signer };
  }

  async sealAll(): Promise<SealOutcome> {
    return await seal(this.parts, { fresh });
  }

  async sealDays(...days: readonly string[]): Promise<SealOutcome> {
    return await seal(this.parts, { fresh, prefixes: days.map((day) => `written=${day}/`) });
  }

  bundlesRead(): number {
    return this.store.reads.splice(0).filter((path) => path.startsWith('tile/entries/')).length;
  }

  /** The keys of the ledger, which must be those of the vault, each once. */
  async expectEachOnce(): Promise<void> {
    const size = this.store.head?.size ?? 0;
    const reader = new TileReader(this.store, size);
    const keys: string[] = [];
    for (let bundle = 0; bundle * 256 < size; bundle++) for (const leaf of await reader.entries(bundle)) keys.push(keyOfLeaf(leaf) ?? '');
    expect(keys.sort()).toEqual([...this.vault.keys].sort());
    expect((await verifyLedger(this.store, { verifierKeys: [this.signer.verifierKey] })).problems).toEqual([]);
  }

  fill(day: string, count: number): void {
    for (let i = 0; i < count; i++) this.vault.put(day, `${this.vault.keys.length}`);
  }
}

describe('seal over open days', () => {
  it('reads the end of a long ledger and not all of it', async () => {
    const home = new Home();
    home.fill('2026-11-18', 20_000);
    await home.sealAll();
    home.fill('2026-11-20', 300);
    expect(home.bundlesRead()).toBeLessThan(3);
    // No day has a mark yet: all of it is read once.
    expect(await home.sealDays('2026-11-19', '2026-11-20')).toMatchObject({ added: 300 });
    expect(home.bundlesRead()).toBeGreaterThan(78);
    home.fill('2026-11-20', 300);
    expect(await home.sealDays('2026-11-19', '2026-11-20')).toMatchObject({ added: 300 });
    expect(home.bundlesRead()).toBeLessThan(6);
    // The next day begins from the mark of the one before.
    home.fill('2026-11-21', 10);
    expect(await home.sealDays('2026-11-20', '2026-11-21')).toMatchObject({ added: 10 });
    expect(home.bundlesRead()).toBeLessThan(6);
    expect(await home.sealDays('2026-11-20', '2026-11-21')).toMatchObject({ added: 0 });
    expect(home.bundlesRead()).toBeLessThan(6);
    await home.expectEachOnce();
  });

  it('begins anew from nothing after a pause longer than two weeks', async () => {
    const home = new Home();
    home.fill('2026-11-01', 2_000);
    await home.sealDays('2026-11-01');
    await home.sealDays('2026-11-14');
    home.store.reads.length = 0;
    await home.sealDays('2026-11-28');
    expect(home.bundlesRead()).toBeLessThan(3);
    await home.sealDays('2027-01-01');
    expect(home.bundlesRead()).toBeGreaterThan(7);
    await home.expectEachOnce();
  });

  it('makes no second leaf of what another seal, over everything, sealed in between or before', async () => {
    const home = new Home();
    home.fill('2026-11-19', 300);
    home.fill('2026-11-20', 300);
    await home.sealAll();
    home.vault.put('2026-10-01', 'late');
    home.fill('2026-11-20', 5);
    expect(await home.sealDays('2026-11-20')).toMatchObject({ added: 5 });
    expect(await home.sealAll()).toMatchObject({ added: 1 });
    home.fill('2026-11-19', 7);
    expect(await home.sealDays('2026-11-20')).toMatchObject({ added: 0 });
    // An earlier day than any that has a mark.
    expect(await home.sealDays('2026-11-19', '2026-11-20')).toMatchObject({ added: 7 });
    await home.expectEachOnce();
  });

  it('finds a segment whose writer is ahead of time', async () => {
    const home = new Home();
    home.fill('2026-11-22', 3);
    await home.sealDays('2026-11-20', '2026-11-21', '2026-11-22');
    home.fill('2026-11-20', 600);
    await home.sealDays('2026-11-20', '2026-11-21', '2026-11-22');
    expect(await home.sealDays('2026-11-21', '2026-11-22', '2026-11-23')).toMatchObject({ added: 0 });
    expect(await home.sealDays('2026-11-22', '2026-11-23')).toMatchObject({ added: 0 });
    await home.expectEachOnce();
  });

  it('finds each key once where prefixes overlap', async () => {
    const home = new Home();
    home.fill('2026-11-20', 4);
    const prefixes = ['written=2026-11-20/', 'written=2026-11-2', 'written=2026-11-20/source=cloudtrail/', 'written=2026-11-20/'];
    expect(await seal(home.parts, { fresh, prefixes })).toMatchObject({ added: 4 });
    await home.expectEachOnce();
  });

  it('finishes a proposal of another seal that holds other days', async () => {
    const home = new Home();
    home.fill('2026-11-20', 3);
    await home.sealDays('2026-11-20');
    const key = home.vault.put('2026-01-01', 'old');
    const leaf: LedgerLeaf = { key, sha256: key.slice(-75, -11), recordRoot, records: 1 };
    await home.store.putTile('proposal/003', writeEntries([encodeLeaf(leaf)]));
    home.fill('2026-11-20', 2);
    expect(await home.sealDays('2026-11-20')).toMatchObject({ added: 3 });
    await home.expectEachOnce();
  });

  it.each(['half\n', '3', '-1\n', ''])('refuses the day mark %j, which no sealer can have written', async (mark) => {
    const home = new Home();
    home.fill('2026-11-20', 3);
    await home.sealDays('2026-11-20');
    expect(home.store.tiles.has('day/2026-11-20')).toBe(false);
    await home.sealDays('2026-11-20');
    expect(home.store.tiles.has('day/2026-11-20')).toBe(true);
    home.store.tiles.set('day/2026-11-20', Buffer.from(mark));
    await expect(home.sealDays('2026-11-20')).rejects.toMatchObject({ code: 'LEDGER_DAMAGED', message: expect.stringContaining('day/') });
    await home.sealAll();
  });

  it('reads past a day mark beyond the tree, as a head that began again further back has, and seals each segment once', async () => {
    const home = new Home();
    home.fill('2026-11-19', 600);
    await home.sealDays('2026-11-19');
    await home.sealDays('2026-11-19');
    home.store.tiles.set('day/2026-11-20', Buffer.from('1000000\n'));
    home.fill('2026-11-20', 3);
    home.bundlesRead();
    expect(await home.sealDays('2026-11-20')).toMatchObject({ added: 3 });
    // From the mark of the day before, which holds.
    expect(home.bundlesRead()).toBeGreaterThan(2);
    expect(await home.sealDays('2026-11-20')).toMatchObject({ added: 0 });
    await home.expectEachOnce();
  });
});
