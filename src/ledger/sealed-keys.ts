// SPDX-License-Identifier: Apache-2.0
import { isSegmentKey, parseSegmentKey } from '../vault/segment-key.ts';
import { readDayMark, writeDayMark } from './day-marks.ts';
import type { KeySet } from './key-set.ts';
import { keyOfLeaf } from './ledger-leaf.ts';
import { LedgerError, type LedgerStore } from './ledger-store.ts';
import { TileReader } from './tile-reader.ts';
import { tileWidth } from './tiles.ts';

/** Bundles read at once, at most 16 MiB: a round trip each would make reading ten million leaves last half an hour. */
const atOnce = 16;

/** Notes the keys of the leaves of a tree of `size` from `from` on (a few before it too). */
export async function noteSealedKeys(store: LedgerStore, sealed: KeySet, { from, size }: { from: number; size: number }): Promise<void> {
  for await (const { key } of sealedKeys(store, from, size)) sealed.add(key);
}

/**
 * Notes the keys of all leaves that were written on `day` or later; what else it notes is sealed too. Reads from the day's mark on; where
 * the day has none yet, from an earlier one, and leaves the day's mark for the next seal.
 */
export async function noteSealedSince(store: LedgerStore, sealed: KeySet, { day, size }: { day: string; size: number }): Promise<void> {
  const { from, isMarked } = await readDayMark(store, day, size);
  let first: number | null = null;
  for await (const { key, position } of sealedKeys(store, from, size)) {
    sealed.add(key);
    if (first === null && !isMarked && parseSegmentKey(key).writtenOn >= day) first = position;
  }
  if (!isMarked && size > 0) await writeDayMark(store, day, first ?? size);
}

async function* sealedKeys(store: LedgerStore, from: number, size: number): AsyncGenerator<{ key: string; position: number }> {
  const reader = new TileReader(store, size);
  const bundles = Math.ceil(size / tileWidth);
  for (let next = Math.floor(from / tileWidth); next < bundles; next += atOnce) {
    const some = Array.from({ length: Math.min(atOnce, bundles - next) }, (_, i) => next + i);
    const read = await Promise.all(some.map((bundle) => reader.entries(bundle)));
    for (const [i, leaf] of read.flat().entries()) yield { key: segmentKeyOf(leaf, next * tileWidth + i), position: next * tileWidth + i };
  }
}

function segmentKeyOf(leaf: Uint8Array, position: number): string {
  const key = keyOfLeaf(leaf);
  if (key === null || !isSegmentKey(key)) {
    const bundle = Math.floor(position / tileWidth);
    throw new LedgerError('LEDGER_DAMAGED', `entry bundle ${bundle} holds something that is no leaf; refusing to seal`);
  }
  return key;
}
