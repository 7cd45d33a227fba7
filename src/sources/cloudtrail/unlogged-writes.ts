// SPDX-License-Identifier: Apache-2.0
import type { Gap } from '../../evidence/gap.ts';
import { type Json, type JsonObject, numberAt, stringAt } from '../../evidence/json.ts';
import type { Span } from './event-span.ts';
import type { Delivery } from './log-deliveries.ts';
import { isLoggedByAll } from './log-sort.ts';
import { type LogReader, seeLogFile } from './read-log-files.ts';
import { lateMs } from './unlogged-spans.ts';

/** The holes of a window and the files that end them. */
export interface Holes {
  readonly holes: readonly Span[];
  /** Folders whose files would hold the events. */
  readonly folders: readonly string[];
  readonly closing: readonly Delivery[];
  /** Up to when all files were read that an event may lie in; epoch milliseconds. */
  readonly until: number;
}

/**
 * Counts what is looked up in holes between log files and lies in no file: proof that files are wanting, and that data events of the time,
 * which LookupEvents never gives, are unseen. Counted are events that every usual trail logs (`isLoggedByAll`); the files that end a hole hold
 * some of what happened in it, so the first event of a hole has them read again. A hole that no file
 * ends is no proof, nor is the last hour of a window: files may come. The next windows begin before it.
 */
export class UnloggedWrites {
  readonly #holes: Holes;
  readonly #reader: Pick<LogReader, 's3' | 'calls'>;
  readonly #found = new Map<number, number>();
  #logged: { readonly hole: Span; readonly ids: ReadonlySet<string> | null } | null = null;

  /** `carried`: what `carried` gave for the mark that reading goes on after. */
  constructor(holes: Holes, reader: Pick<LogReader, 's3' | 'calls'>, carried: Json | undefined) {
    this.#holes = holes;
    this.#reader = reader;
    const [hole, events] = [numberAt(carried, 'hole'), numberAt(carried, 'events')];
    if (hole !== undefined && events !== undefined) this.#found.set(hole, events);
  }

  /** Takes an event that was looked up. */
  async take(event: JsonObject): Promise<void> {
    if (!isLoggedByAll(event)) return;
    const at = Date.parse(stringAt(event, 'eventTime') ?? '');
    const hole = this.#holes.holes.find(({ start, end }) => start <= at && at < Math.min(end, this.#holes.until));
    if (hole === undefined) return;
    if (this.#logged?.hole !== hole) this.#logged = { hole, ids: await this.#idsAfter(hole) };
    const { ids } = this.#logged;
    if (ids === null || ids.has(stringAt(event, 'eventID') ?? '')) return;
    this.#found.set(hole.start, (this.#found.get(hole.start) ?? 0) + 1);
  }

  /** Gaps of the holes that end up to a time, each told once. */
  *passed(until: number): Generator<{ readonly gap: Gap }> {
    for (const hole of this.#holes.holes) {
      const events = this.#found.get(hole.start);
      if (events === undefined || hole.end > until) continue;
      this.#found.delete(hole.start);
      yield { gap: gapOf(hole, events, this.#holes.folders) };
    }
  }

  /** What was found in the hole that a time lies in, for a mark. */
  carried(at: number): JsonObject {
    const open = this.#holes.holes.find(({ start, end }) => start < at && at < end);
    const events = open === undefined ? undefined : this.#found.get(open.start);
    return open === undefined || events === undefined ? {} : { unlogged: { hole: open.start, events } };
  }

  // Null where a file cannot be read, which is told elsewhere: what it holds is not known to be missing.
  async #idsAfter({ end }: Span): Promise<ReadonlySet<string> | null> {
    const ids = new Set<string>();
    const seen = (event: JsonObject) => {
      if (Date.parse(stringAt(event, 'eventTime') ?? '') < end) ids.add(stringAt(event, 'eventID') ?? '');
    };
    for (const { uri, at } of this.#holes.closing) {
      if (at < end || at > end + lateMs) continue;
      if (!(await seeLogFile({ ...this.#reader, seen }, uri))) return null;
    }
    return ids;
  }
}

function gapOf(hole: Span, events: number, folders: readonly string[]): Gap {
  const [from, until] = [new Date(hole.start).toISOString(), new Date(hole.end).toISOString()];
  const where = folders.join(' and ');
  const message = `No log file came to ${where} between ${from} and ${until}, yet LookupEvents gives ${events} management events of that time which write and are in no file: files are wanting, logging was off, or the trail leaves these events out. The management events were looked up; data events of this time cannot be looked up. Check the digests of the trail.`;
  const detail = { folders: [...folders], from, until, events };
  return { reason: 'unavailable', extent: 'item', what: where, message, code: 'LOG_FILES_WANTING', detail };
}
