// SPDX-License-Identifier: Apache-2.0
import type { Reading } from '../../evidence/observation.ts';
import { type EventPlace, takeEvent } from '../../sources/intake/take-event.ts';
import { isBelow, unnamedGap } from '../../sources/report/named-places.ts';
import type { Connection, Scope, Source } from '../../sources/source.ts';

/** One event as it came from a queue, and what it is read with. */
export interface EventRequest {
  /** The EventBridge envelope. */
  readonly text: string;
  readonly source: Pick<Source, 'id' | 'objects'>;
  /** ISO 8601 UTC. */
  readonly sweptAt: string;
  /** Every place that the configuration names: an event may be of any of them. */
  readonly reportLocations: readonly string[];
  readonly trailLocations?: readonly string[];
  readonly namedPlaces?: readonly string[];
  /** Whether an account and Region are read at all: one bucket holds the log files of a whole organisation. */
  readonly isPlanned: (owner: { readonly account: string; readonly region: string }) => boolean;
  /** How an object is read: in the account and Region that it is evidence of, else in those of its bucket. */
  readonly connect: (place: Pick<EventPlace, 'partition' | 'account' | 'region'>) => Promise<Connection>;
}

/** What became of an event. */
export interface TakenIn {
  /** What it is about; null where it does not say. */
  readonly place: EventPlace | null;
  /** `s3://bucket/key` of an object that does not say whose evidence it is: `place` is then that of its bucket. */
  readonly ownerless?: string;
  /** Items and gaps of it. */
  readonly readings: AsyncIterable<Reading>;
  /** True where the event says only that something changed: the next read of its scope is worth making soon. */
  readonly isHint: boolean;
  /** True where it is of an account or Region that nobody wants read: there is nothing to take. */
  readonly isForeign: boolean;
}

/** Takes in one event: what it carries, the object it names, or the gap in its stead. An event of S3 is read from S3 when `readings` are. */
export function takeInEvent(request: EventRequest): TakenIn {
  const { text, source, sweptAt } = request;
  const taken = takeEvent(text, source.id, sweptAt);
  const plain = { isHint: false, isForeign: false };
  if ('gap' in taken) return { place: null, readings: listed([taken]), ...plain };
  const { place } = taken;
  if ('hint' in taken) return { place, readings: listed([]), isHint: true, isForeign: !request.isPlanned(place) };
  if ('items' in taken) {
    if (!request.isPlanned(place)) return { place, readings: listed([]), ...plain, isForeign: true };
    const readings = [...taken.items.map((item) => ({ item })), ...taken.gaps.map((gap) => ({ gap }))];
    return { place, readings: listed(readings), ...plain };
  }
  const owner = source.objects?.ownerOf(taken.object) ?? null;
  if (owner === null) return { place, ownerless: taken.object, readings: readObject(request, place, taken.object), ...plain };
  const { account, region } = owner;
  const owned = { ...place, account, region };
  if (!request.isPlanned(owner)) return { place: owned, readings: listed([]), ...plain, isForeign: true };
  return { place: owned, readings: readObject(request, owned, taken.object), ...plain };
}

async function* readObject(request: EventRequest, place: EventPlace, uri: string): AsyncGenerator<Reading> {
  const { sweptAt, reportLocations, trailLocations = [], namedPlaces, connect } = request;
  const { objects } = request.source;
  const isTrail = objects?.below === 'trailLocations';
  if (objects === undefined || !isBelow(uri, isTrail ? trailLocations : reportLocations)) {
    yield { gap: unnamedGap(uri, isTrail ? 'trailBuckets' : 'reportLocations') };
    return;
  }
  const { eventId, ...where } = place;
  const locations = { reportLocations, trailLocations, ...(namedPlaces === undefined ? {} : { namedPlaces }) };
  const scope: Scope = { ...where, window: { since: sweptAt, until: sweptAt }, sweptAt, ...locations };
  for await (const reading of objects.read(await connect(place), scope, uri)) {
    yield 'item' in reading ? { item: { ...reading.item, channel: { kind: 'event', eventId } } } : reading;
  }
}

async function* listed(readings: readonly Reading[]): AsyncGenerator<Reading> {
  yield* readings;
}
