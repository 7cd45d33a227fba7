// SPDX-License-Identifier: Apache-2.0
import { LedgerError, type LedgerStore } from './ledger-store.ts';
import { joinEdge, leafHash, merkleRoot, sameHash } from './merkle.ts';
import { type LeafRange, proofRanges } from './merkle-proof.ts';
import { TileEdge } from './tile-edge.ts';
import { entriesPath, readEntries, readTile, tileLevels, tilePath, tileWidth, widthOfTile } from './tiles.ts';

/** Reads the tree of one size from its tiles. What it reads is not yet verified: compare `root` with a head or checkpoint first. */
export class TileReader {
  readonly size: number;
  readonly #store: Pick<LedgerStore, 'getTile'>;

  constructor(store: Pick<LedgerStore, 'getTile'>, size: number) {
    this.#store = store;
    this.size = size;
  }

  /** Hashes of the tile at `level` and `index`, as many as the tree has. Throws LEDGER_TILE_ABSENT and LEDGER_DAMAGED. */
  async tile(level: number, index: number): Promise<Uint8Array[]> {
    const width = widthOfTile(this.size, level, index);
    const { path, bytes, whole } = await this.#read((w) => tilePath(level, index, w), width);
    const hashes = readTile(bytes, whole ? tileWidth : width);
    if (hashes === null) throw damaged(path, `it has ${bytes.length} bytes, not those of ${whole ? tileWidth : width} hashes`);
    return hashes.slice(0, width);
  }

  /** Leaf data of the bundle `index`, as many as the tree has. Throws LEDGER_TILE_ABSENT and LEDGER_DAMAGED. */
  async entries(index: number): Promise<Uint8Array[]> {
    const width = widthOfTile(this.size, 0, index);
    const { path, bytes, whole } = await this.#read((w) => entriesPath(index, w), width);
    const leaves = readEntries(bytes);
    if (leaves?.length !== (whole ? tileWidth : width)) throw damaged(path, `it does not hold ${whole ? tileWidth : width} entries`);
    return leaves.slice(0, width);
  }

  /** A partial tile may have been dropped once it became full: then the full one tells. */
  async #read(pathOf: (width: number) => string, width: number): Promise<{ path: string; bytes: Uint8Array; whole: boolean }> {
    const path = pathOf(width);
    try {
      return { path, bytes: await this.#store.getTile(path), whole: width === tileWidth };
    } catch (error) {
      if (!isAbsent(error) || width === tileWidth) throw error;
      const full = pathOf(tileWidth);
      try {
        return { path: full, bytes: await this.#store.getTile(full), whole: true };
      } catch (fullError) {
        // Both are gone: the one that the tree is made of is missing. A full tile that only cannot be read is no missing one.
        throw isAbsent(fullError) ? error : fullError;
      }
    }
  }

  /** The right edge, to append to; the leaf data in it is checked against its hashes. */
  async edge(): Promise<TileEdge> {
    const levels: Uint8Array[][] = [];
    for (let level = 0; level < tileLevels && this.size >= tileWidth ** level; level++) {
      const nodes = Math.floor(this.size / tileWidth ** level);
      levels.push(nodes % tileWidth === 0 ? [] : await this.tile(level, Math.floor(nodes / tileWidth)));
    }
    const bundle = Math.floor(this.size / tileWidth);
    const entries = this.size % tileWidth === 0 ? [] : await this.entries(bundle);
    const wrong = entries.findIndex((leaf, i) => !sameHash(leafHash(leaf), levels[0]?.[i] ?? leaf));
    if (wrong >= 0) throw damaged(entriesPath(bundle, entries.length), `its entry ${wrong} is not the one in the tile of hashes`);
    return TileEdge.at(this.size, levels, entries);
  }

  /** Root over the leaves of a range that is a subtree, as all ranges of proofs are. */
  async root(range: LeafRange): Promise<Buffer> {
    const roots: Uint8Array[] = [];
    let start = range.start;
    while (start < range.end) {
      let span = 1;
      while (span * 2 <= range.end - start) span *= 2;
      roots.push(await this.#perfect(start, span));
      start += span;
    }
    return joinEdge(roots);
  }

  /** Hashes of the proof that a range is a subtree of this tree: an audit path for one leaf, a consistency proof from 0. */
  async proof(range: LeafRange): Promise<Buffer[]> {
    const hashes: Buffer[] = [];
    for (const part of proofRanges(range, this.size)) hashes.push(await this.root(part));
    return hashes;
  }

  /** Root of `span` (a power of two) leaves from `start`, a multiple of it: some neighbouring hashes of one tile. */
  async #perfect(start: number, span: number): Promise<Uint8Array> {
    let level = 0;
    while (tileWidth ** (level + 1) <= span) level++;
    const first = start / tileWidth ** level;
    const hashes = await this.tile(level, Math.floor(first / tileWidth));
    const from = first % tileWidth;
    return merkleRoot(hashes.slice(from, from + span / tileWidth ** level));
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof LedgerError && error.code === 'LEDGER_TILE_ABSENT';
}

function damaged(path: string, what: string): LedgerError {
  return new LedgerError('LEDGER_DAMAGED', `${path}: ${what}`);
}
