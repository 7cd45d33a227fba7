// SPDX-License-Identifier: Apache-2.0
import { type Change, changesOf, removal } from './dynamodb-change.ts';
import { Tally } from './dynamodb-counters.ts';
import { facetItems, listItems } from './dynamodb-facets.ts';
import type { Item } from './dynamodb-item.ts';
import type { IndexKeys } from './dynamodb-keys.ts';
import { planSweeps } from './dynamodb-part-sweeps.ts';
import { recordItem } from './dynamodb-record-item.ts';
import { findingOf, type HeldFinding, headItem, placeOf, type State, seriesItem, seriesKey, stateOf } from './dynamodb-states.ts';
import type { HeldRun } from './dynamodb-sweeps.ts';
import type { Write } from './dynamodb-write.ts';
import type { Projection } from './project-segment.ts';

/** What the index holds of everything that some records touch. */
export interface Held {
  /** By id. */
  readonly records: ReadonlyMap<string, Projection>;
  /** By `findingOf` the finding key. */
  readonly findings: ReadonlyMap<string, HeldFinding>;
  /** By `runNameOf` a record. */
  readonly runs: ReadonlyMap<string, HeldRun>;
}

/** What taking in some records means for the table. */
export interface Part {
  /** One transaction, together with the marker of the part. */
  readonly writes: readonly Write[];
  /** What may be there before the transaction and stay there without it: lines of lists, and pieces of large records. */
  readonly early: readonly Item[];
  /** Names of facets: as `early`, and the same again and again. */
  readonly names: readonly Item[];
}

/**
 * Works out what records of one segment change. Pure: the conditions in the writes make sure that what was held still is.
 * `shard` is the part of the counters that takes what is counted.
 */
export function planPart(keys: IndexKeys, projections: readonly Projection[], held: Held, shard: number): Part {
  const changes = changesOf(projections, held.records);
  const tally = new Tally();
  const writes: Write[] = [];
  const early: Item[] = [];
  for (const { added, removed } of changes) {
    const { item, pieces } = recordItem(keys, added);
    const when = removed === null ? 'absent' : { s: removed.entry.segment, l: removed.entry.line };
    writes.push({ put: item, when });
    early.push(...listItems(keys, added), ...pieces);
    tally.record(added, 1);
    if (removed !== null) tally.record(removed, -1);
  }
  const series = planSeries(keys, changes);
  const writesOfAll = [...writes, ...series.writes, ...planHeads(keys, changes, held, tally), ...planSweeps(keys, changes, held.runs)];
  return {
    writes: [...writesOfAll, ...tally.writes(keys, shard)],
    early: [...early, ...series.early],
    names: changes.flatMap(({ added }) => facetItems(keys, added)),
  };
}

function planSeries(keys: IndexKeys, changes: readonly Change[]): { readonly writes: readonly Write[]; readonly early: readonly Item[] } {
  const writes: Write[] = [];
  const early: Item[] = [];
  for (const { added, removed } of changes) {
    const finding = findingIn(added);
    const series = finding === null ? null : seriesItem(keys, finding, added);
    if (series !== null) {
      writes.push({ put: series.item });
      early.push(...series.kept.items);
    }
    const old = removed === null ? null : findingIn(removed);
    if (removed !== null && old !== null) writes.push(...removal(seriesKey(keys, old, removed), series?.item ?? null));
  }
  return { writes, early };
}

function findingIn({ entry }: Projection): string | null {
  return entry.findingKey === null ? null : findingOf(entry.findingKey);
}

interface Touched {
  readonly added: State[];
  readonly removed: Set<string>;
}

/** The newest state of each finding that is touched, and what that changes in the counts. */
function planHeads(keys: IndexKeys, changes: readonly Change[], held: Held, tally: Tally): readonly Write[] {
  return [...touchedFindings(changes)].map(([finding, { added, removed }]): Write => {
    const { version, newest, states } = held.findings.get(finding) ?? { version: null, newest: null, states: [] };
    const left = newest !== null && removed.has(newest.place) ? (states.find(({ place }) => !removed.has(place)) ?? null) : newest;
    const after = [left, ...added].reduce(
      (one, other) => (one === null || (other !== null && other.place > one.place) ? other : one),
      null,
    );
    if (newest !== null) tally.newest(newest.claims, newest.at, -1);
    if (after !== null) tally.newest(after.claims, after.at, 1);
    const put = headItem(keys, finding, { version: (version ?? 0) + 1, newest: after });
    return { put, when: version === null ? 'absent' : { v: version } };
  });
}

function touchedFindings(changes: readonly Change[]): ReadonlyMap<string, Touched> {
  const touched = new Map<string, Touched>();
  const touch = (finding: string): Touched => {
    const one = touched.get(finding) ?? { added: [], removed: new Set<string>() };
    touched.set(finding, one);
    return one;
  };
  for (const { added, removed } of changes) {
    const [to, from] = [findingIn(added), removed === null ? null : findingIn(removed)];
    if (to !== null && added.isLasting) touch(to).added.push(stateOf(added));
    if (removed !== null && from !== null && removed.isLasting) touch(from).removed.add(placeOf(removed));
  }
  return touched;
}

/** Findings that lose a state, and how many: so many of the newest are read, and one more. */
export function findingsLosing(changes: readonly Change[]): ReadonlyMap<string, number> {
  return new Map(
    [...touchedFindings(changes)].filter(([, { removed }]) => removed.size > 0).map(([name, { removed }]) => [name, removed.size]),
  );
}

/** Findings whose newest state may change. */
export function findingsTouched(changes: readonly Change[]): readonly string[] {
  return [...touchedFindings(changes).keys()];
}
