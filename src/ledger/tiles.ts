// SPDX-License-Identifier: Apache-2.0
import { hashBytes } from './merkle.ts';

// Tiled Transparency Logs: https://c2sp.org/tlog-tiles, read 2026-11.

/** Hashes in a full tile, and entries in a full bundle. */
export const tileWidth = 256;
/** Levels of tiles that a tree can have, from 0: as many as 64 bits of leaves need. */
export const tileLevels = 8;

/** Longest leaf that an entry bundle can hold: its length is a uint16. */
const maxLeafBytes = 65_535;

/** A tile or entry bundle and where it lies. */
export interface TileFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Path of the tile `index` at `level`; one narrower than 256 hashes is partial. */
export function tilePath(level: number, index: number, width: number = tileWidth): string {
  return `tile/${level}/${indexPath(index)}${partialSuffix(width)}`;
}

/** Path of the entry bundle `index`: the leaf data behind the level 0 tile of that index. */
export function entriesPath(index: number, width: number = tileWidth): string {
  return `tile/entries/${indexPath(index)}${partialSuffix(width)}`;
}

/** An index as path elements of three digits, all but the last behind an `x`: 1234067 is `x001/x234/067`. */
export function indexPath(index: number): string {
  let path = String(index % 1000).padStart(3, '0');
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    path = `x${String(rest % 1000).padStart(3, '0')}/${path}`;
  }
  return path;
}

function partialSuffix(width: number): string {
  if (!Number.isInteger(width) || width < 1 || width > tileWidth) throw new RangeError(`a tile has 1 to ${tileWidth} hashes, not ${width}`);
  return width === tileWidth ? '' : `.p/${width}`;
}

/** How many hashes the tile at `level` and `index` has in a tree of `size` leaves: 0 where there is no such tile. */
export function widthOfTile(size: number, level: number, index: number): number {
  const nodes = Math.floor(size / tileWidth ** level);
  return Math.max(0, Math.min(tileWidth, nodes - index * tileWidth));
}

/** The hashes of a tile, or null where its length is not that of `width` hashes. */
export function readTile(bytes: Uint8Array, width: number): Uint8Array[] | null {
  if (bytes.length !== width * hashBytes) return null;
  return Array.from({ length: width }, (_, i) => bytes.subarray(i * hashBytes, (i + 1) * hashBytes));
}

/** Leaf data as an entry bundle: each behind its length as a big-endian uint16. */
export function writeEntries(leaves: readonly Uint8Array[]): Buffer {
  const parts: Uint8Array[] = [];
  for (const leaf of leaves) {
    if (leaf.length > maxLeafBytes) throw new RangeError(`a leaf has ${leaf.length} bytes; an entry bundle takes at most ${maxLeafBytes}`);
    parts.push(Uint8Array.of(leaf.length >>> 8, leaf.length & 0xff), leaf);
  }
  return Buffer.concat(parts);
}

/** The leaf data of an entry bundle, or null where the lengths do not add up. */
export function readEntries(bytes: Uint8Array): Uint8Array[] | null {
  const leaves: Uint8Array[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    const high = bytes[offset];
    const low = bytes[offset + 1];
    if (high === undefined || low === undefined) return null;
    const end = offset + 2 + high * 256 + low;
    if (end > bytes.length) return null;
    leaves.push(bytes.subarray(offset + 2, end));
    offset = end;
  }
  return leaves;
}
