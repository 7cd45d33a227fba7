// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { LedgerStore } from '../../src/ledger/ledger-store.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const root = (digit: string): string => digit.repeat(64);

async function checkpointsOf(store: LedgerStore): Promise<{ size: number; note: string }[]> {
  const found: { size: number; note: string }[] = [];
  for await (const checkpoint of store.listCheckpoints()) found.push(checkpoint);
  return found;
}

/** What every ledger store promises. `open` gives an empty one each time; `again` opens the same one a second time. */
export function ledgerStoreContract(adapter: string, open: () => Promise<{ store: LedgerStore; again: () => LedgerStore }>): void {
  describe(`${adapter} keeps the ledger store contract`, () => {
    it('starts without head and checkpoint', async () => {
      const { store } = await open();
      expect(await store.readHead()).toBeNull();
      expect(await store.newestCheckpoint()).toBeNull();
      expect(await checkpointsOf(store)).toEqual([]);
    });

    it('moves the head from what the caller read', async () => {
      const { store, again } = await open();
      const first = await store.swapHead(null, { size: 3, root: root('a') });
      const second = await store.swapHead(first, { size: 5, root: root('b') });
      expect(second).toMatchObject({ size: 5, root: root('b') });
      expect(await again().readHead()).toEqual(second);
    });

    it('refuses to move a head that somebody else moved first', async () => {
      const { store, again } = await open();
      const first = await store.swapHead(null, { size: 3, root: root('a') });
      await expect(store.swapHead(null, { size: 4, root: root('c') })).rejects.toMatchObject({ code: 'LEDGER_HEAD_MOVED' });
      await again().swapHead(first, { size: 5, root: root('b') });
      await expect(store.swapHead(first, { size: 6, root: root('d') })).rejects.toMatchObject({ code: 'LEDGER_HEAD_MOVED' });
      expect(await store.readHead()).toMatchObject({ size: 5, root: root('b') });
    });

    it('refuses a head that is not larger', async () => {
      const { store } = await open();
      const first = await store.swapHead(null, { size: 3, root: root('a') });
      await expect(store.swapHead(first, { size: 3, root: root('b') })).rejects.toMatchObject({ code: 'LEDGER_ROLLED_BACK' });
      await expect(store.swapHead(first, { size: 2, root: root('b') })).rejects.toMatchObject({ code: 'LEDGER_ROLLED_BACK' });
      expect(await store.readHead()).toEqual(first);
    });

    it('lets exactly one of many swaps win', async () => {
      const { store, again } = await open();
      const first = await store.swapHead(null, { size: 1, root: root('a') });
      const swaps = Array.from({ length: 8 }, (_, i) => again().swapHead(first, { size: 2 + i, root: root('b') }));
      const results = await Promise.allSettled(swaps);
      const won = results.filter((result) => result.status === 'fulfilled');
      expect(won).toHaveLength(1);
      for (const result of results) if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'LEDGER_HEAD_MOVED' });
      expect(await store.readHead()).toEqual(won[0]?.value);
    });

    it('keeps tiles as they were first written', async () => {
      const { store } = await open();
      await store.putTile('tile/0/000.p/5', bytes('five'));
      await store.putTile('tile/0/000.p/5', bytes('five'));
      await store.putTile('tile/entries/x001/234', bytes('more'));
      await store.putTile('proposal/000', bytes('leaves'));
      await expect(store.putTile('tile/0/000.p/5', bytes('FIVE'))).rejects.toMatchObject({ code: 'LEDGER_TILE_TAKEN' });
      expect(Buffer.from(await store.getTile('tile/0/000.p/5'))).toEqual(bytes('five'));
      await expect(store.getTile('tile/0/000')).rejects.toMatchObject({ code: 'LEDGER_TILE_ABSENT' });
    });

    it('keeps day marks as it keeps tiles', async () => {
      const { store, again } = await open();
      await store.putTile('day/2026-11-21', bytes('7\n'));
      await store.putTile('day/2026-11-21', bytes('7\n'));
      await expect(store.putTile('day/2026-11-21', bytes('8\n'))).rejects.toMatchObject({ code: 'LEDGER_TILE_TAKEN' });
      expect(Buffer.from(await again().getTile('day/2026-11-21'))).toEqual(bytes('7\n'));
      await expect(store.getTile('day/2026-11-22')).rejects.toMatchObject({ code: 'LEDGER_TILE_ABSENT' });
    });

    it('lets one of two who write other bytes to one path at once be first', async () => {
      const { again } = await open();
      const writes = ['one', 'two', 'three'].map((text) => again().putTile('proposal/007', bytes(text)));
      const results = await Promise.allSettled(writes);
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const result of results) if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'LEDGER_TILE_TAKEN' });
      const first = ['one', 'two', 'three'][results.findIndex(({ status }) => status === 'fulfilled')] ?? '';
      expect(Buffer.from(await again().getTile('proposal/007'))).toEqual(bytes(first));
    });

    it('keeps every checkpoint, two of one size too, and lists them in order of size', async () => {
      const { store, again } = await open();
      for (const size of [12, 5, 1_000_000, 5, 999]) await store.putCheckpoint(size, `note of ${size}\n`);
      await store.putCheckpoint(5, 'another note of 5\n');
      const found = await checkpointsOf(again());
      expect(found.map(({ size }) => size)).toEqual([5, 5, 12, 999, 1_000_000]);
      expect(new Set(found.map(({ note }) => note)).size).toBe(5);
      expect(await store.newestCheckpoint()).toEqual({ size: 1_000_000, note: 'note of 1000000\n' });
    });
  });
}
