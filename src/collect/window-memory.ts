// SPDX-License-Identifier: Apache-2.0
import type { TimeWindow } from '../sources/source.ts';

const day = 86_400_000;

/** What one receipt of a scope hands to the next, so that planning a window reads one receipt and not a year of them. ISO 8601 UTC. */
export interface WindowMemory {
  /** End of the newest window that was as long as a full sweep of the source; null where none is known. */
  readonly lastSweep: string | null;
  /** From when on earlier runs could not see all: the next one that covers it and sees all settles it. Null where nothing is owed. */
  readonly owedSince: string | null;
  /** End of the newest window that reached back over all that was owed. */
  readonly owedTriedAt: string | null;
}

/** Nothing was ever read. */
export const noMemory: WindowMemory = { lastSweep: null, owedSince: null, owedTriedAt: null };

/** How a run over a window ended. */
export interface WindowOutcome {
  readonly window: TimeWindow;
  /** True where nothing was hidden and nothing is left to another run. */
  readonly isComplete: boolean;
}

/** Whether a window is as long as a full sweep; what it could not see is owed, and does not make it less of a sweep. */
export function isSweep({ since, until }: TimeWindow, fullSweepDays: number): boolean {
  return Date.parse(until) - Date.parse(since) >= fullSweepDays * day;
}

/** What is remembered after a run. A window that was read in vain is owed; one that reached back over all that was owed is a try, or settles it. */
export function remember(before: WindowMemory, { window, isComplete }: WindowOutcome): WindowMemory {
  const { since, until } = window;
  const covers = before.owedSince === null || Date.parse(since) <= Date.parse(before.owedSince);
  const { lastSweep } = before;
  if (isComplete && covers) return { lastSweep, owedSince: null, owedTriedAt: null };
  const owedSince = isComplete ? before.owedSince : earlier(before.owedSince, since);
  return { lastSweep, owedSince, owedTriedAt: covers ? until : before.owedTriedAt };
}

function earlier(one: string | null, other: string): string {
  return one !== null && Date.parse(one) < Date.parse(other) ? one : other;
}
