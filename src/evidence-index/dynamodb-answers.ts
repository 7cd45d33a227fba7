// SPDX-License-Identifier: Apache-2.0
import { dayIn, dayOf, dayText } from './day.ts';
import { claimCounter, claimSums, counterKinds, groupOf, sumsByName } from './dynamodb-counters.ts';
import { type Item, textIn } from './dynamodb-item.ts';
import { afterAll, controlGroups, countShards, type IndexKeys, timeIn } from './dynamodb-keys.ts';
import type { DynamoDbList } from './dynamodb-list.ts';
import type { DynamoDbTable } from './dynamodb-table.ts';
import type { ControlCount, DayCount } from './evidence-index.ts';
import { forEach } from './in-batches.ts';
import { compareTexts, mergeCounts } from './merge-counts.ts';

const groups = Array.from({ length: controlGroups }, (_, group) => group);
const shards = Array.from({ length: countShards }, (_, shard) => shard);

/** Answers how much there is: by control, by day, by source, by account. Counters are read from all parts and summed. */
export class DynamoDbAnswers {
  private readonly table: DynamoDbTable;
  private readonly keys: IndexKeys;
  private readonly lists: DynamoDbList;

  constructor(table: DynamoDbTable, keys: IndexKeys, lists: DynamoDbList) {
    this.table = table;
    this.keys = keys;
    this.lists = lists;
  }

  async counts(): Promise<readonly ControlCount[]> {
    const sums = claimSums(await this.counters(`${counterKinds.claim}/`, `${counterKinds.claim}/${afterAll}`));
    const facets = await this.lists.claimFacets();
    const counts = await forEach(
      sums.filter(({ observations }) => observations > 0),
      async (sum): Promise<ControlCount> => {
        const newest = await this.lists.newestOf(sum, facets);
        return { ...sum, newest: newest?.occurredAt ?? newest?.collectedAt ?? '' };
      },
    );
    return mergeCounts(counts, () => ({}));
  }

  async countsByDay(query: { readonly control?: string; readonly since?: string; readonly until?: string }): Promise<readonly DayCount[]> {
    const from = query.since === undefined ? null : dayIn(query.since);
    const to = query.until === undefined ? null : dayIn(query.until);
    const asked = query.control === undefined ? groups : [groupOf(query.control)];
    const items = await forEach(asked, (group) => this.counters(dayBound(group, from, ''), dayBound(group, to, afterAll)));
    const byDay = Map.groupBy(items.flat(), (item) => dayOf(timeIn(textIn(item, 'sk').split('/')[2] ?? '')));
    const counts = [...byDay].flatMap(([day, ofDay]) => claimSums(ofDay).map((sum) => ({ day: dayText(day), ...sum })));
    return mergeCounts(
      counts.filter(({ control }) => query.control === undefined || control === query.control),
      () => ({}),
    );
  }

  async totals(): Promise<readonly { readonly source: string; readonly kind: string; readonly records: number }[]> {
    const sums = sumsByName(await this.counters(counterKinds.source, counterKinds.source));
    return [...sums]
      .map(([name, records]) => ({ source: name.slice(0, name.indexOf(' ')), kind: name.slice(name.indexOf(' ') + 1), records }))
      .sort((one, other) => compareTexts(one.source, other.source) || compareTexts(one.kind, other.kind));
  }

  async accountsWithAi(): Promise<ReadonlySet<string>> {
    const sums = sumsByName(await this.counters(`${counterKinds.ai}/`, `${counterKinds.ai}/${afterAll}`));
    return new Set([...sums.keys()].map((name) => name.slice(1)).sort(compareTexts));
  }

  private async counters(from: string, to: string): Promise<readonly Item[]> {
    const parts = await forEach(shards, (shard) => this.table.query({ pk: this.keys.counts(shard), from, to }));
    return parts.flat();
  }
}

/** The counters of a group on a day; where no day is given, before or after those of all days. */
function dayBound(group: number, day: number | null, open: string): string {
  return day === null ? `${counterKinds.day}/${group}/${open}` : claimCounter(group, day);
}
