// SPDX-License-Identifier: Apache-2.0
import { type Gap, gapMessage } from '../../evidence/gap.ts';
import type { JsonObject } from '../../evidence/json.ts';
import type { Reading } from '../../evidence/observation.ts';
import type { S3 } from '../report/open-s3.ts';
import type { Scope } from '../source.ts';
import type { Span } from './event-span.ts';
import { dayBounds, deliveredAt, type LogFolder, type LogPlace, logFolders, notListedGap } from './log-place.ts';
import { sortOf } from './log-sort.ts';
import { breakOff, folderRead, type LogsRead } from './logs-read.ts';
import { type LogReader, readLogFile } from './read-log-files.ts';
import { noteEvent, type Silences } from './silent-folders.ts';

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
    message: gapMessage(
      `No log file of account ${account} lies below ${location}; LookupEvents was asked instead.`,
      'correct the location in `trailBuckets`, or let the trail cover the account',
    ),
    code: noLogsCode,
    detail: { location, account },
  };
}

/** Which log files are read, and how a reading goes on. */
export interface LogsQuery {
  readonly places: readonly LogPlace[];
  readonly span: Span;
  /** When folders were silent while others may have gone on. */
  readonly quiet: Silences;
  /** URI of the last file that an earlier part read. */
  readonly after: string | null;
  /** The mark that says that everything up to a file was yielded. */
  readonly mark: (uri: string, read: LogsRead) => Reading;
}

/** Files that could not be read alike and are told in one gap. */
const filesOfOneGap = 100;

/**
 * Events of the log files that were delivered in a span, folder by folder in order of delivery, with a mark after each file. What was read is
 * noted for each folder apart: that one is read to the end of the window says nothing of another.
 */
export async function* readLogs(reader: LogReader, query: LogsQuery, read: LogsRead): AsyncGenerator<Reading> {
  const { places, span, after } = query;
  const from = Math.max(
    0,
    places.findIndex(({ folder }) => after?.startsWith(folder)),
  );
  let unmarked = 0;
  for (const [i, { folder }] of places.entries()) {
    if (i < from) continue;
    const state = folderRead(read, folder);
    const bounds = dayBounds(folder, span);
    const start = after?.startsWith(folder) && after > bounds.after ? after : bounds.after;
    for await (const object of reader.s3.list(folder, { after: start })) {
      if ('failure' in object) {
        reader.gaps.add(notListedGap(folder, object.failure));
        // What was not listed is asked of LookupEvents, from the last file on.
        breakOff(state, state.newest ?? span.start);
        break;
      }
      if (object.uri > bounds.before) break;
      const at = deliveredAt(object.uri);
      if (at === null || at < span.start || at >= span.end) continue;
      const isWhole = yield* readLogFile(noting(reader, query, read, folder), object.uri);
      state.newest = Math.max(state.newest ?? 0, at);
      if (!isWhole) breakOff(state, at);
      // A mark says that all before it was yielded, gaps too; alike gaps of many files are counted together for a while.
      if (!reader.gaps.isEmpty && ++unmarked % filesOfOneGap !== 0) continue;
      yield* reader.gaps.drain();
      yield query.mark(object.uri, read);
    }
    yield* reader.gaps.drain();
  }
}

function noting(reader: LogReader, { quiet }: LogsQuery, read: LogsRead, folder: string): LogReader {
  const { sorts } = folderRead(read, folder);
  const seen = (event: JsonObject) => {
    reader.seen(event);
    const sort = sortOf(event);
    if (sort !== null) sorts.add(sort);
    noteEvent(read, quiet, folder, event);
  };
  return { ...reader, seen };
}
