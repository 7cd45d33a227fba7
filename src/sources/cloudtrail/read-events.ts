// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import type { LookupEventsCommandInput, LookupEventsCommandOutput } from '@aws-sdk/client-cloudtrail';
import type { Gap } from '../../evidence/gap.ts';
import { isJsonObject, type Json, type JsonObject } from '../../evidence/json.ts';
import { sliceAt, sliceElements } from '../../evidence/json-slices.ts';
import type { Reading } from '../../evidence/observation.ts';
import type { CloudTrailCalls } from './cloudtrail-calls.ts';
import type { Span } from './event-span.ts';

const action = 'cloudtrail:LookupEvents';
/** Largest page of LookupEvents. */
const pageSize = 50;
/** Pages of one slice of time: what is held of it in memory, and how far back a reading that goes on begins. */
const mostPages = 20;

/** Makes the SDK's command; passed in so that one source loads one SDK. */
export type LookupCommand = (input: LookupEventsCommandInput) => object;

/** Which events are looked up, and who is told of them. */
export interface EventsQuery {
  readonly command: LookupCommand;
  readonly category: 'insight' | null;
  /** Oldest first; none reaches into the next one. */
  readonly spans: readonly Span[];
  /** Told of each event when it is yielded. */
  readonly seen: (event: JsonObject) => void;
  /** The mark that says that everything before a time (ISO 8601 UTC) was yielded. */
  readonly mark: (before: string) => Reading;
}

/** Pages of a slice: all of them, or those before one that failed, or none of it because it has more than are held. */
interface SliceRead {
  readonly readings: readonly EventReading[];
  readonly failure?: Gap;
  /** Time of the oldest event read where the slice has more pages than are held. */
  readonly tooLongFrom?: number;
}

/**
 * Management events of some spans, or their Insights events. LookupEvents gives the newest first; a span is read in slices from its oldest
 * on, each slice newest first, with a mark after each: what an event is judged by came before it, so a reading that is broken off
 * must know the past and not the future. A page that fails is a gap which says from when to when something is left unread, and ends the list.
 */
export async function* readEvents(calls: CloudTrailCalls, query: EventsQuery): AsyncGenerator<Reading> {
  const last = query.spans.at(-1)?.end ?? 0;
  let length = Number.POSITIVE_INFINITY;
  for (const { start, end } of query.spans) {
    for (let from = start; from < end; ) {
      const until = Math.min(end, from + length);
      const slice = await readSlice(calls, query, { start: from, end: until });
      if (slice.tooLongFrom !== undefined) {
        // As densely as in the part just read, half the pages that are held; whole seconds, as events have.
        length = Math.max(1_000, Math.floor((until - slice.tooLongFrom) / 2_000) * 1_000);
        continue;
      }
      yield* given(slice.readings, query);
      if (slice.failure !== undefined) {
        yield { gap: until < last ? withUnread(slice.failure, from, last) : slice.failure };
        return;
      }
      from = until;
      if (from < last) yield query.mark(new Date(from).toISOString());
      if (slice.readings.length < (mostPages * pageSize) / 4) length *= 2;
    }
  }
}

function* given(readings: readonly EventReading[], { seen }: EventsQuery): Generator<Reading> {
  for (const reading of readings) {
    if ('event' in reading) {
      seen(reading.event);
      yield { item: reading.item };
    } else yield reading;
  }
}

async function readSlice(calls: CloudTrailCalls, { command, category }: EventsQuery, { start, end }: Span): Promise<SliceRead> {
  // Both ends are inclusive and events have whole seconds, so a slice's last second is left to the next one.
  const fixed = { StartTime: new Date(start), EndTime: new Date(end - 1), MaxResults: pageSize };
  const input: LookupEventsCommandInput = category === null ? fixed : { ...fixed, EventCategory: category };
  const shape = category === 'insight' ? 'insight' : 'event';
  const readings: EventReading[] = [];
  let oldest = end;
  let token: string | undefined;
  for (let page = 1; ; page++) {
    const asked = await calls.askPaced<LookupEventsCommandOutput>(
      action,
      command(token === undefined ? input : { ...input, NextToken: token }),
    );
    if ('gap' in asked) return { readings, failure: withUnread(asked.gap, start, oldest) };
    const { body, requestId, output } = asked.answer;
    for (const text of sliceElements(body, 'Events')) readings.push(recordOf(calls, text, requestId, shape));
    oldest = output.Events?.at(-1)?.EventTime?.getTime() ?? oldest;
    token = output.NextToken === '' ? undefined : output.NextToken;
    if (token === undefined) return { readings };
    // A second that alone is too long is read to its end all the same: it cannot be cut.
    if (page >= mostPages && end - start > 1_000) return { readings: [], tooLongFrom: oldest };
  }
}

function withUnread(gap: Gap, from: number, until: number): Gap {
  const unread = { unreadFrom: new Date(from).toISOString(), unreadUntil: new Date(until).toISOString() };
  return { ...gap, detail: { ...gap.detail, ...unread } };
}

type EventReading = { readonly item: ReturnType<CloudTrailCalls['item']>; readonly event: JsonObject } | { readonly gap: Gap };

// The evidence is the record inside, a string; the members around it are derived from it.
function recordOf(calls: CloudTrailCalls, text: string, requestId: string, shape: string): EventReading {
  const literal = sliceAt(text, 'CloudTrailEvent');
  const record: Json = literal === undefined ? null : JSON.parse(literal);
  const event = typeof record === 'string' ? parsed(record) : undefined;
  if (typeof record === 'string' && event !== undefined)
    return { item: calls.item(shape, record, requestId, { operation: 'LookupEvents' }), event };
  const message = 'An event of this answer holds no readable record in CloudTrailEvent; look it up again, or read the log file.';
  const detail = { requestId, sha256: hash('sha256', text) };
  return { gap: { reason: 'malformed', extent: 'item', what: action, message, code: 'ITEM_NOT_JSON', detail } };
}

function parsed(text: string): JsonObject | undefined {
  try {
    const value: Json = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch (error) {
    if (Error.isError(error)) return undefined;
    throw error;
  }
}
