// SPDX-License-Identifier: Apache-2.0
import type { Span } from './event-span.ts';

// CloudTrail delivers within about five minutes of an event, not guaranteed, and writes no empty files:
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html (read 2026-11).
const minuteMs = 60_000;
/** Three deliveries: where no file came for longer, either nothing happened or files are wanting. */
const quietMs = 15 * minuteMs;
/** How late a file may come: so long after the newest one of a window, more may be on their way. Its events are at most so old, as a rule. */
const lateMs = 60 * minuteMs;
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
 * - a hole: no file for more than fifteen minutes between two neighbours, in whatever folder. Logging was off, files were removed, or nothing
 *   happened: only LookupEvents tells these apart. It gives little of a quiet time, and holes closer than an hour make one span, so that a
 *   quiet Region costs a run a call or two, a busy one none. What LookupEvents no longer keeps is left out: a silence alone is no known loss;
 * - the end of the window from the newest file on where no file came for an hour, and all from the first file on that could not be read.
 *
 * A digest chain would prove a hole quiet where a trail validates its files. It is checked after the events and not asked: the call costs less.
 */
export function unloggedSpans(window: Span, { since, times, brokenFrom, keptSince }: LogsDelivered): readonly Span[] {
  const ordered = times.toSorted((a, b) => a - b);
  const spans: Span[] = [];
  let before = since;
  for (const at of ordered) {
    if (at - before > quietMs) spans.push({ start: Math.max(before - lateMs, keptSince), end: at });
    before = at;
  }
  if (brokenFrom !== null || window.end - before > lateMs)
    spans.push({ start: Math.min(before, brokenFrom ?? before) - brokenMs, end: window.end });
  return merged(spans.map(({ start, end }) => ({ start: Math.max(start, window.start), end })).filter(({ start, end }) => start < end));
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
