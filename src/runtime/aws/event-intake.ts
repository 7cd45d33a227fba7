// SPDX-License-Identifier: Apache-2.0
import type { Reading } from '../../evidence/observation.ts';
import { type EventPlace, takeEvent } from '../../sources/intake/take-event.ts';
import { isLocated, unnamedGap } from '../../sources/report/read-named-report.ts';
import type { Connection, Scope, Source } from '../../sources/source.ts';

/** One event as it came from a queue, and what it is read with. */
export interface EventRequest {
  /** The EventBridge envelope. */
  readonly text: string;
  readonly source: Pick<Source, 'id' | 'readReport'>;
  /** ISO 8601 UTC. */
  readonly sweptAt: string;
  readonly reportLocations: readonly string[];
  /** How a report is read: in the account and Region of its bucket. */
  readonly connect: (place: Pick<EventPlace, 'partition' | 'account' | 'region'>) => Promise<Connection>;
}

/** What became of an event. */
export interface TakenIn {
  /** Where it came from; null where it does not say. */
  readonly place: EventPlace | null;
  /** Items and gaps of it. */
  readonly readings: AsyncIterable<Reading>;
  /** True where the event says only that something changed: the next read of its scope is worth making soon. */
  readonly isHint: boolean;
}

/** Takes in one event: what it carries, the report it names, or the gap in its stead. An event of S3 is read from S3 when `readings` are. */
export function takeInEvent(request: EventRequest): TakenIn {
  const { text, source, sweptAt } = request;
  const taken = takeEvent(text, source.id, sweptAt);
  if ('gap' in taken) return { place: null, readings: listed([taken]), isHint: false };
  const { place } = taken;
  if ('hint' in taken) return { place, readings: listed([]), isHint: true };
  if ('items' in taken) {
    const readings = [...taken.items.map((item) => ({ item })), ...taken.gaps.map((gap) => ({ gap }))];
    return { place, readings: listed(readings), isHint: false };
  }
  return { place, readings: readReport(request, place, taken.report), isHint: false };
}

async function* readReport(request: EventRequest, place: EventPlace, uri: string): AsyncGenerator<Reading> {
  const { source, sweptAt, reportLocations, connect } = request;
  if (!isLocated(uri, reportLocations) || source.readReport === undefined) {
    yield { gap: unnamedGap(uri) };
    return;
  }
  const { eventId, ...where } = place;
  const scope: Scope = { ...where, window: { since: sweptAt, until: sweptAt }, sweptAt, reportLocations };
  for await (const reading of source.readReport(await connect(place), scope, uri)) {
    yield 'item' in reading ? { item: { ...reading.item, channel: { kind: 'event', eventId } } } : reading;
  }
}

async function* listed(readings: readonly Reading[]): AsyncGenerator<Reading> {
  yield* readings;
}
