// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import { polarities, strengths } from '../evidence/claim.ts';
import type { CountedClaim } from './dynamodb-counters.ts';
import { damagedTable, type Item, integerIn, itemOf, optionalTextIn, textIn } from './dynamodb-item.ts';
import { afterAll, type IndexKeys, shortHash, timeIn, timeText } from './dynamodb-keys.ts';
import type { Range } from './dynamodb-query.ts';
import { type Kept, keep } from './dynamodb-record-item.ts';
import type { Projection } from './project-segment.ts';

/** Where the states and the events of a finding lie in its partition, and the one item that says which state is the newest. */
export const seriesKinds = { state: 'state', event: 'event' } as const;
const headKey = 'newest';

/** One state of a finding, as far as the counts need it. */
export interface State {
  /** Its place in the series: sorts by time, `collectedAt` and id. */
  readonly place: string;
  readonly at: number;
  readonly claims: readonly CountedClaim[];
}

/** What the index knows of a finding. `version` changes with every state that comes or goes, so that two writers never both decide. */
export interface HeldFinding {
  readonly version: number | null;
  readonly newest: State | null;
  /** The newest states in order, as many as are needed where some go; empty where none goes. */
  readonly states: readonly State[];
}

/** The name of a finding in keys. */
export function findingOf(findingKey: string): string {
  return shortHash(findingKey);
}

/** Where a record stands in the series of its finding. */
export function placeOf({ at, collected, entry }: Projection): string {
  return `${timeText(at)}/${timeText(collected)}/${entry.id}`;
}

/** The state that a record is. */
export function stateOf(projection: Projection): State {
  return { place: placeOf(projection), at: projection.at, claims: projection.counted };
}

/** The key of a record in its series; `finding` is that of its finding key. */
export function seriesKey(keys: IndexKeys, finding: string, projection: Projection): { readonly pk: string; readonly sk: string } {
  const kind = projection.isLasting ? seriesKinds.state : seriesKinds.event;
  return { pk: keys.finding(finding), sk: `${kind}/${placeOf(projection)}` };
}

/** What `keep` calls the facts of an entry. */
export const factsOfRecord = 'facts';

/** The item of a record in its series, with its facts, and their pieces where they are large. */
export function seriesItem(keys: IndexKeys, finding: string, projection: Projection): { readonly item: Item; readonly kept: Kept } {
  const { entry, facts } = projection;
  const kept = keep(keys, entry, factsOfRecord, facts ?? '{}');
  const values = {
    k: entry.source,
    t: entry.occurredAt ?? entry.collectedAt,
    f: kept.inline,
    m: kept.pieces,
    // Only pieces are found by the copy they belong to.
    s: kept.pieces === undefined ? undefined : entry.segment,
    l: kept.pieces === undefined ? undefined : entry.line,
    c: projection.isLasting ? claimsText(projection.counted) : undefined,
  };
  return { item: itemOf(seriesKey(keys, finding, projection), values), kept };
}

/** The states of a finding up to an instant, newest first. */
export function statesRange(keys: IndexKeys, finding: string, limit: number): Range {
  return { pk: keys.finding(finding), from: `${seriesKinds.state}/`, to: `${seriesKinds.state}/${afterAll}`, newestFirst: true, limit };
}

/** The key of the item that says which state is the newest. */
export function headOf(keys: IndexKeys, finding: string): { readonly pk: string; readonly sk: string } {
  return { pk: keys.finding(finding), sk: headKey };
}

/** The item that says which state is the newest: none where all went. */
export function headItem(keys: IndexKeys, finding: string, { version, newest }: { version: number; newest: State | null }): Item {
  return itemOf(headOf(keys, finding), { v: version, p: newest?.place, c: newest === null ? undefined : claimsText(newest.claims) });
}

/** Reads the item that says which state is the newest. */
export function headIn(item: Item): { readonly version: number; readonly newest: State | null } {
  const place = optionalTextIn(item, 'p');
  return { version: integerIn(item, 'v'), newest: place === null ? null : stateIn(item, place) };
}

/** Reads the state out of an item of a series. */
export function stateOfItem(item: Item): State {
  return stateIn(item, textIn(item, 'sk').slice(seriesKinds.state.length + 1));
}

function stateIn(item: Item, place: string): State {
  return { place, at: timeIn(place), claims: claimsIn(textIn(item, 'c')) };
}

const claimList = z.array(z.tuple([z.string(), z.enum(strengths), z.enum(polarities)]));

function claimsText(claims: readonly CountedClaim[]): string {
  return JSON.stringify(claims.map(({ control, strength, polarity }) => [control, strength, polarity]));
}

function claimsIn(text: string): readonly CountedClaim[] {
  try {
    return claimList.parse(JSON.parse(text)).map(([control, strength, polarity]) => ({ control, strength, polarity }));
  } catch (cause) {
    throw damagedTable('the claims of a state cannot be read', cause);
  }
}
