// SPDX-License-Identifier: Apache-2.0
import { type Item, type Key, keyOfItem } from './dynamodb-item.ts';
import type { Write } from './dynamodb-write.ts';
import { isPreferred, type Projection } from './project-segment.ts';

/** A record that comes in, and the copy whose place it takes. */
export interface Change {
  readonly added: Projection;
  readonly removed: Projection | null;
}

/** Of these records, those that are not held or held by a worse copy. */
export function changesOf(projections: readonly Projection[], records: ReadonlyMap<string, Projection>): readonly Change[] {
  return projections
    .map((added) => ({ added, removed: records.get(added.entry.id) ?? null }))
    .filter(({ added, removed }) => removed === null || isPreferred(added, removed));
}

/** Removes an item unless the one that takes its place has the same key: a transaction writes an item once. */
export function removal(old: Key, put: Item | null): readonly Write[] {
  const added = put === null ? null : keyOfItem(put);
  return added?.pk === old.pk && added.sk === old.sk ? [] : [{ remove: old }];
}
