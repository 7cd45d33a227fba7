// SPDX-License-Identifier: Apache-2.0
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { comparePositions, type Position } from './position.ts';
import { integerIn } from './sqlite-row.ts';

/** Rows read of one facet at first, so that hundreds of facets cost little, and at most, as reading goes on. */
const firstBatch = 8;
const largestBatch = 256;

/** Where a list starts (exclusive) and the oldest instant it reaches (inclusive), milliseconds since 1970. */
export interface Span {
  readonly after: Position;
  readonly since: number;
}

interface Stream {
  readonly facet: number;
  batch: readonly Position[];
  next: number;
  batchRows: number;
  isExhausted: boolean;
}

/** Reads the records of facets in order of time. */
export class SqlitePostings {
  private readonly page: StatementSync;
  private readonly some: StatementSync;

  constructor(db: DatabaseSync) {
    this.page = db.prepare(`SELECT at, key, seq FROM posting
      WHERE facet = ? AND (at, key, seq) < (?, ?, ?) AND at >= ? ORDER BY at DESC, key DESC, seq DESC LIMIT ?`);
    this.some = db.prepare('SELECT count(*) AS n FROM (SELECT 1 FROM posting WHERE facet = ? AND at >= ? AND at <= ? LIMIT ?)');
  }

  /** The newest record of a facet within a span, or null. */
  newest(facet: number, span: Span): Position | null {
    return this.read(facet, span.after, span.since, 1)[0] ?? null;
  }

  /** How many records the facets have within a span together, counted up to about `most`. */
  weigh(facets: readonly number[], span: Span, most: number): number {
    let sum = 0;
    for (const facet of facets) {
      if (sum >= most) return sum;
      sum += integerIn(this.some.get(facet, span.since, span.after.at, most - sum), 'n');
    }
    return sum;
  }

  /** The records of any of the facets, newest first, each once. */
  *merged(facets: readonly number[], span: Span): Generator<Position, void> {
    const streams = facets.map((facet): Stream => ({ facet, batch: [], next: 0, batchRows: firstBatch, isExhausted: false }));
    let last = span.after;
    for (;;) {
      let first: Position | null = null;
      for (const stream of streams) {
        const head = this.head(stream, last, span.since);
        if (head !== null && (first === null || comparePositions(head, first) < 0)) first = head;
      }
      if (first === null) return;
      last = first;
      yield first;
    }
  }

  /** The stream's next position after `last`; a record that another facet gave already is passed over. */
  private head(stream: Stream, last: Position, since: number): Position | null {
    for (;;) {
      const head = stream.batch[stream.next];
      if (head !== undefined && comparePositions(last, head) < 0) return head;
      if (head !== undefined) stream.next++;
      else if (stream.isExhausted) return null;
      else {
        stream.batch = this.read(stream.facet, last, since, stream.batchRows);
        stream.next = 0;
        stream.isExhausted = stream.batch.length < stream.batchRows;
        stream.batchRows = Math.min(stream.batchRows * 2, largestBatch);
      }
    }
  }

  private read(facet: number, after: Position, since: number, limit: number): readonly Position[] {
    const rows = this.page.all(facet, after.at, after.key, after.seq, since, limit);
    return rows.map((row) => ({ at: integerIn(row, 'at'), key: integerIn(row, 'key'), seq: integerIn(row, 'seq') }));
  }
}
