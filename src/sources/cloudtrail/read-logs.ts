// SPDX-License-Identifier: Apache-2.0
import type { Gap } from '../../evidence/gap.ts';
import type { Reading } from '../../evidence/observation.ts';
import type { S3 } from '../report/open-s3.ts';
import type { Scope } from '../source.ts';
import type { Span } from './event-span.ts';
import { dayBounds, deliveredAt, type LogFolder, type LogPlace, logFolders, notListedGap } from './log-place.ts';
import { type LogReader, readLogFile } from './read-log-files.ts';

/** Where a scope's log files lie, and what could not be told. */
export interface LogPlaces {
  readonly places: readonly LogPlace[];
  readonly gaps: readonly Gap[];
}

/**
 * Folders that hold log files of the scope. A location that cannot be listed is a gap, and so is one without a single log file of the account;
 * an account whose logs lie there may have Regions without any, since CloudTrail writes no empty files.
 */
export async function findLogPlaces(s3: S3, scope: Scope, kind: LogFolder): Promise<LogPlaces> {
  const places: LogPlace[] = [];
  const gaps: Gap[] = [];
  for (const { location, folders, gap } of await logFolders(s3, scope, kind)) {
    if (gap !== null) {
      gaps.push(gap);
      continue;
    }
    let isKnown = false;
    for (const folder of folders) {
      const first = await firstBelow(s3, folder);
      if (first === null) continue;
      isKnown = true;
      if ('failure' in first) gaps.push(notListedGap(location, first.failure));
      else places.push({ folder, since: deliveredAt(first.uri) ?? 0 });
    }
    if (!isKnown && !(await hasLogs(s3, folders, scope))) gaps.push(noLogsGap(location, scope));
  }
  return { places, gaps };
}

async function firstBelow(s3: S3, folder: string) {
  for await (const first of s3.list(folder, { pageSize: 1 })) return first;
  return null;
}

// Of the account in any Region; Insights may be off, so only event logs count.
async function hasLogs(s3: S3, folders: readonly string[], { region }: Scope): Promise<boolean> {
  for (const folder of folders) {
    const first = await firstBelow(s3, folder.slice(0, -`${region}/`.length).replace(/[^/]+\/$/, 'CloudTrail/'));
    if (first !== null && !('failure' in first)) return true;
  }
  return false;
}

/** Code of the gap of a location below which no log file of the account lies. */
export const noLogsCode = 'TRAIL_LOCATION_EMPTY';

// One place of several, and LookupEvents gives the events: nothing of the window is hidden, so that no later run owes it.
function noLogsGap(location: string, { account }: Scope): Gap {
  return {
    reason: 'not-configured',
    extent: 'item',
    what: 'trailBuckets',
    message: `No log file of account ${account} lies below ${location}: correct the location, or let the trail cover the account. LookupEvents was asked instead.`,
    code: noLogsCode,
    detail: { location, account },
  };
}

/** How far log files were read. */
export interface LogsRead {
  /** Delivery time of the newest file read; null where the window holds none. */
  newest: number | null;
  /** Delivery time of the first file that could not be read whole; null where all could. */
  brokenFrom: number | null;
  /** Delivery times of all files of the window, by folder; null where an earlier part of the reading met some of them. */
  readonly delivered: number[] | null;
}

/** Which log files are read, and how a reading goes on. */
export interface LogsQuery {
  readonly places: readonly LogPlace[];
  readonly span: Span;
  /** URI of the last file that an earlier part read. */
  readonly after: string | null;
  /** The mark that says that everything up to a file was yielded. */
  readonly mark: (uri: string, read: LogsRead) => Reading;
}

/** Files that could not be read alike and are told in one gap. */
const filesOfOneGap = 100;

/** Events of the log files that were delivered in a span, folder by folder in order of delivery, with a mark after each file. */
export async function* readLogs(reader: LogReader, query: LogsQuery, read: LogsRead): AsyncGenerator<Reading> {
  const { places, span, after } = query;
  const from = Math.max(
    0,
    places.findIndex(({ folder }) => after?.startsWith(folder)),
  );
  let unmarked = 0;
  for (const [i, { folder }] of places.entries()) {
    if (i < from) continue;
    const bounds = dayBounds(folder, span);
    const start = after?.startsWith(folder) && after > bounds.after ? after : bounds.after;
    for await (const object of reader.s3.list(folder, { after: start })) {
      if ('failure' in object) {
        reader.gaps.add(notListedGap(folder, object.failure));
        // What was not listed is asked of LookupEvents, from the last file on.
        read.brokenFrom = Math.min(read.brokenFrom ?? Number.POSITIVE_INFINITY, read.newest ?? span.start);
        break;
      }
      if (object.uri > bounds.before) break;
      const at = deliveredAt(object.uri);
      if (at === null || at < span.start || at >= span.end) continue;
      const isWhole = yield* readLogFile(reader, object.uri);
      read.delivered?.push(at);
      read.newest = Math.max(read.newest ?? 0, at);
      if (!isWhole) read.brokenFrom = Math.min(read.brokenFrom ?? Number.POSITIVE_INFINITY, at);
      // A mark says that all before it was yielded, gaps too; alike gaps of many files are counted together for a while.
      if (!reader.gaps.isEmpty && ++unmarked % filesOfOneGap !== 0) continue;
      yield* reader.gaps.drain();
      yield query.mark(object.uri, read);
    }
    yield* reader.gaps.drain();
  }
}

/**
 * Delivery times of the log files of a span, without reading them. A folder that cannot be listed to its end gives those before: what seems
 * to have no files is looked up then, so that nothing is hidden.
 */
export async function deliveryTimes(s3: S3, places: readonly LogPlace[], span: Span): Promise<number[]> {
  const times: number[] = [];
  for (const { folder } of places) {
    const bounds = dayBounds(folder, span);
    for await (const object of s3.list(folder, { after: bounds.after })) {
      if ('failure' in object || object.uri > bounds.before) break;
      const at = deliveredAt(object.uri);
      if (at !== null && at >= span.start && at < span.end) times.push(at);
    }
  }
  return times;
}
