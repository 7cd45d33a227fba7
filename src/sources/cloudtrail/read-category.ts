// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from '../../evidence/json.ts';
import type { Reading } from '../../evidence/observation.ts';
import { markAt, type Resumption } from '../mark.ts';
import type { S3 } from '../report/open-s3.ts';
import { GapTally } from '../report/read-report.ts';
import type { CloudTrailCalls } from './cloudtrail-calls.ts';
import { keptSpan, type Span, windowOf } from './event-span.ts';
import type { LogPlace } from './log-place.ts';
import { type LookupCommand, readEvents } from './read-events.ts';
import { findLogPlaces, type LogsRead, readLogs } from './read-logs.ts';

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
  readonly seen: (event: JsonObject) => void;
  /** What marks carry of the events read so far. */
  readonly carried: () => JsonObject;
}

/** Log files come some five minutes after an event, an hour at the latest; so long after the newest one, LookupEvents is asked instead. */
const silenceMs = 3_600_000;
/** A file that could not be read held events of the minutes before its delivery; hours before where delivery was late. */
const deliveryMs = 2 * silenceMs;

/**
 * The events of a window: from log files where they lie, and by LookupEvents what no log file holds, oldest first. Without trail
 * locations that is all of it.
 */
export async function* readCategory(access: EventAccess, category: Category): AsyncGenerator<Reading> {
  const { done, s3 } = access;
  const [first, logs, last] = category.parts;
  if (done.isDone(last) || (done.isDone(logs) && s3 === null)) return;
  const span = windowOf(access.calls.scope);
  const { places, gaps } = s3 === null ? { places: [], gaps: [] } : await findLogPlaces(s3, access.calls.scope, category.folder);
  if (category.category === null) for (const gap of gaps) yield { gap };
  const logsSince = Math.min(span.end, ...places.map((place) => Math.max(place.since, span.start)));
  if (!done.isDone(first)) yield* lookUp(access, category, { part: first, span: { start: span.start, end: logsSince } });
  if (s3 === null || places.length === 0) return;
  const read = category.parts.some((part) => done.isIn(part)) ? readBefore(done) : { newest: null, brokenFrom: null };
  if (!done.isDone(logs)) {
    yield* readLogFiles(access, { s3, places, part: logs, span }, read);
    yield markAt(last, '', carriedWith(access, read));
  }
  const from = Math.min(read.newest ?? logsSince, read.brokenFrom ?? span.end);
  if (read.brokenFrom === null && span.end - from <= silenceMs) return;
  yield* lookUp(access, category, { part: last, span: { start: Math.max(span.start, from - deliveryMs), end: span.end }, read });
}

function readBefore(done: Resumption<CloudTrailPart>): LogsRead {
  return { newest: numberOf(done.carried('newest')), brokenFrom: numberOf(done.carried('brokenFrom')) };
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
  readonly span: Span;
  readonly read?: LogsRead;
}

async function* lookUp(access: EventAccess, { category }: Category, { part, span, read }: LookupPart): AsyncGenerator<Reading> {
  const { calls, seen, done } = access;
  const after = Date.parse(done.after(part) ?? '');
  const rest = Number.isNaN(after) ? span : { start: Math.max(span.start, after), end: span.end };
  const kept = keptSpan(rest, calls.scope);
  if (kept.gap !== null) yield { gap: kept.gap };
  const mark = (before: string): Reading => markAt(part, before, read === undefined ? access.carried() : carriedWith(access, read));
  yield* readEvents(calls, { command: access.lookUp, category, span: kept.span, seen, mark });
}
