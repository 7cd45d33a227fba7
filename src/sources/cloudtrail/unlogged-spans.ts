// SPDX-License-Identifier: Apache-2.0
import type { Span } from './event-span.ts';
import type { LogSort } from './log-sort.ts';

// CloudTrail delivers within about five minutes of an event, not guaranteed, and writes no empty files:
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html (read 2026-11).
const minuteMs = 60_000;
/** Three deliveries: where no file came for longer, either nothing happened or files are wanting. */
export const quietMs = 15 * minuteMs;
/** How late a file may come: so long after the newest one of a window, more may be on their way. Its events are at most so old, as a rule. */
export const lateMs = 60 * minuteMs;
/** A file that could not be read held events of the minutes before its delivery; hours before where delivery was late. */
const brokenMs = 2 * lateMs;

/** Which log files of a window were read. */
export interface LogsDelivered {
  /** When the log files begin, or the window where that is later; epoch milliseconds, as all of these. */
  readonly since: number;
  /** Delivery times of the files that were read, in any order. */
  readonly times: readonly number[];
  /** Delivery time of the first file that could not be read whole; null where all could. */
  readonly brokenFrom: number | null;
  /** From when on LookupEvents still gives events. */
  readonly keptSince: number;
}

/**
 * Spans of a window to look up although log files lie there, oldest first and apart from each other:
 * - a hole: no file for more than fifteen minutes between two neighbours. Logging was off, files were removed, or nothing
 *   happened: only LookupEvents tells these apart. It gives little of a quiet time, and holes closer than an hour make one span, so that a
 *   quiet Region costs a run a call or two, a busy one none. What LookupEvents no longer keeps is left out: a silence alone is no known loss;
 * - the end of the window from the newest file on where no file came for an hour, and all from the first file on that could not be read.
 *
 * A digest chain would prove a hole quiet where a trail validates its files. It is checked after the events and not asked: the call costs less.
 */
export function unloggedSpans(window: Span, { since, times, brokenFrom, keptSince }: LogsDelivered): readonly Span[] {
  const spans = silences(since, times).map(({ start, end }) => ({ start: Math.max(start - lateMs, keptSince), end }));
  const newest = times.reduce((one, other) => Math.max(one, other), since);
  if (brokenFrom !== null || window.end - newest > lateMs)
    spans.push({ start: Math.min(newest, brokenFrom ?? newest) - brokenMs, end: window.end });
  return merged(spans.map(({ start, end }) => ({ start: Math.max(start, window.start), end })).filter(({ start, end }) => start < end));
}

/** Spans of more than fifteen minutes, each from a delivery (or the beginning) to the next one. */
export function silences(since: number, times: readonly number[]): Span[] {
  const spans: Span[] = [];
  let start = since;
  for (const end of times.toSorted((a, b) => a - b)) {
    if (end - start > quietMs) spans.push({ start, end });
    start = end;
  }
  return spans;
}

/** The log files of one folder in a window, and what they were found to hold. */
export interface FolderLogs {
  readonly folder: string;
  readonly since: number;
  /** Delivery times of the files that were read, without those from the first broken one on. */
  readonly times: readonly number[];
  readonly brokenFrom: number | null;
  readonly sorts: ReadonlySet<LogSort>;
}

/**
 * Spans to look up where trails write into several folders. Each sort of events (`LogSort`) is judged apart, by the files of those folders that
 * hold some of it: a trail of data events alone covers for no other, and one that logs only writes for none that logs reads too. A sparse trail
 * beside a busy one that logs as much costs nothing: what it lacks is in the other's files. A sort that no folder holds is none that trails
 * log here; where there is none at all, everything is looked up. A folder that broke off may hold every sort, and is no want where others go on.
 *
 * So whatever management event some trail logs is read. What a folder alone holds, its data events, no call gives: that files of one folder are
 * wanting while others go on is told by `silentFolderGaps`. Trails that write into the very same folder cannot be told apart by their files'
 * names: where one of them lacks files only a digest shows it.
 */
export function spansToLookUp(
  window: Span,
  folders: readonly FolderLogs[],
  { sorts, since, keptSince }: { readonly sorts: readonly LogSort[] } & Pick<LogsDelivered, 'since' | 'keptSince'>,
): readonly Span[] {
  const judged = sorts.map((sort) => folders.filter((one) => one.brokenFrom !== null || one.sorts.has(sort)));
  const held = judged.filter((holders) => holders.length > 0);
  const spans = (held.length === 0 ? [[]] : held).flatMap((holders) => {
    const times = holders.flatMap((one) => one.times);
    return unloggedSpans(window, { since, times, brokenFrom: brokenOff(holders), keptSince });
  });
  return merged(spans);
}

// While one of them goes on, its files tell of the sort.
function brokenOff(holders: readonly FolderLogs[]): number | null {
  if (holders.some(({ brokenFrom }) => brokenFrom === null)) return null;
  return holders.reduce<number | null>((first, { brokenFrom }) => Math.min(first ?? Number.POSITIVE_INFINITY, brokenFrom ?? 0), null);
}

/** Holes between log files, and whose files would fill them. */
export interface ClosedHoles {
  /** Each ends with a file. */
  readonly holes: readonly Span[];
  readonly holders: readonly FolderLogs[];
  /** Up to when all files were read that an event may lie in, however late they came: an hour before the window's end. */
  readonly until: number;
}

/** Holes in which a write that is looked up shows that files are wanting. */
export function closedHoles(window: Span, folders: readonly FolderLogs[]): ClosedHoles {
  // Trails of reads alone are rare: where only reads were found, nobody wrote, or that is what is missing.
  const sort = folders.some(({ sorts }) => sorts.has('writes')) ? 'writes' : 'reads';
  const holders = folders.filter(({ sorts }) => sorts.has(sort));
  const since = holders.reduce((first, one) => Math.min(first, one.since), Number.POSITIVE_INFINITY);
  const times = holders.flatMap((one) => one.times);
  const until = holders.reduce((end, one) => Math.min(end, one.brokenFrom ?? end), window.end) - lateMs;
  return { holders, holes: silences(since, times), until };
}

function merged(spans: readonly Span[]): Span[] {
  const apart: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    const last = apart.at(-1);
    if (last === undefined || span.start > last.end) apart.push(span);
    else apart[apart.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
  }
  return apart;
}
