// SPDX-License-Identifier: Apache-2.0
import { LedgerError, type LedgerStore } from './ledger-store.ts';

/*
 * A day mark says from which leaf on everything written on that day, or on a later one, stands in the tree. So who looks for what is
 * new on the open days reads the end of the tree and not all of it. A mark is written once, by a sealer that has read every leaf since an
 * earlier mark (or all of them), and nothing that is appended later makes it wrong: leaves only come behind it. Where a mark is missing,
 * an earlier one or the first leaf serves: more is read, never less. (A writer whose clock is years ahead makes marks early, and seals slow.)
 */

const dayMs = 86_400_000;
/** After a longer pause than this the whole tree is read once. */
const daysBack = 14;

/** The first day among prefixes of days (`written=2026-11-21/`); null where they name more than days. */
export function firstDayOf(prefixes: readonly string[]): string | null {
  const days = prefixes.map((prefix) => /^written=(\d{4}-\d{2}-\d{2})\//.exec(prefix)?.[1] ?? '');
  const first = days.toSorted()[0];
  return first === undefined || !isDay(first) ? null : first;
}

/** Where to begin reading to see all leaves from a day on: by its own mark, or an earlier one, or 0. */
export async function readDayMark(
  store: LedgerStore,
  day: string,
  size: number,
): Promise<{ readonly from: number; readonly isMarked: boolean }> {
  for (let back = 0; back <= daysBack && size > 0; back++) {
    const from = await positionAt(store, `day/${dayBefore(day, back)}`);
    // A mark beyond the tree, of a head that was lost and began again further back, tells nothing yet.
    if (from === null || from > size) continue;
    return { from, isMarked: back === 0 };
  }
  return { from: 0, isMarked: false };
}

/** Keeps where the leaves from a day on begin. Whoever was first may have read a smaller tree: his mark is as true. */
export async function writeDayMark(store: LedgerStore, day: string, from: number): Promise<void> {
  try {
    await store.putTile(`day/${day}`, Buffer.from(`${from}\n`));
  } catch (error) {
    if (!(error instanceof LedgerError) || error.code !== 'LEDGER_TILE_TAKEN') throw error;
  }
}

async function positionAt(store: LedgerStore, path: string): Promise<number | null> {
  try {
    const text = Buffer.from(await store.getTile(path)).toString('latin1');
    if (!/^\d{1,12}\n$/.test(text)) throw new LedgerError('LEDGER_DAMAGED', `${path} is no day mark; refusing to seal`);
    return Number(text);
  } catch (error) {
    if (error instanceof LedgerError && error.code === 'LEDGER_TILE_ABSENT') return null;
    throw error;
  }
}

function dayBefore(day: string, back: number): string {
  return new Date(Date.parse(day) - back * dayMs).toISOString().slice(0, 10);
}

function isDay(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}
