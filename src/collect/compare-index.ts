// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { AimsError } from '../evidence/errors.ts';
import type { EvidenceIndex } from '../evidence-index/evidence-index.ts';
import { isSegmentKey, parseSegmentKey } from '../vault/segment-key.ts';
import type { Vault, VaultEntry } from '../vault/vault.ts';
import { readSegment } from './reconcile.ts';
import type { TimeLeft } from './time-left.ts';

/** What to compare, and how long there is for it. */
export interface ComparisonParts {
  readonly vault: Vault;
  readonly index: EvidenceIndex;
  readonly time: TimeLeft;
  /** Milliseconds kept back at the end. */
  readonly reserveMs: number;
  /** `YYYY-MM-DD`: what was written before may lawfully be gone. */
  readonly keptSince: string;
  /** `YYYY-MM-DD`: what was written before should have been in the index long since. */
  readonly lateBefore: string;
}

/** How index and vault stand to each other. Lists hold the first fifty, counts all. */
export interface Comparison {
  /** Segments in the vault that were looked at, and their bytes. */
  readonly segments: number;
  readonly bytes: number;
  /** Day of the oldest; null for an empty vault. */
  readonly firstDay: string | null;
  /** What the index lacked and was given. */
  readonly appliedSegments: number;
  readonly appliedRecords: number;
  /** Those of them that should have been there long since: the projection failed. */
  readonly appliedLate: number;
  readonly damaged: readonly { readonly key: string; readonly reason: string }[];
  /** Segments that the index names and the vault does not hold, too young to be lawfully gone. */
  readonly absent: readonly string[];
  readonly absentCount: number;
  readonly expiredCount: number;
  /** What lies in the vault and is no segment. */
  readonly foreignCount: number;
  /** False where time ended first: begin again, what was applied stays. */
  readonly isFinished: boolean;
}

const mostListed = 50;

/**
 * Walks vault and index side by side, both in order of key, and gives the index what it lacks: the repair after a projection failed, and the rebuild
 * of an empty index. A segment that cannot be read is named and passed over; a failure of either store as a whole ends it.
 */
export async function compareIndex(parts: ComparisonParts): Promise<Comparison> {
  const tally = new Tally();
  const isLate = () => parts.time.remainingMs() < parts.reserveMs;
  const indexed = parts.index.segments()[Symbol.asyncIterator]();
  let next = await indexed.next();
  for await (const entry of parts.vault.list('')) {
    if (isLate()) return tally.result(false);
    if (!isSegmentKey(entry.key)) {
      tally.foreign++;
      continue;
    }
    for (; next.done !== true && next.value < entry.key; next = await indexed.next()) {
      if (isLate()) return tally.result(false);
      await passUnlisted(parts, next.value, tally);
    }
    tally.addHeld(entry);
    if (next.done !== true && next.value === entry.key) next = await indexed.next();
    else await apply(parts, entry.key, tally);
  }
  for (; next.done !== true; next = await indexed.next()) {
    if (isLate()) return tally.result(false);
    await passUnlisted(parts, next.value, tally);
  }
  return tally.result(true);
}

/** A segment that the index names and the list did not: gone, or written behind the place that the list had come to by then. */
async function passUnlisted({ vault, keptSince }: ComparisonParts, key: string, tally: Tally): Promise<void> {
  if (parseSegmentKey(key).writtenOn < keptSince) tally.expired++;
  else if (!(await vault.has(key))) tally.addAbsent(key);
}

async function apply({ vault, index, lateBefore }: ComparisonParts, key: string, tally: Tally): Promise<void> {
  let read: { readonly sha256: string; readonly records: Awaited<ReturnType<typeof readSegment>> };
  try {
    const bytes = await vault.get(key);
    read = { sha256: hash('sha256', bytes), records: await readSegment(key, bytes) };
  } catch (error) {
    if (!(error instanceof AimsError) || error.code === 'VAULT_UNAVAILABLE') throw error;
    tally.addDamaged(key, error.message);
    return;
  }
  await index.apply({ key, ...read });
  tally.appliedSegments++;
  if (parseSegmentKey(key).writtenOn < lateBefore) tally.appliedLate++;
  tally.appliedRecords += read.records.length;
}

class Tally {
  segments = 0;
  bytes = 0;
  foreign = 0;
  expired = 0;
  appliedSegments = 0;
  appliedRecords = 0;
  appliedLate = 0;
  #firstDay: string | null = null;
  #absentCount = 0;
  readonly #absent: string[] = [];
  readonly #damaged: { key: string; reason: string }[] = [];

  addHeld({ key, bytes }: VaultEntry): void {
    this.#firstDay ??= parseSegmentKey(key).writtenOn;
    this.segments++;
    this.bytes += bytes;
  }

  addAbsent(key: string): void {
    this.#absentCount++;
    if (this.#absent.length < mostListed) this.#absent.push(key);
  }

  addDamaged(key: string, reason: string): void {
    if (this.#damaged.length < mostListed) this.#damaged.push({ key, reason });
  }

  result(isFinished: boolean): Comparison {
    const { segments, bytes, appliedSegments, appliedRecords, appliedLate } = this;
    return {
      segments,
      bytes,
      firstDay: this.#firstDay,
      appliedSegments,
      appliedRecords,
      appliedLate,
      damaged: this.#damaged,
      absent: this.#absent,
      absentCount: this.#absentCount,
      expiredCount: this.expired,
      foreignCount: this.foreign,
      isFinished,
    };
  }
}
