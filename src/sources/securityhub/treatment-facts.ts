// SPDX-License-Identifier: Apache-2.0
import type { Facts } from '../../evidence/observation.ts';
import type { ThresholdsFile } from '../../evidence/scope-file.ts';
import { dayMilliseconds, millisecondsBetween } from './instant.ts';
import type { Timeline, TimelineEntry } from './timeline.ts';

/** A failure that comes back within this time after a pass is the same failure: its cause was probably not removed. */
const failedAgainDays = 90;

/** Where no limit is approved, this age is a signal of its own; the rules know the number too. */
export const oldFailureDays = 90;

/** What the timeline says of one version: the outcome before, and the age and return of a failure. */
export function treatmentFacts(timeline: Timeline, facts: Facts, at: string, limitDays: number | undefined): Facts {
  const previous = previousOutcome(timeline, facts['outcome']);
  const failure = runningFailure(timeline, facts);
  if (failure === undefined) return previous === undefined ? {} : { previousOutcome: previous };
  const failedDays = daysBetween(failure.from, at);
  return {
    ...(previous !== undefined && { previousOutcome: previous }),
    failedDays,
    failedAgain: failedAgain(timeline.entries, failure),
    ...(limitDays !== undefined && { overdue: failedDays > limitDays }),
  };
}

/** The running failure of a version that failed and still stands. */
export function runningFailure(timeline: Timeline, facts: Facts): TimelineEntry | undefined {
  const last = timeline.entries.at(-1);
  return facts['outcome'] === 'FAILED' && facts['recordState'] !== 'ARCHIVED' && last?.outcome === 'FAILED' ? last : undefined;
}

/** Full days between two instants; never below 0. */
export function daysBetween(from: string, to: string): number {
  return Math.max(0, Math.floor(millisecondsBetween(from, to) / dayMilliseconds));
}

/** The approved longest time for a failure of this severity; a limit for the control itself goes before the general one. */
export function treatmentLimit(thresholds: ThresholdsFile | null, facts: Facts): number | undefined {
  const limits = (thresholds?.treatment ?? []).filter((limit) => limit.severity === facts['severity']);
  const own = limits.find((limit) => limit.controlId !== undefined && limit.controlId === facts['controlId']);
  return (own ?? limits.find((limit) => limit.controlId === undefined))?.days;
}

function previousOutcome(timeline: Timeline, outcome: Facts[string] | undefined): string | undefined {
  // A check that judged nothing has no entry: what came before it is the last entry itself.
  return timeline.entries.at(outcome === 'NOT_AVAILABLE' ? -1 : -2)?.outcome;
}

function failedAgain(entries: readonly TimelineEntry[], running: TimelineEntry): boolean {
  const pass = entries.findLastIndex((entry) => entry.outcome === 'PASSED');
  const earlier = entries.slice(0, Math.max(0, pass)).findLast((entry) => entry.outcome === 'FAILED');
  if (earlier === undefined || earlier.to === null) return false;
  return daysBetween(earlier.to, running.from) <= failedAgainDays;
}
