// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from '../../evidence/json.ts';
import type { Reading } from '../../evidence/observation.ts';
import { markAt, type Resumption } from '../mark.ts';
import type { S3 } from '../report/open-s3.ts';
import { GapTally } from '../report/read-report.ts';
import type { CloudTrailCalls } from './cloudtrail-calls.ts';
import { keptSince, keptSpan, type Span, windowOf } from './event-span.ts';
import { foldersOf, noteStopped } from './folder-logs.ts';
import { type Deliveries, listDeliveries } from './log-deliveries.ts';
import { type LogPlace, untold } from './log-place.ts';
import type { LogSort } from './log-sort.ts';
import { type LogsRead, logsBefore, logsCarried } from './logs-read.ts';
import { type LookupCommand, readEvents } from './read-events.ts';
import { findLogPlaces, noLogsCode, readLogs } from './read-logs.ts';
import { type Silences, silencesOf, silentFolderGaps } from './silent-folders.ts';
import { closedHoles, type FolderLogs, spansToLookUp } from './unlogged-spans.ts';
import { type Holes, UnloggedWrites } from './unlogged-writes.ts';

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
  /** What of it trails select apart. */
  readonly sorts: readonly LogSort[];
}

export const managementEvents: Category = {
  category: null,
  folder: 'CloudTrail',
  parts: ['events', 'event-logs', 'late-events'],
  sorts: ['reads', 'writes'],
};
export const insightEvents: Category = {
  category: 'insight',
  folder: 'CloudTrail-Insight',
  parts: ['insights', 'insight-logs', 'late-insights'],
  sorts: ['insights'],
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
 * file, then the spans in which files are wanting (`spansToLookUp`). Without trail locations that is all of it. What shows that log files are
 * wanting is a gap, since data events cannot be looked up: other folders that go on, or writes found in a hole. Insights come seldom, so that
 * holes between their files are usual and say nothing; a call or two looks all of them up.
 */
export async function* readCategory(access: EventAccess, category: Category): AsyncGenerator<Reading> {
  const { done, s3, calls } = access;
  const [first, logs, last] = category.parts;
  if (done.isDone(last) || (done.isDone(logs) && s3 === null)) return;
  const span = windowOf(calls.scope);
  const { places, gaps } = s3 === null ? { places: [], gaps: [] } : await findLogPlaces(s3, calls.scope, category.folder);
  // That no log lies there at all is said of events; Insights may be off.
  const ofCategory = category.category === null ? gaps : gaps.filter(({ code }) => code !== noLogsCode);
  for (const gap of untold(ofCategory, access.told)) yield { gap };
  const logsSince = Math.min(span.end, ...places.map((place) => Math.max(place.since, span.start)));
  if (!done.isDone(first)) yield* lookUp(access, category, { part: first, spans: [{ start: span.start, end: logsSince }] });
  if (s3 === null || (places.length === 0 && !done.isDone(first))) return;
  const read = category.parts.some((part) => done.isIn(part)) ? logsBefore(done.carried('logs')) : new Map();
  const deliveries = await listDeliveries(s3, places, span);
  if (!done.isDone(logs)) {
    if (category.category === null) await noteStopped({ s3, calls }, deliveries, read, span);
    yield* readLogFiles(access, { s3, places, part: logs, span, quiet: silencesOf(deliveries, span) }, read);
    if (category.category === null) for (const gap of silentFolderGaps(read)) yield { gap };
    yield markAt(last, '', carriedWith(access, read));
  }
  const folders = foldersOf(deliveries, read, span);
  const { holders, ...closed } = category.category === null ? closedHoles(span, folders) : { holders: [], holes: [], until: 0 };
  const carried = done.isIn(last) ? done.carried('unlogged') : undefined;
  const writes = new UnloggedWrites({ ...closed, ...filesOf(holders, deliveries) }, { s3, calls }, carried);
  const spans = spansToLookUp(span, folders, { sorts: category.sorts, since: logsSince, keptSince: keptSince(calls.scope) });
  yield* lookUp(access, category, { part: last, spans, read, writes });
}

function filesOf(holders: readonly FolderLogs[], deliveries: readonly Deliveries[]): Pick<Holes, 'folders' | 'closing'> {
  const folders = holders.map(({ folder }) => folder);
  return { folders, closing: deliveries.filter(({ folder }) => folders.includes(folder)).flatMap(({ closing }) => closing) };
}

function carriedWith({ carried }: EventAccess, read: LogsRead): JsonObject {
  return { ...carried(), ...logsCarried(read) };
}

interface LogPart {
  readonly s3: S3;
  readonly places: readonly LogPlace[];
  readonly part: CloudTrailPart;
  readonly span: Span;
  readonly quiet: Silences;
}

function readLogFiles(access: EventAccess, { s3, part, ...which }: LogPart, read: LogsRead): AsyncIterable<Reading> {
  const { calls, seen, done } = access;
  const mark = (uri: string, sofar: LogsRead): Reading => markAt(part, uri, carriedWith(access, sofar));
  return readLogs({ s3, calls, seen, gaps: new GapTally() }, { ...which, after: done.after(part), mark }, read);
}

interface LookupPart {
  readonly part: CloudTrailPart;
  readonly spans: readonly Span[];
  readonly read?: LogsRead;
  /** Told of each event. */
  readonly writes?: UnloggedWrites;
}

async function* lookUp(access: EventAccess, { category }: Category, { part, spans, read, writes }: LookupPart): AsyncGenerator<Reading> {
  const { calls, done } = access;
  const after = Date.parse(done.after(part) ?? '');
  const rest = Number.isNaN(after) ? spans : spans.map(({ start, end }) => ({ start: Math.max(start, after), end }));
  const kept = rest.filter(({ start, end }) => start < end).map((span) => keptSpan(span, calls.scope));
  for (const { gap } of kept) if (gap !== null) yield { gap };
  let event: JsonObject = {};
  let passed = Number.NEGATIVE_INFINITY;
  const seen = (one: JsonObject) => {
    access.seen(one);
    event = one;
  };
  const mark = (before: string): Reading => {
    passed = Date.parse(before);
    const carried = read === undefined ? access.carried() : carriedWith(access, read);
    return markAt(part, before, { ...carried, ...writes?.carried(passed) });
  };
  const query = { command: access.lookUp, category, spans: kept.map(({ span }) => span), seen, mark };
  for await (const reading of readEvents(calls, query)) {
    if (writes !== undefined && 'item' in reading) await writes.take(event);
    // A mark says that all before it was yielded.
    if (writes !== undefined && 'mark' in reading) yield* writes.passed(passed);
    yield reading;
  }
  if (writes !== undefined) yield* writes.passed(Number.POSITIVE_INFINITY);
}
