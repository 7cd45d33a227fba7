// SPDX-License-Identifier: Apache-2.0
import { isConflict, isPassing } from './dynamodb-failure.ts';
import type { DynamoDbHeld } from './dynamodb-held.ts';
import type { Item } from './dynamodb-item.ts';
import { countShards, type IndexKeys, shardOf } from './dynamodb-keys.ts';
import type { DynamoDbMarkers, Progress } from './dynamodb-markers.ts';
import { type Held, type Part, planPart } from './dynamodb-part.ts';
import { isRecordId } from './dynamodb-records.ts';
import { type DynamoDbTable, longestPause } from './dynamodb-table.ts';
import type { Write } from './dynamodb-write.ts';
import type { ProjectedSegment } from './evidence-index.ts';
import { type IsAiResource, type Projection, projectSegment } from './project-segment.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html, read 2026-11; one is the marker. */
const mostWrites = 100 - 1;
/** An expression takes 4 KB and 300 operators; a counter needs ten characters of it. */
const mostAmounts = 250;
const mostRecords = 96;
const firstRecords = 32;
/** Times that a part is begun again because others wrote meanwhile (each time one of them got on), or because DynamoDB failed. */
const mostConflicts = 40;
const mostFailures = 10;
const longestConflictPause = 1_000;
/** Names of facets remembered before the memory starts anew. */
const mostNames = 20_000;

/** What the writer shares with the answers. */
export interface WriterParts {
  readonly table: DynamoDbTable;
  readonly keys: IndexKeys;
  readonly markers: DynamoDbMarkers;
  readonly held: DynamoDbHeld;
  readonly isAiResource: IsAiResource;
  /** Records of one part at most, where that is fewer than fit. */
  readonly recordsPerPart?: number | undefined;
}

interface Work {
  readonly segment: Pick<ProjectedSegment, 'key' | 'sha256'>;
  readonly projections: readonly Projection[];
  /** Records whose lines of lists are written already. */
  readonly early: Set<string>;
}

interface FittingPart extends Part {
  readonly records: number;
}

/**
 * Takes segments in, in parts: the records of a part, what they change in the counts and the marker that says how far the segment is
 * change in one transaction. A part that others were faster with, or whose outcome is not known, is begun again from the marker.
 */
export class DynamoDbWriter {
  private readonly parts: WriterParts;
  private readonly names = new Set<string>();
  /** Records that fitted into the last part, and a few more: the next one has nearly the same. */
  private size = firstRecords;

  constructor(parts: WriterParts) {
    this.parts = parts;
  }

  async apply(segment: ProjectedSegment): Promise<void> {
    const { markers, isAiResource } = this.parts;
    let progress = await markers.progress(segment);
    if (progress.isTaken) return;
    const projections = inOrder(projectSegment(segment, isAiResource));
    const wrong = projections.find(({ entry }) => !isRecordId(entry.id));
    if (wrong !== undefined) throw new RangeError(`a record id has 64 hex digits, not ${JSON.stringify(wrong.entry.id.slice(0, 80))}`);
    await markers.prepare(segment.key);
    const work: Work = { segment, projections, early: new Set() };
    while (!progress.isTaken) progress = await this.takePart(work, progress.done);
  }

  /** Takes in the next part, however often others are faster or the outcome is not known; gives how far the segment is then. */
  private async takePart(work: Work, from: number | null): Promise<Progress> {
    const { table, markers } = this.parts;
    for (let tries = 0; ; tries++) {
      try {
        return await this.tryPart(work, from, tries);
      } catch (error) {
        const isOver = tries + 1 >= (isConflict(error) ? mostConflicts : mostFailures);
        if (isOver || !(isConflict(error) || isPassing(error))) throw table.failure(error, 'TransactWriteItems');
        await table.pause(tries, isConflict(error) ? longestConflictPause : longestPause);
      }
      const progress = await markers.progress(work.segment);
      if (progress.isTaken || progress.done !== from) return progress;
    }
  }

  private async tryPart(work: Work, from: number | null, tries: number): Promise<Progress> {
    const { table, held, markers, recordsPerPart = mostRecords } = this.parts;
    const done = from ?? 0;
    const next = work.projections.slice(done, done + Math.min(this.size, recordsPerPart));
    // Whatever part of the counters takes what is counted, they are summed: where others are in the way, another part is tried.
    const shard = (shardOf(`${work.segment.key} ${done}`, countShards) + tries) % countShards;
    const part = this.fitting(next, await held.read(next), shard);
    await this.writeEarly(work, next.slice(0, part.records), part);
    const reached = { done: done + part.records, of: work.projections.length };
    await table.transact([...part.writes, markers.advance(work.segment, from, reached)]);
    return { done: reached.done, isTaken: reached.done >= reached.of };
  }

  /** As many of the records as fit into one transaction: at least one always does. */
  private fitting(next: readonly Projection[], held: Held, shard: number): FittingPart {
    for (let records = next.length; ; records = Math.floor(records * 0.9)) {
      const part = planPart(this.parts.keys, next.slice(0, records), held, shard);
      if (fits(part.writes)) {
        this.size = records < next.length ? records + 1 : Math.max(this.size, Math.min(records + 4, mostRecords));
        return { ...part, records };
      }
      if (records <= 1) throw new RangeError(`record ${next[0]?.entry.id} claims more than one transaction can count`);
    }
  }

  /** What may be there before the transaction: so that whoever finds the record finds it in the lists too. */
  private async writeEarly(work: Work, records: readonly Projection[], part: Part): Promise<void> {
    const isWritten = records.every(({ entry }) => work.early.has(entry.id));
    const names = part.names.filter((item) => !this.names.has(nameOf(item)));
    await this.parts.table.putMany(isWritten ? names : [...names, ...part.early]);
    if (this.names.size > mostNames) this.names.clear();
    for (const item of names) this.names.add(nameOf(item));
    for (const { entry } of records) work.early.add(entry.id);
  }
}

/**
 * The order in which records are taken in, so that those of one day meet in one part. A marker counts in this order: with any other,
 * or another projection, segments that are half taken in would go wrong, and the version of the index must be raised.
 */
function inOrder(projections: readonly Projection[]): readonly Projection[] {
  return [...projections].sort((one, other) => one.at - other.at || (one.entry.id < other.entry.id ? -1 : 1));
}

function fits(writes: readonly Write[]): boolean {
  return writes.length <= mostWrites && writes.every((write) => !('add' in write) || write.amounts.size <= mostAmounts);
}

function nameOf(item: Item): string {
  return `${item['pk']?.S} ${item['sk']?.S}`;
}
