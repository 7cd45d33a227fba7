// SPDX-License-Identifier: Apache-2.0
import { changesOf } from './dynamodb-change.ts';
import { type Key, keyOfItem } from './dynamodb-item.ts';
import type { IndexKeys } from './dynamodb-keys.ts';
import { findingsLosing, findingsTouched, type Held } from './dynamodb-part.ts';
import { runsTouched } from './dynamodb-part-sweeps.ts';
import type { DynamoDbRecords } from './dynamodb-records.ts';
import { type HeldFinding, headIn, headOf, stateOfItem, statesRange } from './dynamodb-states.ts';
import { type HeldRun, runIn } from './dynamodb-sweeps.ts';
import type { DynamoDbTable } from './dynamodb-table.ts';
import { forEach } from './in-batches.ts';
import type { Projection } from './project-segment.ts';

/** Reads what the index holds of everything that some records touch. */
export class DynamoDbHeld {
  private readonly table: DynamoDbTable;
  private readonly keys: IndexKeys;
  private readonly records: DynamoDbRecords;

  constructor(table: DynamoDbTable, keys: IndexKeys, records: DynamoDbRecords) {
    this.table = table;
    this.keys = keys;
    this.records = records;
  }

  /** Records first, then what is versioned, then the series: whatever changes in between changes a version. */
  async read(projections: readonly Projection[]): Promise<Held> {
    const records = await this.records.projections(projections.map(({ entry }) => entry.id));
    const changes = changesOf(projections, records);
    const heads = new Map(findingsTouched(changes).map((finding) => [finding, headOf(this.keys, finding)]));
    const runKeys = runsTouched(this.keys, changes);
    const items = await this.table.getMany([...heads.values(), ...runKeys.values()]);
    const found = new Map(items.map((item) => [nameOf(keyOfItem(item)), item]));
    const findings = new Map<string, HeldFinding>();
    for (const [finding, key] of heads) {
      const item = found.get(nameOf(key));
      if (item !== undefined) findings.set(finding, { ...headIn(item), states: [] });
    }
    await forEach([...findingsLosing(changes)], async ([finding, losing]) => {
      const held = findings.get(finding);
      if (held === undefined) return;
      const states = await this.table.query(statesRange(this.keys, finding, losing + 1));
      findings.set(finding, { ...held, states: states.map(stateOfItem) });
    });
    const runs = new Map<string, HeldRun>();
    for (const [name, key] of runKeys) {
      const item = found.get(nameOf(key));
      if (item !== undefined) runs.set(name, runIn(item));
    }
    return { records, findings, runs };
  }
}

function nameOf({ pk, sk }: Key): string {
  return `${pk} ${sk}`;
}
