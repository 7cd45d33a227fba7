// SPDX-License-Identifier: Apache-2.0
import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import type { SeriesEntry } from '../sources/source.ts';
import { DynamoDbAnswers } from './dynamodb-answers.ts';
import { DynamoDbGaps } from './dynamodb-gaps.ts';
import { DynamoDbGenerations } from './dynamodb-generation.ts';
import { DynamoDbHeld } from './dynamodb-held.ts';
import { IndexKeys } from './dynamodb-keys.ts';
import { DynamoDbList } from './dynamodb-list.ts';
import { DynamoDbMarkers } from './dynamodb-markers.ts';
import { DynamoDbRecords } from './dynamodb-records.ts';
import { DynamoDbSeries } from './dynamodb-series.ts';
import { DynamoDbTable, type TableOptions } from './dynamodb-table.ts';
import { DynamoDbWriter } from './dynamodb-writer.ts';
import type { ControlCount, DayCount, EvidenceIndex, EvidenceQuery, IndexEntry, OpenGap, ProjectedSegment } from './evidence-index.ts';
import type { IsAiResource } from './project-segment.ts';

/** Milliseconds that a reader stays with a generation before it asks whether a rebuild put another in its place. */
const generationLasts = 60_000;

/** How a DynamoDB index is opened, and how the projection tells an AI resource. */
export interface DynamoDbIndexOptions extends TableOptions {
  readonly isAiResource: IsAiResource;
  /** The generation to use whatever the table says: for filling one that is not current yet. */
  readonly generation?: string;
  /** Records taken in in one transaction at most, where that is fewer than fit. */
  readonly recordsPerPart?: number;
  /** Milliseconds of a clock that never goes back. */
  readonly clock?: () => number;
}

/** All that works on one generation. */
interface Parts {
  readonly generation: string;
  readonly records: DynamoDbRecords;
  readonly markers: DynamoDbMarkers;
  readonly writer: DynamoDbWriter;
  readonly lists: DynamoDbList;
  readonly answers: DynamoDbAnswers;
  readonly gaps: DynamoDbGaps;
  readonly series: DynamoDbSeries;
}

/**
 * The evidence index in one DynamoDB table (docs/index-design.md). Any number of processes may read and write at once.
 * `apply` takes a segment in in parts, each with its counts and the segment's marker in one transaction: until it resolves, readers may see the
 * first parts. Every method may throw INDEX_UNAVAILABLE (throttled to the end, denied, unreachable), INDEX_DAMAGED or INDEX_NEWER.
 */
export class DynamoDbIndex implements EvidenceIndex {
  private readonly options: DynamoDbIndexOptions;
  private readonly table: DynamoDbTable;
  private readonly generations: DynamoDbGenerations;
  private readonly clock: () => number;
  private parts: Parts;
  private asked: number;

  private constructor(options: DynamoDbIndexOptions, table: DynamoDbTable, generation: string) {
    this.options = options;
    this.table = table;
    this.generations = new DynamoDbGenerations(table);
    this.clock = options.clock ?? (() => performance.now());
    this.parts = partsOf(options, table, generation);
    this.asked = this.clock();
  }

  /** Opens the index of a table; an empty table is an empty index. The client stays the caller's. */
  static async open(options: DynamoDbIndexOptions): Promise<DynamoDbIndex> {
    const table = new DynamoDbTable(options);
    const generation = options.generation ?? (await new DynamoDbGenerations(table).read()).generation;
    return new DynamoDbIndex(options, table, generation);
  }

  /** What CreateTable takes for the table: the stack's has the same keys. */
  static tableDefinition(table: string) {
    return {
      TableName: table,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    } satisfies CreateTableCommandInput;
  }

  async apply(segment: ProjectedSegment): Promise<void> {
    if (this.options.generation === undefined) await this.followPointer(true);
    await this.parts.writer.apply(segment);
  }

  async hasSegment(key: string): Promise<boolean> {
    return (await this.current()).markers.has(key);
  }

  async *segments(): AsyncIterable<string> {
    yield* (await this.current()).markers.taken();
  }

  async locate(ids: readonly string[]): Promise<ReadonlyMap<string, { readonly segment: string; readonly line: number }>> {
    return (await this.current()).records.places(ids);
  }

  async list(query: EvidenceQuery): Promise<{ readonly records: readonly IndexEntry[]; readonly cursor: string | null }> {
    return (await this.current()).lists.page(query);
  }

  async entry(id: string): Promise<IndexEntry | null> {
    return (await (await this.current()).records.projections([id])).get(id)?.entry ?? null;
  }

  async idsWithPrefix(prefix: string, limit: number): Promise<readonly string[]> {
    return (await this.current()).records.withPrefix(prefix, limit);
  }

  async series(findingKey: string, options: { readonly before: string; readonly limit: number }): Promise<readonly SeriesEntry[]> {
    return (await this.current()).series.before(findingKey, options);
  }

  async counts(): Promise<readonly ControlCount[]> {
    return (await this.current()).answers.counts();
  }

  async countsByDay(query: { readonly control?: string; readonly since?: string; readonly until?: string }): Promise<readonly DayCount[]> {
    return (await this.current()).answers.countsByDay(query);
  }

  async totals(): Promise<readonly { readonly source: string; readonly kind: string; readonly records: number }[]> {
    return (await this.current()).answers.totals();
  }

  async accountsWithAi(): Promise<ReadonlySet<string>> {
    return (await this.current()).answers.accountsWithAi();
  }

  async openGaps(): Promise<readonly OpenGap[]> {
    return (await this.current()).gaps.openGaps();
  }

  async unfinishedPlans(): Promise<readonly IndexEntry[]> {
    return (await this.current()).gaps.unfinishedPlans();
  }

  /** Nothing is held: the client is its maker's to destroy. */
  async close(): Promise<void> {}

  private async current(): Promise<Parts> {
    const isOld = this.clock() - this.asked >= generationLasts;
    if (isOld && this.options.generation === undefined) await this.followPointer(false);
    return this.parts;
  }

  /** Goes over to the current generation, where a rebuild put another one in place of ours. */
  private async followPointer(forWriting: boolean): Promise<void> {
    const pointer = await this.generations.read();
    if (forWriting && !pointer.isWritten) await this.generations.found(pointer);
    this.asked = this.clock();
    if (pointer.generation !== this.parts.generation) this.parts = partsOf(this.options, this.table, pointer.generation);
  }
}

function partsOf({ isAiResource, recordsPerPart }: DynamoDbIndexOptions, table: DynamoDbTable, generation: string): Parts {
  const keys = new IndexKeys(generation);
  const records = new DynamoDbRecords(table, keys);
  const markers = new DynamoDbMarkers(table, keys);
  const lists = new DynamoDbList(table, keys, records);
  return {
    generation,
    records,
    markers,
    lists,
    writer: new DynamoDbWriter({ table, keys, markers, held: new DynamoDbHeld(table, keys, records), isAiResource, recordsPerPart }),
    answers: new DynamoDbAnswers(table, keys, lists),
    gaps: new DynamoDbGaps(table, keys, records),
    series: new DynamoDbSeries(table, keys, records),
  };
}
