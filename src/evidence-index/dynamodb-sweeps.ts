// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import { gapSubject } from './dynamodb-facets.ts';
import { damagedTable, type Item, integerIn, itemOf, type Key, optionalTextIn, textIn } from './dynamodb-item.ts';
import { countShards, type IndexKeys, scopeOf, shardOf, timeIn, timeText } from './dynamodb-keys.ts';
import { instantOf, type Projection } from './project-segment.ts';

/** Gap ids that a receipt's item itself names; of more, the record is read. */
const mostNamed = 8;

const sweepTuple = z.tuple([
  z.enum(['plan', 'receipt', 'interrupted']),
  z.string(), // id
  z.number(), // collectedAt
  z.string().nullable(), // place read from
  z.number().nullable(), // since
  z.number().nullable(), // until
]);

/** What a plan, a receipt or an `interrupted` gap says of its run; null where it does not say. */
export interface Sweep {
  readonly about: 'plan' | 'receipt' | 'interrupted';
  readonly id: string;
  readonly collected: number;
  readonly place: string | null;
  readonly since: number | null;
  readonly until: number | null;
}

/** All that the records of one run in one scope say of it. `version` changes with each of them. */
export interface HeldRun {
  readonly version: number | null;
  readonly sweeps: readonly Sweep[];
}

/** A receipt among those of its scope. */
export interface Receipt extends Sweep {
  readonly run: string;
  /** Ids of the gaps that it names; null where they are too many for the item. */
  readonly named: readonly string[] | null;
}

/** What a record says of its run, or null. */
export function sweepOf({ entry, note, collected }: Projection): Sweep | null {
  if (note === null) return null;
  if (note.about !== 'gap') {
    return { about: note.about, id: entry.id, collected, place: note.from, since: bound(note.since), until: bound(note.until) };
  }
  if (note.reason !== 'interrupted') return null;
  return { about: 'interrupted', id: entry.id, collected, place: null, since: null, until: null };
}

function bound(time: string | null): number | null {
  return time === null ? null : instantOf(time);
}

/** Whether a run was planned and did not end. */
export function isUnfinished(sweeps: readonly Sweep[]): boolean {
  return sweeps.some(({ about }) => about === 'plan') && !sweeps.some(({ about }) => about !== 'plan');
}

/** Whether nothing that two runs say of themselves speaks against one having looked again at what the other did not see. */
export function canClose(own: readonly Sweep[], theirs: readonly Sweep[]): boolean {
  return !own.some((one) =>
    theirs.some(
      (other) =>
        (one.place !== null && other.place !== null && one.place !== other.place) ||
        (one.since !== null && other.since !== null && one.since < other.since) ||
        (one.until !== null && other.until !== null && one.until > other.until) ||
        // An empty window, as of a part that another one continues, covers nothing: not even the moment that it stands at.
        (one.since !== null && other.since !== null && other.since === other.until),
    ),
  );
}

/** The item of a run. */
export function runItem(key: Key, { version, sweeps }: { readonly version: number; readonly sweeps: readonly Sweep[] }): Item {
  return itemOf(key, { v: version, r: JSON.stringify(sweeps.map(tupleOf)) });
}

/** Reads the item of a run. */
export function runIn(item: Item): HeldRun {
  try {
    return {
      version: integerIn(item, 'v'),
      sweeps: z
        .array(sweepTuple)
        .parse(JSON.parse(textIn(item, 'r')))
        .map(sweepIn),
    };
  } catch (cause) {
    throw damagedTable('what the records of a run say of it cannot be read', cause);
  }
}

/** Points at a run that has a plan and no end. */
export function unfinishedKey(keys: IndexKeys, scope: string, run: Key): Key {
  return { pk: keys.unfinished(shardOf(run.sk, countShards)), sk: `${scope}/${run.sk}` };
}

/** The key of a receipt among those of its scope. */
export function receiptKeyOf(keys: IndexKeys, { entry, collected }: Projection): Key {
  return { pk: keys.receipts(scopeOf(entry)), sk: `${timeText(collected)}/${entry.id}` };
}

/** The item of a receipt among those of its scope. */
export function receiptItem(keys: IndexKeys, projection: Projection, sweep: Sweep): Item {
  const { entry, note } = projection;
  const named = note?.about === 'receipt' ? note.gaps : [];
  const inline = named.length > mostNamed ? undefined : JSON.stringify(named);
  return itemOf(receiptKeyOf(keys, projection), { u: entry.run, r: JSON.stringify(tupleOf(sweep)), n: inline });
}

/** Reads the item of a receipt. */
export function receiptIn(item: Item): Receipt {
  const named = optionalTextIn(item, 'n');
  try {
    const sweep = sweepIn(sweepTuple.parse(JSON.parse(textIn(item, 'r'))));
    return { ...sweep, run: textIn(item, 'u'), named: named === null ? null : z.array(z.string()).parse(JSON.parse(named)) };
  } catch (cause) {
    throw damagedTable('a receipt cannot be read', cause);
  }
}

/** The item of a gap among those about the same thing; null for a record that is none. */
export function gapItem(keys: IndexKeys, projection: Projection): Item | null {
  const { entry, note, at, collected } = projection;
  if (note?.about !== 'gap') return null;
  const pk = keys.gaps(gapSubject(scopeOf(entry), note.what));
  return itemOf({ pk, sk: `${timeText(at)}/${entry.id}` }, { u: entry.run, c: timeText(collected) });
}

/** Reads the item of a gap. */
export function gapIn(item: Item): { readonly id: string; readonly run: string; readonly collected: number } {
  return { id: textIn(item, 'sk').slice(timeText(0).length + 1), run: textIn(item, 'u'), collected: timeIn(textIn(item, 'c')) };
}

function tupleOf({ about, id, collected, place, since, until }: Sweep): z.infer<typeof sweepTuple> {
  return [about, id, collected, place, since, until];
}

function sweepIn([about, id, collected, place, since, until]: z.infer<typeof sweepTuple>): Sweep {
  return { about, id, collected, place, since, until };
}
