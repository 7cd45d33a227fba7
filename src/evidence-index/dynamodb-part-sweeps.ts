// SPDX-License-Identifier: Apache-2.0
import { type Change, removal } from './dynamodb-change.ts';
import { itemOf, type Key, keyOfItem } from './dynamodb-item.ts';
import { type IndexKeys, scopeOf } from './dynamodb-keys.ts';
import {
  gapItem,
  type HeldRun,
  isUnfinished,
  receiptItem,
  receiptKeyOf,
  runItem,
  type Sweep,
  sweepOf,
  unfinishedKey,
} from './dynamodb-sweeps.ts';
import type { Write } from './dynamodb-write.ts';
import type { Projection } from './project-segment.ts';

interface TouchedRun {
  readonly key: Key;
  readonly scope: string;
  readonly added: Sweep[];
  readonly removed: Set<string>;
}

/** Names the run that a record belongs to, within its scope. */
export function runNameOf({ entry }: Projection): string {
  return JSON.stringify([scopeOf(entry), entry.run]);
}

/** Runs of which the records say something, by `runNameOf`, with their keys. */
export function runsTouched(keys: IndexKeys, changes: readonly Change[]): ReadonlyMap<string, Key> {
  return new Map([...touchedRuns(keys, changes)].map(([name, { key }]) => [name, key]));
}

/** What plans, receipts and gaps change: the item of their run, the pointer to a run without an end, the lists of receipts and gaps. */
export function planSweeps(keys: IndexKeys, changes: readonly Change[], runs: ReadonlyMap<string, HeldRun>): readonly Write[] {
  const writes: Write[] = changes.flatMap((change) => [...planReceipt(keys, change), ...planGap(keys, change)]);
  for (const [name, { key, scope, added, removed }] of touchedRuns(keys, changes)) {
    const { version, sweeps } = runs.get(name) ?? { version: null, sweeps: [] };
    const after = [...sweeps.filter(({ id }) => !removed.has(id)), ...added];
    const put = runItem(key, { version: (version ?? 0) + 1, sweeps: after });
    writes.push({ put, when: version === null ? 'absent' : { v: version } });
    const pointer = unfinishedKey(keys, scope, key);
    if (isUnfinished(after)) writes.push({ put: itemOf(pointer, { p: key.pk }) });
    else if (isUnfinished(sweeps)) writes.push({ remove: pointer });
  }
  return writes;
}

function planReceipt(keys: IndexKeys, { added, removed }: Change): readonly Write[] {
  const sweep = added.note?.about === 'receipt' ? sweepOf(added) : null;
  const put = sweep === null ? null : receiptItem(keys, added, sweep);
  const writes: Write[] = put === null ? [] : [{ put }];
  if (removed?.note?.about === 'receipt') writes.push(...removal(receiptKeyOf(keys, removed), put));
  return writes;
}

function planGap(keys: IndexKeys, { added, removed }: Change): readonly Write[] {
  const put = gapItem(keys, added);
  const old = removed === null ? null : gapItem(keys, removed);
  const writes: Write[] = put === null ? [] : [{ put }];
  if (old !== null) writes.push(...removal(keyOfItem(old), put));
  return writes;
}

function touchedRuns(keys: IndexKeys, changes: readonly Change[]): ReadonlyMap<string, TouchedRun> {
  const touched = new Map<string, TouchedRun>();
  const touch = (projection: Projection): TouchedRun => {
    const scope = scopeOf(projection.entry);
    const name = runNameOf(projection);
    const run = touched.get(name) ?? { key: keys.run(scope, projection.entry.run), scope, added: [], removed: new Set<string>() };
    touched.set(name, run);
    return run;
  };
  for (const { added, removed } of changes) {
    const sweep = sweepOf(added);
    if (sweep !== null) touch(added).added.push(sweep);
    if (removed !== null && sweepOf(removed) !== null) touch(removed).removed.add(removed.entry.id);
  }
  return touched;
}
