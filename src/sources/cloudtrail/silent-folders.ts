// SPDX-License-Identifier: Apache-2.0
import type { Gap } from '../../evidence/gap.ts';
import { type JsonObject, stringAt } from '../../evidence/json.ts';
import type { Span } from './event-span.ts';
import type { Deliveries } from './log-deliveries.ts';
import { isLoggedByAll } from './log-sort.ts';
import { folderRead, type LogsRead } from './logs-read.ts';
import { lateMs, silences } from './unlogged-spans.ts';

/** Spans after which a folder got no file for an hour, by folder; none of a folder whose files are not all known. */
export type Silences = ReadonlyMap<string, readonly Span[]>;

/** When the folders of a window were silent, its end included: what comes later than an hour is told of, and read by a later run. */
export function silencesOf(deliveries: readonly Deliveries[], window: Span): Silences {
  return new Map(
    deliveries.map(({ folder, since, times, isWhole }) => [
      folder,
      isWhole
        ? silences(since, [...times, window.end])
            .map(({ start, end }) => ({ start, end: end - lateMs }))
            .filter(({ start, end }) => start < end)
        : [],
    ]),
  );
}

/** Notes an event of a folder's log file: of which sort it is, and which other folder was silent for an hour after it. */
export function noteEvent(read: LogsRead, quiet: Silences, folder: string, event: JsonObject): void {
  if (quiet.size < 2 || !isLoggedByAll(event)) return;
  const at = Date.parse(stringAt(event, 'eventTime') ?? '');
  for (const [other, spans] of quiet) {
    const span = other === folder ? undefined : spans.find(({ start, end }) => start <= at && at < end);
    if (span === undefined) continue;
    const state = folderRead(read, other);
    const { by, events, from, until } = state.missed ?? { by: folder, events: 0, from: span.start, until: 0 };
    if (by !== folder) continue;
    state.missed = { by, events: events + 1, from: Math.min(from, span.start), until: Math.max(until, span.end + lateMs) };
  }
}

/**
 * A gap for each folder that logs writes (`LogSort`) and lacks some that another folder holds: no file came to it for an hour after them. The
 * management events are read from the other folder; its data events of the time cannot be had. A folder that got no file in the window nor in
 * the day before belongs to a trail that is gone: that it stopped was told then. An `item` each: nothing that a later run could read.
 */
export function silentFolderGaps(read: LogsRead): readonly Gap[] {
  return [...read].flatMap(([folder, { sorts, missed }]) => {
    if (missed === null || !sorts.has('writes')) return [];
    const [from, until] = [new Date(missed.from).toISOString(), new Date(missed.until).toISOString()];
    const message = `No log file came to ${folder} for an hour or more between ${from} and ${until}, while ${missed.by} holds ${missed.events} management events of such times which write: files are wanting there, logging was off, or its trail leaves these events out. The management events were read; data events that only ${folder} would hold cannot be looked up. Check the digests of its trail.`;
    const detail = { folder, from, until, events: missed.events, by: missed.by };
    return [{ reason: 'unavailable', extent: 'item', what: folder, message, code: 'LOG_FILES_WANTING', detail }];
  });
}
