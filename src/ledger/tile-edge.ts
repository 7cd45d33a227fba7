// SPDX-License-Identifier: Apache-2.0
import { joinEdge, leafHash, merkleRoot } from './merkle.ts';
import { entriesPath, type TileFile, tilePath, tileWidth, writeEntries } from './tiles.ts';

/**
 * The right edge of a tiled tree: of every level the tile that is not full yet. All that appending needs,
 * so that memory does not grow with the tree.
 */
export class TileEdge {
  readonly #levels: Uint8Array[][] = [];
  #entries: Uint8Array[] = [];
  #size = 0;

  /** An edge as it stood at `size`: of every level the hashes of its unfinished tile, and the leaf data of the unfinished bundle. */
  static at(size: number, levels: readonly (readonly Uint8Array[])[], entries: readonly Uint8Array[]): TileEdge {
    const edge = new TileEdge();
    edge.#size = size;
    edge.#levels.push(...levels.map((hashes) => [...hashes]));
    edge.#entries = [...entries];
    return edge;
  }

  /** Leaves so far. */
  get size(): number {
    return this.#size;
  }

  /** Adds the next leaf; returns the bundle and tiles that it made full. */
  append(leaf: Uint8Array): TileFile[] {
    const full: TileFile[] = [];
    this.#entries.push(leaf);
    if (this.#entries.length === tileWidth) {
      full.push({ path: entriesPath(Math.floor(this.#size / tileWidth)), bytes: writeEntries(this.#entries) });
      this.#entries = [];
    }
    full.push(...this.#push(leafHash(leaf)));
    return full;
  }

  /** Adds the next leaf by its hash alone, where its data cannot be read; the bundle it belongs to cannot be rebuilt. */
  appendHash(hash: Uint8Array): TileFile[] {
    this.#entries = this.#entries.length + 1 === tileWidth ? [] : [...this.#entries, new Uint8Array(0)];
    return this.#push(hash);
  }

  #push(hash: Uint8Array): TileFile[] {
    const full: TileFile[] = [];
    this.#size += 1;
    let carry: Uint8Array | null = hash;
    for (let level = 0; carry !== null; level++) {
      const hashes = this.#levels[level] ?? [];
      this.#levels[level] = hashes;
      hashes.push(carry);
      if (hashes.length < tileWidth) break;
      full.push({ path: tilePath(level, this.#size / tileWidth ** (level + 1) - 1), bytes: Buffer.concat(hashes) });
      carry = merkleRoot(hashes);
      this.#levels[level] = [];
    }
    return full;
  }

  /** The unfinished bundle and tiles: what a tree of this size has beside the full ones. */
  partials(): TileFile[] {
    const files: TileFile[] = [];
    if (this.#entries.length > 0) {
      files.push({ path: entriesPath(Math.floor(this.#size / tileWidth), this.#entries.length), bytes: writeEntries(this.#entries) });
    }
    this.#levels.forEach((hashes, level) => {
      if (hashes.length === 0) return;
      files.push({ path: tilePath(level, Math.floor(this.#size / tileWidth ** (level + 1)), hashes.length), bytes: Buffer.concat(hashes) });
    });
    return files;
  }

  /** Root of the tree so far. */
  root(): Buffer {
    // From the highest level down, the hashes of each level are the next subtrees from left to right.
    return joinEdge(this.#levels.toReversed().flatMap(perfectSubtrees));
  }

  /** The root that appending these leaf hashes would give; the edge stays as it is. */
  rootWith(hashes: readonly Uint8Array[]): Buffer {
    const copy = TileEdge.at(this.#size, this.#levels, this.#entries);
    for (const hash of hashes) copy.appendHash(hash);
    return copy.root();
  }
}

/** Up to 255 neighbouring nodes of one level as the roots of perfect subtrees, the largest first. */
function perfectSubtrees(hashes: readonly Uint8Array[]): Uint8Array[] {
  const roots: Uint8Array[] = [];
  let start = 0;
  for (let span = tileWidth / 2; span >= 1; span /= 2) {
    if ((hashes.length & span) === 0) continue;
    roots.push(merkleRoot(hashes.slice(start, start + span)));
    start += span;
  }
  return roots;
}
