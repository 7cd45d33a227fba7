// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { leafHash, merkleRoot } from '../../../src/ledger/merkle.ts';
import { verifyConsistency, verifyInclusion } from '../../../src/ledger/merkle-proof.ts';
import { TileEdge } from '../../../src/ledger/tile-edge.ts';
import { TileReader } from '../../../src/ledger/tile-reader.ts';
import { indexPath, readEntries, tilePath, widthOfTile, writeEntries } from '../../../src/ledger/tiles.ts';
import { MemoryLedgerStore } from '../../support/memory-ledger-store.ts';

const largest = 700;
const leaves = Array.from({ length: largest }, (_, i) => Buffer.from(`leaf ${i}`));
const hashes = leaves.map(leafHash);

/** A store with the tiles of a tree that was appended to in steps. */
async function storeOf(steps: readonly number[]): Promise<MemoryLedgerStore> {
  const store = new MemoryLedgerStore();
  const edge = new TileEdge();
  for (const size of steps) {
    while (edge.size < size) for (const file of edge.append(leaves[edge.size] ?? Buffer.of())) await store.putTile(file.path, file.bytes);
    for (const file of edge.partials()) await store.putTile(file.path, file.bytes);
  }
  return store;
}

describe('tiles', () => {
  it('hold entries of any length and content', () => {
    const entries = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 256 });
    fc.assert(
      fc.property(entries, (data) => {
        expect(readEntries(writeEntries(data))?.map((entry) => [...entry])).toEqual(data.map((entry) => [...entry]));
      }),
      { numRuns: 50 },
    );
    expect(readEntries(Buffer.of(0))).toBeNull();
    expect(readEntries(Buffer.of(0, 2, 1))).toBeNull();
    expect(() => writeEntries([new Uint8Array(65_536)])).toThrow(RangeError);
  });

  it('lie where C2SP says', () => {
    expect(indexPath(0)).toBe('000');
    expect(indexPath(1_234_067)).toBe('x001/x234/067');
    expect(tilePath(1, 5)).toBe('tile/1/005');
    expect(tilePath(0, 1000, 17)).toBe('tile/0/x001/000.p/17');
    // The example of c2sp.org/tlog-tiles: 70,000 leaves are 273 full tiles and one of 112, then 1 full and one of 17, then one of 1.
    expect([272, 273, 274].map((index) => widthOfTile(70_000, 0, index))).toEqual([256, 112, 0]);
    expect([0, 1, 2].map((index) => widthOfTile(70_000, 1, index))).toEqual([256, 17, 0]);
    expect([0, 1].map((index) => widthOfTile(70_000, 2, index))).toEqual([1, 0]);
  });

  it('give every root and proof of every size that was committed', async () => {
    const steps = fc.uniqueArray(fc.integer({ min: 1, max: largest }), { minLength: 2, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(steps, fc.nat(), async (sizes, at) => {
        sizes.sort((a, b) => a - b);
        const store = await storeOf(sizes);
        const size = sizes.at(-1) ?? 0;
        const older = sizes[0] ?? 0;
        const reader = new TileReader(store, size);
        const root = merkleRoot(hashes.slice(0, size));
        const olderRoot = merkleRoot(hashes.slice(0, older));
        expect((await reader.root({ start: 0, end: size })).equals(root)).toBe(true);
        expect((await reader.root({ start: 0, end: older })).equals(olderRoot)).toBe(true);
        expect((await new TileReader(store, older).root({ start: 0, end: older })).equals(olderRoot)).toBe(true);
        const proof = await reader.proof({ start: 0, end: older });
        expect(verifyConsistency({ size: older, root: olderRoot }, { size, root }, proof)).toBe(true);
        const index = at % size;
        const path = await reader.proof({ start: index, end: index + 1 });
        expect(verifyInclusion({ index, hash: hashes[index] ?? Buffer.of() }, { size, root }, path)).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  it('let an edge that was read back go on as the one that wrote them', async () => {
    for (const size of [1, 255, 256, 257, 511, 512, 600]) {
      const store = await storeOf([size]);
      const edge = await new TileReader(store, size).edge();
      expect(edge.root().equals(merkleRoot(hashes.slice(0, size)))).toBe(true);
      while (edge.size < largest) edge.append(leaves[edge.size] ?? Buffer.of());
      expect(edge.root().equals(merkleRoot(hashes))).toBe(true);
    }
  });

  it('of an older size are read from the full tile once it stands', async () => {
    const store = await storeOf([100, 300]);
    expect(store.tiles.delete('tile/0/000.p/100')).toBe(true);
    expect((await new TileReader(store, 100).root({ start: 0, end: 100 })).equals(merkleRoot(hashes.slice(0, 100)))).toBe(true);
    store.tiles.delete('tile/0/000');
    await expect(new TileReader(store, 100).tile(0, 0)).rejects.toMatchObject({ code: 'LEDGER_TILE_ABSENT' });
  });
});
