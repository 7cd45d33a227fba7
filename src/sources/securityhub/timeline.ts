// SPDX-License-Identifier: Apache-2.0
import { arrayAt, type Json, stringAt } from '../../evidence/json.ts';
import type { Facts } from '../../evidence/observation.ts';
import { dayMilliseconds, millisecondsBetween } from './instant.ts';
import { textsOf } from './texts.ts';

/** One span of time in which a finding key had one outcome. `to` is null while it runs. */
export interface TimelineEntry {
  readonly from: string;
  readonly to: string | null;
  readonly outcome: string;
  readonly ids: readonly string[];
}

/** One finding id of the key that its provider still stands by, and what it said last. */
export interface StandingFinding {
  readonly id: string;
  readonly outcome: string;
  readonly at: string;
}

/** What is known of a finding key up to one version. Each record carries it in its facts, so that the next version needs one look back. */
export interface Timeline {
  readonly entries: readonly TimelineEntry[];
  readonly standing: readonly StandingFinding[];
}

/** One version of one finding, as the timeline needs it. */
export interface TimelineVersion {
  readonly id: string;
  readonly outcome: string;
  readonly at: string;
  readonly isArchived: boolean;
}

export const emptyTimeline: Timeline = { entries: [], standing: [] };

/** Entries kept: FAILED, PASSED, FAILED is the longest pattern that is looked for; the rest is in earlier records. */
const maxEntries = 8;

/** An archived finding that comes back under another id within this time did not end. */
const handoverMilliseconds = dayMilliseconds;

/** Security Hub refreshes control findings at least every day; an id silent this long (its standard was switched off) no longer counts. */
const silenceMilliseconds = 7 * dayMilliseconds;

/** The worst stands where several standards or two ways of consolidation report at once. */
const fromWorst = ['FAILED', 'WARNING', 'NOT_AVAILABLE', 'PASSED'];

/** Takes one more version in. Taking the same version in twice changes nothing. */
export function extendTimeline(timeline: Timeline, version: TimelineVersion): Timeline {
  const { id, outcome, at, isArchived } = version;
  const others = timeline.standing.filter((one) => one.id !== id && millisecondsBetween(one.at, at) <= silenceMilliseconds);
  if (isArchived) {
    return { standing: others, entries: others.length > 0 ? timeline.entries : ended(timeline.entries, at) };
  }
  const standing = [...others, { id, outcome, at }];
  const worst = worstOf(standing);
  // NOT_AVAILABLE pauses: it neither ends a failure nor opens an entry.
  if (worst === 'NOT_AVAILABLE') return { standing, entries: timeline.entries };
  return { standing, entries: withOutcome(timeline.entries, { id, outcome: worst, at }) };
}

function worstOf(standing: readonly StandingFinding[]): string {
  const outcomes = standing.map((one) => one.outcome);
  return fromWorst.find((outcome) => outcomes.includes(outcome)) ?? 'NOT_AVAILABLE';
}

function ended(entries: readonly TimelineEntry[], at: string): readonly TimelineEntry[] {
  const last = entries.at(-1);
  return last === undefined || last.to !== null ? entries : [...entries.slice(0, -1), { ...last, to: at }];
}

function withOutcome(entries: readonly TimelineEntry[], version: { id: string; outcome: string; at: string }): readonly TimelineEntry[] {
  const { id, outcome, at } = version;
  const last = entries.at(-1);
  if (last === undefined) return [{ from: at, to: null, outcome, ids: [id] }];
  const runsOn = last.to === null || millisecondsBetween(last.to, at) <= handoverMilliseconds;
  if (last.outcome === outcome && runsOn) {
    const ids = last.ids.includes(id) ? last.ids : [...last.ids, id];
    return [...entries.slice(0, -1), { ...last, to: null, ids }];
  }
  return [...ended(entries, at), { from: at, to: null, outcome, ids: [id] }].slice(-maxEntries);
}

/** Reads a timeline back out of the facts of an earlier record. */
export function timelineIn(facts: Facts): Timeline {
  const entries = arrayAt(facts, 'timeline').flatMap((entry) => {
    const [from, outcome, to] = [stringAt(entry, 'from'), stringAt(entry, 'outcome'), stringAt(entry, 'to') ?? null];
    return from === undefined || outcome === undefined ? [] : [{ from, to, outcome, ids: textsOf(arrayAt(entry, 'ids')) }];
  });
  const standing = arrayAt(facts, 'standing').flatMap((one) => {
    const [id, outcome, at] = [stringAt(one, 'id'), stringAt(one, 'outcome'), stringAt(one, 'at')];
    return id === undefined || outcome === undefined || at === undefined ? [] : [{ id, outcome, at }];
  });
  return { entries, standing };
}

/** The timeline as facts. */
export function timelineFacts(timeline: Timeline): { readonly timeline: Json; readonly standing: Json } {
  return {
    timeline: timeline.entries.map((entry) => ({ ...entry, ids: [...entry.ids] })),
    standing: timeline.standing.map((one) => ({ ...one })),
  };
}
