// SPDX-License-Identifier: Apache-2.0
import { bytesIn, damagedTable, type Item, integerIn, textIn } from './dynamodb-item.ts';
import { afterAll, type IndexKeys } from './dynamodb-keys.ts';
import { bodyOfRecord, bodyPlace, copyOf, projectionIn } from './dynamodb-record-item.ts';
import type { DynamoDbTable } from './dynamodb-table.ts';
import type { IndexEntry } from './evidence-index.ts';
import { forEach } from './in-batches.ts';
import type { Projection } from './project-segment.ts';

const fullId = /^[0-9a-f]{64}$/;
const idPrefix = /^[0-9a-f]{0,64}$/;
const digits = [...'0123456789abcdef'];

/** Whether a text can be the id of a record. */
export function isRecordId(text: string): boolean {
  return fullId.test(text);
}

/** Reads the items of records, by id. */
export class DynamoDbRecords {
  private readonly table: DynamoDbTable;
  private readonly keys: IndexKeys;

  constructor(table: DynamoDbTable, keys: IndexKeys) {
    this.table = table;
    this.keys = keys;
  }

  /** What was projected of these records, but for the facts; ids that are not held are absent. */
  async projections(ids: readonly string[]): Promise<ReadonlyMap<string, Projection>> {
    const items = await this.table.getMany(ids.filter(isRecordId).map((id) => this.keys.record(id)));
    const projections = await forEach(items, async (item) => projectionIn(item, await this.textOf(item)));
    return new Map(projections.map((projection) => [projection.entry.id, projection]));
  }

  /** Where each id that is held lies. */
  async places(ids: readonly string[]): Promise<ReadonlyMap<string, { readonly segment: string; readonly line: number }>> {
    const keys = ids.filter(isRecordId).map((id) => this.keys.record(id));
    const items = await this.table.getMany(keys, ['sk', 's', 'l']);
    return new Map(items.map((item) => [textIn(item, 'sk'), { segment: textIn(item, 's'), line: integerIn(item, 'l') }]));
  }

  /** Ids that start with these hex digits, in order. */
  async withPrefix(prefix: string, limit: number): Promise<readonly string[]> {
    if (!idPrefix.test(prefix)) return [];
    const ids: string[] = [];
    // A prefix of fewer than two digits is of several partitions: one after the other, and sixteen at a time.
    const partitions = this.partitionsOf(prefix);
    for (let n = 0; n < partitions.length && ids.length < limit; n += digits.length) {
      const some = await forEach(partitions.slice(n, n + digits.length), (two) => this.idsIn(two, prefix, limit));
      ids.push(...some.flat());
    }
    return ids.slice(0, limit);
  }

  private async idsIn(twoDigits: string, prefix: string, limit: number): Promise<readonly string[]> {
    const pk = this.keys.recordsStarting(twoDigits);
    const items = await this.table.query({ pk, from: prefix || '0', to: `${prefix}${afterAll}`, limit, only: ['sk'] });
    return items.map((item) => textIn(item, 'sk'));
  }

  private partitionsOf(prefix: string): readonly string[] {
    if (prefix.length > 1) return [prefix.slice(0, 2)];
    const firsts = prefix === '' ? digits : [prefix];
    return firsts.flatMap((first) => digits.map((second) => first + second));
  }

  private async textOf(item: Item): Promise<string> {
    const place = bodyPlace(item);
    if ('text' in place) return place.text;
    const entry = { id: textIn(item, 'sk'), segment: textIn(item, 's'), line: integerIn(item, 'l') };
    return this.joined(entry, bodyOfRecord, place.pieces);
  }

  /** Puts a text together that `keep` cut into pieces. Throws INDEX_DAMAGED where one is missing. */
  async joined(entry: Pick<IndexEntry, 'id' | 'segment' | 'line'>, what: string, pieces: number): Promise<string> {
    const copy = copyOf(entry, what);
    const { pk } = this.keys.more(entry.id, copy, 0);
    const items = await this.table.query({ pk, from: `${copy}/`, to: `${copy}/${afterAll}` });
    if (items.length !== pieces) throw damagedTable(`record ${entry.id} has ${items.length} of ${pieces} pieces`);
    return Buffer.concat(items.map((item) => bytesIn(item, 'b'))).toString('utf8');
  }
}
