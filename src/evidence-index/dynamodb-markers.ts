// SPDX-License-Identifier: Apache-2.0
import { damagedTable, integerIn, itemOf, textIn } from './dynamodb-item.ts';
import { afterAll, dayOfKey, type IndexKeys } from './dynamodb-keys.ts';
import type { DynamoDbTable } from './dynamodb-table.ts';
import type { Write } from './dynamodb-write.ts';
import type { ProjectedSegment } from './evidence-index.ts';

/** How far a segment was taken in: `done` of its records, in their order of being taken in. */
export interface Progress {
  /** Null where the segment has no marker yet. */
  readonly done: number | null;
  readonly isTaken: boolean;
}

/** Markers read at a time while all are walked. */
const markersPerPage = 1_000;

/** The marker of each segment: one item that counts the records taken in, changed in the transaction that takes them in. */
export class DynamoDbMarkers {
  private readonly table: DynamoDbTable;
  private readonly keys: IndexKeys;
  private readonly knownDays = new Set<string>();

  constructor(table: DynamoDbTable, keys: IndexKeys) {
    this.table = table;
    this.keys = keys;
  }

  /** How far a segment was taken in. Throws INDEX_DAMAGED where the marker stands for other bytes. */
  async progress({ key, sha256 }: Pick<ProjectedSegment, 'key' | 'sha256'>): Promise<Progress> {
    const item = await this.table.get(this.keys.segment(key));
    if (item === null) return { done: null, isTaken: false };
    if (textIn(item, 'h') !== sha256) throw damagedTable(`segment ${key} was taken in with other bytes`);
    return { done: integerIn(item, 'd'), isTaken: item['t'] !== undefined };
  }

  /** Whether all of a segment was taken in. */
  async has(key: string): Promise<boolean> {
    return (await this.table.get(this.keys.segment(key)))?.['t'] !== undefined;
  }

  /** Names the segment's day, before its first marker. */
  async prepare(key: string): Promise<void> {
    const day = dayOfKey(key);
    if (this.knownDays.has(day)) return;
    await this.table.putMany([itemOf({ pk: this.keys.days(), sk: day })]);
    this.knownDays.add(day);
  }

  /** The write that moves a marker on: refused where another was first. */
  advance(
    segment: Pick<ProjectedSegment, 'key' | 'sha256'>,
    from: number | null,
    to: { readonly done: number; readonly of: number },
  ): Write {
    const taken = to.done >= to.of ? 1 : undefined;
    const put = itemOf(this.keys.segment(segment.key), { h: segment.sha256, d: to.done, t: taken });
    return { put, when: from === null ? 'absent' : { d: from, h: segment.sha256 } };
  }

  /** Keys of the segments of which all was taken in, in order. */
  async *taken(): AsyncIterable<string> {
    const days = await this.table.query({ pk: this.keys.days(), from: ' ', to: afterAll });
    for (const day of days.map((item) => textIn(item, 'sk'))) {
      const pk = this.keys.segmentsOf(day);
      let after = ' ';
      for (;;) {
        const items = await this.table.query({ pk, from: after, to: afterAll, limit: markersPerPage, only: ['sk', 't'] });
        for (const item of items) if (item['t'] !== undefined && textIn(item, 'sk') !== after) yield textIn(item, 'sk');
        if (items.length < markersPerPage) break;
        after = textIn(items.at(-1) ?? {}, 'sk');
      }
    }
  }
}
