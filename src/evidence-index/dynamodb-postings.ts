// SPDX-License-Identifier: Apache-2.0
import { textIn } from './dynamodb-item.ts';
import { afterAll, timeText } from './dynamodb-keys.ts';
import type { DynamoDbTable } from './dynamodb-table.ts';
import { forEach } from './in-batches.ts';

/** Lines read of one partition at first, so that hundreds of them cost little, and at most, as reading goes on. */
const firstBatch = 8;
const largestBatch = 256;

/** Where a list starts (exclusive) and ends (inclusive), newest first, as texts that positions sort among. */
export interface Span {
  readonly below: string;
  readonly from: string;
}

/** All of a list. */
export const everything: Span = { below: afterAll, from: '0' };

/** The span of times `since` (inclusive) to `until` (exclusive), milliseconds since 1970; all where null. */
export function spanBetween(since: number | null, until: number | null): Span {
  return { below: until === null ? everything.below : timeText(until), from: since === null ? everything.from : timeText(since) };
}

interface Stream {
  readonly pk: string;
  batch: readonly string[];
  next: number;
  batchRows: number;
  isExhausted: boolean;
}

/** Reads the lines of several lists as one, newest first, each position once. */
export class MergedPostings {
  private readonly table: DynamoDbTable;
  private readonly from: string;
  private readonly streams: readonly Stream[];
  private last: string;

  constructor(table: DynamoDbTable, partitions: readonly string[], span: Span) {
    this.table = table;
    this.from = span.from;
    this.last = span.below;
    this.streams = partitions.map((pk) => ({ pk, batch: [], next: 0, batchRows: firstBatch, isExhausted: span.from >= span.below }));
  }

  /** The next positions, at most so many; fewer only where there are no more. */
  async take(count: number): Promise<readonly string[]> {
    const taken: string[] = [];
    while (taken.length < count) {
      await this.fill();
      const first = newestHead(this.streams);
      if (first === '') break;
      taken.push(first);
      this.last = first;
      for (const stream of this.streams) if (headOf(stream) === first) stream.next++;
    }
    return taken;
  }

  private async fill(): Promise<void> {
    const empty = this.streams.filter((stream) => stream.next >= stream.batch.length && !stream.isExhausted);
    await forEach(empty, async (stream) => {
      // One more than asked, as the end of the range is included and was given already.
      const range = { pk: stream.pk, from: this.from, to: this.last, newestFirst: true, limit: stream.batchRows + 1, only: ['sk'] };
      const rows = (await this.table.query(range)).map((item) => textIn(item, 'sk'));
      stream.batch = rows.filter((row) => row < this.last);
      stream.next = 0;
      stream.isExhausted = rows.length <= stream.batchRows;
      stream.batchRows = Math.min(stream.batchRows * 2, largestBatch);
    });
  }
}

function headOf(stream: Stream): string {
  return stream.batch[stream.next] ?? '';
}

function newestHead(streams: readonly Stream[]): string {
  let newest = '';
  for (const head of streams.map(headOf)) if (head > newest) newest = head;
  return newest;
}
