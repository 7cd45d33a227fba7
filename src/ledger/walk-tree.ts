// SPDX-License-Identifier: Apache-2.0
import { KeySet } from './key-set.ts';
import { decodeLeaf } from './ledger-leaf.ts';
import { type ProblemList, reasonOf } from './ledger-problem.ts';
import { LedgerError, type LedgerHead, type LedgerStore } from './ledger-store.ts';
import { leafHash, merkleRoot, sameHash } from './merkle.ts';
import { TileEdge } from './tile-edge.ts';
import { TileReader } from './tile-reader.ts';
import { entriesPath, type TileFile, tilePath, tileWidth, widthOfTile } from './tiles.ts';

/** Counts of what a walk looked at. */
export interface WalkCounts {
  leaves: number;
  tiles: number;
}

const lowestLevel = /^tile\/(entries|0)\//;

/**
 * Rebuilds a ledger's tree from its leaf data, from the first leaf on, and compares every tile on the way.
 * Memory does not grow with the tree but for 16 bytes a leaf (leaves that stand in it twice are found by that).
 */
export class TreeWalk {
  readonly counts: WalkCounts = { leaves: 0, tiles: 0 };
  readonly edge = new TileEdge();
  readonly #store: Pick<LedgerStore, 'getTile'>;
  readonly #reader: TileReader;
  readonly #head: LedgerHead;
  readonly #problems: ProblemList;
  readonly #keys = new KeySet();
  #bundleRead = true;

  constructor(store: Pick<LedgerStore, 'getTile'>, head: LedgerHead, problems: ProblemList) {
    this.#store = store;
    this.#head = head;
    this.#problems = problems;
    this.#reader = new TileReader(store, head.size);
  }

  /** Yields the tree's size after each leaf; ends early, with a problem, where neither data nor hashes of a leaf can be had. */
  async *sizes(): AsyncGenerator<number> {
    for (let bundle = 0; bundle * tileWidth < this.#head.size; bundle++) {
      const entries = await this.#attempt(() => this.#reader.entries(bundle));
      const hashes = await this.#attempt(() => this.#reader.tile(0, bundle));
      this.counts.tiles += 2;
      const leaves = await this.#agree(bundle, entries, hashes);
      if (leaves === null) return;
      for (const leaf of leaves) {
        await this.#take(leaf);
        yield this.edge.size;
      }
    }
  }

  /** Compares the unfinished tiles of the present size with the stored ones. One that was dropped once its full tile stood is no loss. */
  async checkPartials(): Promise<void> {
    const isLast = this.edge.size === this.#head.size;
    for (const file of this.edge.partials()) {
      const isLowest = lowestLevel.test(file.path);
      // Of the last size the lowest ones were compared when they were read; without its data a bundle cannot be rebuilt.
      if (isLowest && (isLast || (!this.#bundleRead && file.path.startsWith('tile/entries/')))) continue;
      await this.#compare(file, !isLast);
    }
  }

  /** What to append for a bundle: its leaf data where that is what the tree was built of, else the hashes in its tile. */
  async #agree(
    bundle: number,
    entries: Uint8Array[] | null,
    hashes: Uint8Array[] | null,
  ): Promise<Array<{ data: Uint8Array } | { hash: Uint8Array }> | null> {
    const withData = entries?.map((data) => ({ data })) ?? null;
    const withHash = hashes?.map((hash) => ({ hash })) ?? null;
    this.#bundleRead = true;
    if (entries === null || hashes === null) {
      this.#bundleRead = entries !== null;
      return withData ?? withHash;
    }
    const own = entries.map(leafHash);
    const wrong = own.findIndex((hash, i) => !sameHash(hash, hashes[i] ?? hash));
    if (wrong < 0) return withData;
    const width = entries.length;
    if (await this.#isCommitted(bundle, own)) {
      this.#problems.add('damaged', tilePath(0, bundle, width), `hash ${wrong} is not that of its entry`);
      return withData;
    }
    this.#problems.add(
      'damaged',
      entriesPath(bundle, width),
      `entry ${wrong} (leaf ${bundle * tileWidth + wrong}) is not the one that the tree was built of`,
    );
    this.#bundleRead = false;
    return withHash;
  }

  /** Whether these leaf hashes are those that the tree above them commits to. */
  async #isCommitted(bundle: number, hashes: readonly Uint8Array[]): Promise<boolean> {
    if (hashes.length === tileWidth && widthOfTile(this.#head.size, 1, Math.floor(bundle / tileWidth)) > bundle % tileWidth) {
      const above = await this.#reader.tile(1, Math.floor(bundle / tileWidth)).catch(() => []);
      return sameHash(merkleRoot(hashes), above[bundle % tileWidth] ?? new Uint8Array(0));
    }
    return this.edge.rootWith(hashes).toString('hex') === this.#head.root;
  }

  async #take(leaf: { data: Uint8Array } | { hash: Uint8Array }): Promise<void> {
    this.counts.leaves += 1;
    if ('data' in leaf) this.#checkLeaf(leaf.data);
    const full = 'data' in leaf ? this.edge.append(leaf.data) : this.edge.appendHash(leaf.hash);
    // Bundle and tile of level 0 were compared before; the levels above come out of the rebuilding.
    for (const file of full) if (!lowestLevel.test(file.path)) await this.#compare(file, false);
  }

  #checkLeaf(data: Uint8Array): void {
    const item = `leaf ${this.edge.size}`;
    const leaf = decodeLeaf(data);
    if (leaf === null) this.#problems.add('damaged', item, 'its data is no leaf that names a segment');
    else if (!this.#keys.add(leaf.key)) this.#problems.add('damaged', item, `the segment ${leaf.key} has a leaf already`);
  }

  async #compare({ path, bytes }: TileFile, mayBeAbsent: boolean): Promise<void> {
    this.counts.tiles += 1;
    try {
      const stored = await this.#store.getTile(path);
      if (Buffer.compare(stored, bytes) !== 0) this.#problems.add('damaged', path, 'it is not what the leaves below it give');
    } catch (error) {
      if (!(mayBeAbsent && isAbsent(error))) this.#problems.add(isAbsent(error) ? 'missing' : 'unreadable', path, reasonOf(error));
    }
  }

  async #attempt<T>(read: () => Promise<T>): Promise<T | null> {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      const item = /(tile\/\S+?)[:\s]/.exec(`${error.message} `)?.[1] ?? 'tile';
      const kind = isAbsent(error) ? 'missing' : error.code === 'LEDGER_DAMAGED' ? 'damaged' : 'unreadable';
      this.#problems.add(kind, item, error.message);
      return null;
    }
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof LedgerError && error.code === 'LEDGER_TILE_ABSENT';
}
