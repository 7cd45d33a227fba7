// SPDX-License-Identifier: Apache-2.0
import { listItems } from '../../src/evidence-index/dynamodb-facets.ts';
import { type Item, itemOf } from '../../src/evidence-index/dynamodb-item.ts';
import { countShards, dayOfKey, IndexKeys } from '../../src/evidence-index/dynamodb-keys.ts';
import { DynamoDbMarkers } from '../../src/evidence-index/dynamodb-markers.ts';
import { planPart } from '../../src/evidence-index/dynamodb-part.ts';
import type { DynamoDbTable } from '../../src/evidence-index/dynamodb-table.ts';
import type { Write } from '../../src/evidence-index/dynamodb-write.ts';
import type { ProjectedSegment } from '../../src/evidence-index/evidence-index.ts';
import { isPreferred, type Projection, projectSegment } from '../../src/evidence-index/project-segment.ts';
import { isEndpoint } from './dynamodb-tables.ts';

const keys = new IndexKeys('v1.1');
const nothing = { records: new Map(), findings: new Map(), runs: new Map() };

/**
 * Writes the items that taking these segments in would leave, without a transaction: the same items, planned as one part of an empty index.
 * Counters are spread over two parts, and lines of the lists for copies that were replaced stay there, as in a table that has lived.
 */
export async function fillTable(table: DynamoDbTable, segments: readonly ProjectedSegment[]): Promise<void> {
  const unique = [...new Map(segments.map((segment) => [segment.key, segment])).values()];
  const all = unique.flatMap((segment) => projectSegment(segment, isEndpoint));
  const part = planPart(keys, preferred(all), nothing, 0);
  const written = part.writes.flatMap((write, n) => itemsOf(write, n % countShards));
  const stale = all.flatMap((projection) => listItems(keys, projection));
  await table.putMany([...part.names, ...part.early, ...stale, ...written, ...unique.flatMap((segment) => markersOf(table, segment))]);
}

function preferred(projections: readonly Projection[]): readonly Projection[] {
  const best = new Map<string, Projection>();
  for (const projection of projections) {
    const other = best.get(projection.entry.id);
    if (other === undefined || isPreferred(projection, other)) best.set(projection.entry.id, projection);
  }
  return [...best.values()];
}

function itemsOf(write: Write, shard: number): readonly Item[] {
  if ('put' in write) return [write.put];
  if ('remove' in write) throw new RangeError('an empty index loses nothing');
  const { sk } = write.add;
  const other = (shard + 1) % countShards;
  const amounts = [...write.amounts];
  return [
    itemOf({ pk: keys.counts(shard), sk }, Object.fromEntries(amounts.map(([name, amount]) => [name, amount + 2]))),
    itemOf({ pk: keys.counts(other), sk }, Object.fromEntries(amounts.map(([name]) => [name, -2]))),
  ];
}

/** The marker of a segment, and one of a segment that is only half taken in. */
export function markersOf(table: DynamoDbTable, segment: Pick<ProjectedSegment, 'key' | 'sha256'>): readonly Item[] {
  const markers = new DynamoDbMarkers(table, keys);
  const half = { ...segment, key: `${segment.key}.half` };
  const writes = [markers.advance(segment, null, { done: 3, of: 3 }), markers.advance(half, null, { done: 1, of: 3 })];
  const items = writes.flatMap((write) => ('put' in write ? [write.put] : []));
  return [...items, itemOf({ pk: keys.days(), sk: dayOfKey(segment.key) })];
}
