// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from '../../evidence/json.ts';
import type { Reading } from '../../evidence/observation.ts';
import { markAt, type Resumption } from '../mark.ts';
import type { S3 } from '../report/open-s3.ts';
import { GapTally } from '../report/read-report.ts';
import type { CloudTrailCalls } from './cloudtrail-calls.ts';
import { keptSince, keptSpan, type Span, windowOf } from './event-span.ts';
import { type LogPlace, untold } from './log-place.ts';
import { type LookupCommand, readEvents } from './read-events.ts';
import { deliveryTimes, findLogPlaces, type LogsRead, noLogsCode, readLogs } from './read-logs.ts';
import { unloggedSpans } from './unlogged-spans.ts';

/** Parts of reading CloudTrail, in order. */
export const cloudTrailParts = [
  'events',
  'event-logs',
  'late-events',
  'insights',
  'insight-logs',
  'late-insights',
  'selectors',
  'digests',
] as const;
export type CloudTrailPart = (typeof cloudTrailParts)[number];

/** Events of one category: which parts of the reading they are, and in which folder of a trail's bucket they lie. */
export interface Category {
  readonly category: 'insight' | null;
  readonly folder: 'CloudTrail' | 'CloudTrail-Insight';
  /** Looked up before the oldest log file, read from log files, looked up after the newest one. */
  readonly parts: readonly [CloudTrailPart, CloudTrailPart, CloudTrailPart];
}

export const managementEvents: Category = { category: null, folder: 'CloudTrail', parts: ['events', 'event-logs', 'late-events'] };
export const insightEvents: Category = {
  category: 'insight',
  folder: 'CloudTrail-Insight',
  parts: ['insights', 'insight-logs', 'late-insights'],
};

/** What the events of a scope are read with. */
export interface EventAccess {
  readonly calls: CloudTrailCalls;
  readonly s3: S3 | null;
  readonly lookUp: LookupCommand;
  readonly done: Resumption<CloudTrailPart>;
  /** Locations that this reading told of already; see `untold`. */
  readonly told: Set<string>;
  readonly seen: (event: JsonObject) => void;
  /** What marks carry of the events read so far. */
  readonly carried: () => JsonObject;
}

/**
 * The events of a window: from log files where they lie, and by LookupEvents what no log file holds, oldest first: the time before the first
 * file, then the spans in which files are wanting (`unloggedSpans`). Without trail locations that is all of it.
 */
export async function* readCategory(access: EventAccess, category: Category): AsyncGenerator<Reading> {
  const { done, s3 } = access;
  const [first, logs, last] = category.parts;
  if (done.isDone(last) || (done.isDone(logs) && s3 === null)) return;
  const span = windowOf(access.calls.scope);
  const { places, gaps } = s3 === null ? { places: [], gaps: [] } : await findLogPlaces(s3, access.calls.scope, category.folder);
  // That no log lies there at all is said of events; Insights may be off.
  const ofCategory = category.category === null ? gaps : gaps.filter(({ code }) => code !== noLogsCode);
  for (const gap of untold(ofCategory, access.told)) yield { gap };
  const logsSince = Math.min(span.end, ...places.map((place) => Math.max(place.since, span.start)));
  if (!done.isDone(first)) yield* lookUp(access, category, { part: first, spans: [{ start: span.start, end: logsSince }] });
  if (s3 === null || (places.length === 0 && !done.isDone(first))) return;
  const read: LogsRead = category.parts.some((part) => done.isIn(part))
    ? readBefore(done)
    : { newest: null, brokenFrom: null, delivered: [] };
  // An earlier part found log files and this one none, or it may not list them any more: the rest is looked up.
  if (places.length === 0) read.brokenFrom ??= read.newest ?? span.start;
  if (!done.isDone(logs)) {
    yield* readLogFiles(access, { s3, places, part: logs, span }, read);
    yield markAt(last, '', carriedWith(access, read));
  }
  const { newest, brokenFrom } = read;
  const delivered = read.delivered ?? (await deliveryTimes(s3, places, span));
  // What was delivered after the newest file that was read belongs to a later run.
  const times = delivered.filter((at) => at <= (newest ?? 0));
  const spans = unloggedSpans(span, { since: logsSince, times, brokenFrom, keptSince: keptSince(access.calls.scope) });
  yield* lookUp(access, category, { part: last, spans, read });
}

function readBefore(done: Resumption<CloudTrailPart>): LogsRead {
  return { newest: numberOf(done.carried('newest')), brokenFrom: numberOf(done.carried('brokenFrom')), delivered: null };
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

function carriedWith({ carried }: EventAccess, { newest, brokenFrom }: LogsRead): JsonObject {
  return { ...carried(), ...(newest === null ? {} : { newest }), ...(brokenFrom === null ? {} : { brokenFrom }) };
}

interface LogPart {
  readonly s3: S3;
  readonly places: readonly LogPlace[];
  readonly part: CloudTrailPart;
  readonly span: Span;
}

function readLogFiles(access: EventAccess, { s3, places, part, span }: LogPart, read: LogsRead): AsyncIterable<Reading> {
  const { calls, seen, done } = access;
  const mark = (uri: string, sofar: LogsRead): Reading => markAt(part, uri, carriedWith(access, sofar));
  return readLogs({ s3, calls, seen, gaps: new GapTally() }, { places, span, after: done.after(part), mark }, read);
}

interface LookupPart {
  readonly part: CloudTrailPart;
  readonly spans: readonly Span[];
  readonly read?: LogsRead;
}

async function* lookUp(access: EventAccess, { category }: Category, { part, spans, read }: LookupPart): AsyncGenerator<Reading> {
  const { calls, seen, done } = access;
  const after = Date.parse(done.after(part) ?? '');
  const rest = Number.isNaN(after) ? spans : spans.map(({ start, end }) => ({ start: Math.max(start, after), end }));
  const kept = rest.filter(({ start, end }) => start < end).map((span) => keptSpan(span, calls.scope));
  for (const { gap } of kept) if (gap !== null) yield { gap };
  const mark = (before: string): Reading => markAt(part, before, read === undefined ? access.carried() : carriedWith(access, read));
  yield* readEvents(calls, { command: access.lookUp, category, spans: kept.map(({ span }) => span), seen, mark });
}
