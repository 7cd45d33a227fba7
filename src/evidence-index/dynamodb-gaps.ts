// SPDX-License-Identifier: Apache-2.0
import { facetFamilies, gapSubject } from './dynamodb-facets.ts';
import { damagedTable, type Item, textIn } from './dynamodb-item.ts';
import { afterAll, countShards, type IndexKeys, scopeOf, timeText } from './dynamodb-keys.ts';
import type { DynamoDbRecords } from './dynamodb-records.ts';
import { canClose, gapIn, isUnfinished, type Receipt, receiptIn, runIn, type Sweep } from './dynamodb-sweeps.ts';
import type { DynamoDbTable } from './dynamodb-table.ts';
import type { IndexEntry, OpenGap } from './evidence-index.ts';
import { forEach } from './in-batches.ts';
import { compareTexts } from './merge-counts.ts';
import { compareOpenGaps, openGapOf } from './open-gap.ts';
import type { Projection } from './project-segment.ts';

/** Receipts looked at in one go: nearly always the first one later than the gap tells. */
const receiptsPerPage = 20;

interface Newest {
  readonly subject: string;
  readonly scope: string;
  readonly id: string;
  readonly run: string;
  readonly collected: number;
}

/** Answers what could not be seen and which runs did not end. */
export class DynamoDbGaps {
  private readonly table: DynamoDbTable;
  private readonly keys: IndexKeys;
  private readonly records: DynamoDbRecords;

  constructor(table: DynamoDbTable, keys: IndexKeys, records: DynamoDbRecords) {
    this.table = table;
    this.keys = keys;
    this.records = records;
  }

  async openGaps(): Promise<readonly OpenGap[]> {
    const subjects = await this.table.query({ pk: this.keys.facets(facetFamilies.gap), from: ' ', to: afterAll });
    const stands = await forEach(subjects, async (item) => {
      const newest = await this.newestOf(textIn(item, 'sk'));
      return newest === null || (await this.isClosed(newest)) ? null : newest.id;
    });
    const ids = stands.filter((id) => id !== null);
    const records = await this.records.projections(ids);
    return ids.map((id) => toldOf(id, records.get(id))).sort(compareOpenGaps);
  }

  async unfinishedPlans(): Promise<readonly IndexEntry[]> {
    const shards = Array.from({ length: countShards }, (_, shard) => this.keys.unfinished(shard));
    const pointers = (await forEach(shards, (pk) => this.table.query({ pk, from: ' ', to: afterAll }))).flat();
    const runs = await this.table.getMany(pointers.map(runKeyOf));
    const plans = runs.map(runIn).flatMap(({ sweeps }) => (isUnfinished(sweeps) ? sweeps : []));
    const records = await this.records.projections(plans.map(({ id }) => id));
    return [...records.values()]
      .sort((one, other) => one.collected - other.collected || compareTexts(one.entry.id, other.entry.id))
      .map(({ entry }) => entry);
  }

  private async newestOf(subject: string): Promise<Newest | null> {
    const range = { pk: this.keys.gaps(subject), from: '0', to: afterAll, newestFirst: true, limit: 1 };
    const [item] = await this.table.query(range);
    return item === undefined ? null : { ...gapIn(item), subject, scope: subject.slice(0, subject.indexOf('/')) };
  }

  /** Whether a later run looked again and did not name the gap, or an earlier one about the same thing. */
  private async isClosed(gap: Newest): Promise<boolean> {
    const own = (await this.sweepsOf(gap.scope, [gap.run])).get(gap.run) ?? [];
    let from = `${timeText(gap.collected)}/${afterAll}`;
    for (;;) {
      const range = { pk: this.keys.receipts(gap.scope), from, to: afterAll, limit: receiptsPerPage };
      const items = await this.table.query(range);
      if (await this.closes(gap, own, items.map(receiptIn))) return true;
      if (items.length < receiptsPerPage) return false;
      // The next key there can be: the range includes its beginning.
      from = `${textIn(items.at(-1) ?? {}, 'sk')} `;
    }
  }

  private async closes(gap: Newest, own: readonly Sweep[], receipts: readonly Receipt[]): Promise<boolean> {
    const others = receipts.filter((receipt) => receipt.run !== gap.run && canClose(own, [receipt]));
    if (others.length === 0) return false;
    const sweeps = await this.sweepsOf(
      gap.scope,
      others.map(({ run }) => run),
    );
    for (const receipt of others) {
      if (canClose(own, sweeps.get(receipt.run) ?? []) && !(await this.names(receipt, gap))) return true;
    }
    return false;
  }

  /** Whether a receipt names a gap about the same thing. */
  private async names(receipt: Receipt, gap: Newest): Promise<boolean> {
    const named = receipt.named ?? (await this.namedBy(receipt));
    if (named.length === 0) return false;
    if (named.includes(gap.id)) return true;
    const records = await this.records.projections(named);
    return [...records.values()].some(({ entry, note }) => note?.about === 'gap' && gapSubject(scopeOf(entry), note.what) === gap.subject);
  }

  private async namedBy(receipt: Receipt): Promise<readonly string[]> {
    const note = (await this.records.projections([receipt.id])).get(receipt.id)?.note;
    return note?.about === 'receipt' ? note.gaps : [];
  }

  /** What runs of one scope say of themselves. */
  private async sweepsOf(scope: string, runs: readonly string[]): Promise<ReadonlyMap<string, readonly Sweep[]>> {
    const items = await this.table.getMany(runs.map((run) => this.keys.run(scope, run)));
    const byKey = new Map(items.map((item) => [textIn(item, 'sk'), runIn(item).sweeps]));
    return new Map(runs.map((run) => [run, byKey.get(this.keys.run(scope, run).sk) ?? []]));
  }
}

function runKeyOf(pointer: Item): { readonly pk: string; readonly sk: string } {
  const sk = textIn(pointer, 'sk');
  return { pk: textIn(pointer, 'p'), sk: sk.slice(sk.indexOf('/') + 1) };
}

function toldOf(id: string, record: Projection | undefined): OpenGap {
  const told = record === undefined ? null : openGapOf(record);
  if (told === null) throw damagedTable(`gap ${id} has no record`);
  return told;
}
