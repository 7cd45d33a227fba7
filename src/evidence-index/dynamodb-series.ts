// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import { sourceIds } from '../evidence/observation.ts';
import type { SeriesEntry } from '../sources/source.ts';
import { damagedTable, type Item, integerIn, optionalTextIn, textIn } from './dynamodb-item.ts';
import { afterAll, type IndexKeys, timeText } from './dynamodb-keys.ts';
import type { DynamoDbRecords } from './dynamodb-records.ts';
import { factsOfRecord, findingOf, seriesKinds } from './dynamodb-states.ts';
import type { DynamoDbTable } from './dynamodb-table.ts';
import { forEach } from './in-batches.ts';
import { instantOf } from './project-segment.ts';

const facts = z.record(z.string(), z.json());

/** Reads the series of a finding: its states and its events, in order of time. */
export class DynamoDbSeries {
  private readonly table: DynamoDbTable;
  private readonly keys: IndexKeys;
  private readonly records: DynamoDbRecords;

  constructor(table: DynamoDbTable, keys: IndexKeys, records: DynamoDbRecords) {
    this.table = table;
    this.keys = keys;
    this.records = records;
  }

  async before(findingKey: string, options: { readonly before: string; readonly limit: number }): Promise<readonly SeriesEntry[]> {
    const at = instantOf(options.before);
    if (at === null) throw new RangeError(`not an ISO 8601 time: ${JSON.stringify(options.before)}`);
    const pk = this.keys.finding(findingOf(findingKey));
    const both = await forEach(Object.values(seriesKinds), (kind) =>
      this.table.query({ pk, from: `${kind}/`, to: `${kind}/${timeText(at)}/${afterAll}`, newestFirst: true, limit: options.limit }),
    );
    const newest = both
      .flat()
      .sort((one, other) => (placeIn(one) < placeIn(other) ? 1 : -1))
      .slice(0, options.limit);
    return forEach(newest, (item) => this.entryOf(item));
  }

  private async entryOf(item: Item): Promise<SeriesEntry> {
    const recordId = placeIn(item).split('/')[2] ?? '';
    const source = sourceIds.find((known) => known === textIn(item, 'k'));
    if (source === undefined) throw damagedTable(`record ${recordId} stands in a series without a source`);
    const text = optionalTextIn(item, 'f') ?? (await this.largeFacts(item, recordId));
    try {
      return { recordId, source, occurredAt: textIn(item, 't'), facts: facts.parse(JSON.parse(text)) };
    } catch (cause) {
      throw damagedTable(`the facts of record ${recordId} cannot be read`, cause);
    }
  }

  private largeFacts(item: Item, id: string): Promise<string> {
    return this.records.joined({ id, segment: textIn(item, 's'), line: integerIn(item, 'l') }, factsOfRecord, integerIn(item, 'm'));
  }
}

/** Time, `collectedAt` and id, as the items of both kinds are ordered. */
function placeIn(item: Item): string {
  const sk = textIn(item, 'sk');
  return sk.slice(sk.indexOf('/') + 1);
}
