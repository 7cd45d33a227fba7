// SPDX-License-Identifier: Apache-2.0
import { readDayMark } from '../ledger/day-marks.ts';
import { KeySet } from '../ledger/key-set.ts';
import { keyOfLeaf } from '../ledger/ledger-leaf.ts';
import type { LedgerStore } from '../ledger/ledger-store.ts';
import { noteSealedKeys } from '../ledger/sealed-keys.ts';
import { TileReader } from '../ledger/tile-reader.ts';
import { tileWidth } from '../ledger/tiles.ts';
import { isSegmentKey, parseSegmentKey } from '../vault/segment-key.ts';
import type { Vault } from '../vault/vault.ts';

/** Segments in the vault that are no leaf of the ledger yet. */
export interface Unsealed {
  readonly segments: number;
  /** First day (UTC) that was looked at; null for all. Older orphans are found by the nightly seal and by `aims verify`. */
  readonly since: string | null;
  /** True where counting stopped: there are more. */
  readonly more: boolean;
}

const dayMs = 86_400_000;
/** Counting further tells nobody more. */
const mostCounted = 10_000;

/**
 * Counts what was written since the day before the newest leaf's (at least since yesterday) and is not in the ledger. Reads the end of
 * the ledger and lists these days, however large the rest is; writes nothing.
 */
export async function countUnsealed(
  { vault, ledger }: { readonly vault: Vault; readonly ledger: LedgerStore },
  now: Date,
): Promise<Unsealed> {
  const size = (await ledger.readHead())?.size ?? 0;
  if (size === 0) return { since: null, ...(await countNew(vault, [''], new KeySet())) };
  const newest = newestDay(await lastLeaves(ledger, size));
  const since = dayBefore(newest !== null && newest < dayOf(now) ? newest : dayOf(now));
  const sealed = new KeySet();
  // The day's mark says where to begin; without marks (a laptop seals without) all leaves are read.
  const { from } = await readDayMark(ledger, since, size);
  await noteSealedKeys(ledger, sealed, { from, size });
  return { since, ...(await countNew(vault, daysSince(since, now), sealed)) };
}

async function countNew(vault: Vault, prefixes: readonly string[], sealed: KeySet): Promise<Pick<Unsealed, 'segments' | 'more'>> {
  let segments = 0;
  for (const prefix of prefixes) {
    for await (const { key } of vault.list(prefix)) {
      if (!isSegmentKey(key) || sealed.has(key)) continue;
      if (segments === mostCounted) return { segments, more: true };
      segments += 1;
    }
  }
  return { segments, more: false };
}

async function lastLeaves(ledger: LedgerStore, size: number): Promise<string[]> {
  const leaves = await new TileReader(ledger, size).entries(Math.floor((size - 1) / tileWidth));
  return leaves
    .map(keyOfLeaf)
    .filter((key) => key !== null)
    .filter(isSegmentKey);
}

function newestDay(keys: readonly string[]): string | null {
  return keys.reduce<string | null>((newest, key) => {
    const { writtenOn } = parseSegmentKey(key);
    return newest === null || writtenOn > newest ? writtenOn : newest;
  }, null);
}

/** Prefixes of the days from `since` to tomorrow: another machine's clock may be ahead. */
function daysSince(since: string, now: Date): string[] {
  const prefixes: string[] = [];
  for (let at = Date.parse(since); at <= now.getTime() + dayMs; at += dayMs) prefixes.push(`written=${dayOf(new Date(at))}/`);
  return prefixes;
}

function dayBefore(day: string): string {
  return dayOf(new Date(Date.parse(day) - dayMs));
}

function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}
