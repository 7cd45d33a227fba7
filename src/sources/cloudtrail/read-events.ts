// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { LookupEventsCommandInput, LookupEventsCommandOutput } from '@aws-sdk/client-cloudtrail';
import type { Gap } from '../../evidence/gap.ts';
import { isJsonObject, type Json, type JsonObject } from '../../evidence/json.ts';
import { sliceAt, sliceElements } from '../../evidence/json-slices.ts';
import type { Reading } from '../../evidence/observation.ts';
import type { CloudTrailCalls } from './cloudtrail-calls.ts';

const action = 'cloudtrail:LookupEvents';
const dayMs = 86_400_000;
/** LookupEvents keeps 90 days, gives 50 a page, and takes two requests a second in an account and Region. */
const retentionDays = 90;
const pageSize = 50;
const pauseMs = 500;

/** Makes the SDK's command; passed in so that one source loads one SDK. */
export type LookupCommand = (input: LookupEventsCommandInput) => object;

/**
 * Management events of the window, newest first, or its Insights events; `seen` is told of each event.
 * A page that fails is a gap which says what part of the window is left unread, and ends the list.
 */
export async function* readEvents(
  calls: CloudTrailCalls,
  command: LookupCommand,
  category: 'insight' | null,
  seen: (event: JsonObject) => void,
): AsyncGenerator<Reading> {
  const span = spanOf(calls);
  if ('gap' in span) yield span;
  if (span.start >= span.end) return;
  // Both ends are inclusive and events have whole seconds, so a window's last second is left to the next window.
  const fixed = {
    StartTime: new Date(span.start),
    EndTime: new Date(span.end - 1),
    MaxResults: pageSize,
    ...(category === null ? {} : { EventCategory: category }),
  };
  const shape = category === 'insight' ? 'insight' : 'event';
  let oldest = new Date(span.end).toISOString();
  let token: string | undefined;
  do {
    const input = token === undefined ? fixed : { ...fixed, NextToken: token };
    const asked = await calls.ask<LookupEventsCommandOutput>(action, command(input), {
      unreadFrom: new Date(span.start).toISOString(),
      unreadUntil: oldest,
    });
    if ('gap' in asked) {
      yield asked;
      return;
    }
    const { body, requestId, output } = asked.answer;
    for (const text of sliceElements(body, 'Events')) {
      const reading = recordOf(calls, text, requestId, shape);
      if ('event' in reading) {
        seen(reading.event);
        yield { item: reading.item };
      } else yield reading;
    }
    oldest = output.Events?.at(-1)?.EventTime?.toISOString() ?? oldest;
    token = output.NextToken === '' ? undefined : output.NextToken;
    if (token !== undefined && calls.isLive) await setTimeout(pauseMs);
  } while (token !== undefined);
}

type RecordReading = { readonly item: ReturnType<CloudTrailCalls['item']>; readonly event: JsonObject } | { readonly gap: Gap };

// The evidence is the record inside, a string; the members around it are derived from it.
function recordOf(calls: CloudTrailCalls, text: string, requestId: string, shape: string): RecordReading {
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

interface Span {
  readonly start: number;
  readonly end: number;
}

function spanOf({ scope }: CloudTrailCalls): Span | (Span & { readonly gap: Gap }) {
  const since = Date.parse(scope.window.since);
  const end = Date.parse(scope.window.until);
  const kept = Date.parse(scope.sweptAt) - retentionDays * dayMs;
  if (since >= kept) return { start: since, end };
  const message = `CloudTrail keeps ${retentionDays} days for LookupEvents: read what is older from a trail's log files (--from FOLDER).`;
  const detail = { unreadFrom: scope.window.since, unreadUntil: new Date(Math.min(kept, end)).toISOString() };
  return { start: kept, end, gap: { reason: 'unsupported', extent: 'scope', what: action, message, code: 'OLDER_THAN_RETENTION', detail } };
}
