// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from '../../evidence/json.ts';
import type { Span } from './event-span.ts';
import { type Deliveries, newestOfDayBefore } from './log-deliveries.ts';
import { sortOf } from './log-sort.ts';
import { breakOff, folderRead, type LogsRead } from './logs-read.ts';
import { type LogReader, seeLogFile } from './read-log-files.ts';
import type { FolderLogs } from './unlogged-spans.ts';

/**
 * Notes what a folder logs that got no file in the window while others may go on: by the newest file of the day before. A trail that is gone, or
 * that logs seldom, has none; where it stopped, windows before this one told of it.
 */
export async function noteStopped(
  reader: Pick<LogReader, 's3' | 'calls'>,
  deliveries: readonly Deliveries[],
  read: LogsRead,
  span: Span,
): Promise<void> {
  if (deliveries.length < 2) return;
  for (const { folder, times, isWhole } of deliveries) {
    const { sorts } = folderRead(read, folder);
    if (times.length > 0 || !isWhole || sorts.size > 0) continue;
    const uri = await newestOfDayBefore(reader.s3, folder, span.start);
    const seen = (event: JsonObject) => {
      const sort = sortOf(event);
      if (sort !== null) sorts.add(sort);
    };
    if (uri !== null) await seeLogFile({ ...reader, seen }, uri);
  }
}

/**
 * The files of each folder that were read. Those delivered after the newest one read belong to a later run. A folder that an earlier part read
 * and that is not found any more, or may not be listed, broke off.
 */
export function foldersOf(deliveries: readonly Deliveries[], read: LogsRead, span: Span): readonly FolderLogs[] {
  const known = new Map(deliveries.map((one) => [one.folder, one]));
  for (const [folder, state] of read) {
    const listed = known.get(folder);
    if (listed === undefined) breakOff(state, state.newest ?? span.start);
    else if (!listed.isWhole) breakOff(state, listed.times.at(-1) ?? span.start);
  }
  return [...read].map(([folder, { newest, brokenFrom, sorts }]) => {
    const { since, times } = known.get(folder) ?? { since: span.start, times: [] };
    const isRead = (at: number) => at <= (newest ?? Number.NEGATIVE_INFINITY) && at < (brokenFrom ?? Number.POSITIVE_INFINITY);
    return { folder, since, times: times.filter(isRead), brokenFrom, sorts };
  });
}
