// SPDX-License-Identifier: Apache-2.0
import type { Gap } from '../evidence/gap.ts';
import type { Json } from '../evidence/json.ts';
import type { RawItem, SourceId } from '../evidence/observation.ts';
import type { SealContext } from '../evidence/seal-record.ts';
import type { FileBatch, Unrecognised } from '../sources/intake/file-batch.ts';
import { readBatch } from '../sources/intake/read-batch.ts';
import { type ItemPipeline, nothingIn, type SealedObservation } from './item-pipeline.ts';
import { type PackedRecords, RecordPacker } from './packed-records.ts';

/** What every batch of one collection shares. */
export interface BatchSetting {
  readonly sweptAt: string;
  /** One per source of the collection: the run its records belong to. Items of other sources are not asked for. */
  readonly contexts: ReadonlyMap<SourceId, SealContext>;
}

/** What became of the items of a batch. */
export interface BatchOutcome {
  /** One for each source that the batch held records of. */
  readonly sealed: PackedRecords[];
  /** Items that need what only the collecting thread knows: earlier observations, or the account's other items. */
  readonly deferred: RawItem[];
  readonly gaps: { readonly source: SourceId | null; readonly gap: Gap }[];
  readonly unrecognised: Unrecognised[];
}

/** Turns batches of file items into sealed records, in this thread or another. Outcomes keep the order of submission. */
export interface BatchProcessor {
  submit(batch: FileBatch, accountsWithAi: ReadonlySet<string>): Promise<BatchOutcome>;
  /** Waits for what `submit` gave; the calling thread may work on other batches meanwhile. */
  wait(outcome: Promise<BatchOutcome>): Promise<BatchOutcome>;
  close(): Promise<void>;
}

/** Recognises, interprets, maps and seals the items of one batch. */
export function processBatch(
  pipeline: ItemPipeline,
  setting: BatchSetting,
  batch: FileBatch,
  accountsWithAi: ReadonlySet<string>,
): BatchOutcome {
  const outcome: BatchOutcome = { sealed: [], deferred: [], gaps: [], unrecognised: [] };
  const packers = new Map<SourceId, RecordPacker>();
  // What a record adds to its item: identity, claims, salts. Too small a guess only costs a copy.
  const expected = batch.bytes.length + batch.starts.length * 1_500;
  let source: SourceId | null = null;
  for (const read of readBatch(batch, setting.sweptAt)) {
    if ('unrecognised' in read) outcome.unrecognised.push(read.unrecognised);
    else if ('gap' in read) outcome.gaps.push({ source, gap: read.gap });
    else {
      source = read.item.source;
      const context = setting.contexts.get(source);
      if (context === undefined) outcome.unrecognised.push({ path: batch.path, reason: `holds ${source} items, which were not asked for` });
      else {
        const packer = packerOf(packers, source, expected);
        processItem({ path: batch.path, pipeline, context, accountsWithAi, outcome, packer }, read.item, read.value);
      }
    }
  }
  outcome.sealed.push(...[...packers.values()].map((packer) => packer.pack()).filter((packed) => packed.ids.length > 0));
  return outcome;
}

function packerOf(packers: Map<SourceId, RecordPacker>, source: SourceId, expectedBytes: number): RecordPacker {
  let packer = packers.get(source);
  if (packer === undefined) {
    packer = new RecordPacker(source, expectedBytes);
    packers.set(source, packer);
  }
  return packer;
}

interface ItemWork {
  readonly path: string;
  readonly packer: RecordPacker;
  readonly pipeline: ItemPipeline;
  readonly context: SealContext;
  readonly accountsWithAi: ReadonlySet<string>;
  readonly outcome: BatchOutcome;
}

function processItem({ path, pipeline, context, accountsWithAi, outcome, packer }: ItemWork, item: RawItem, value: Json): void {
  const sealed: SealedObservation[] = [];
  const results = pipeline.interpret(item, value);
  // Nothing may fall through: what its source makes nothing of is told about.
  if (results.length === 0) outcome.unrecognised.push({ path, reason: nothingIn(item) });
  for (const result of results) {
    if ('gap' in result) {
      outcome.deferred.push(item);
      return;
    }
    const { observation } = result;
    const ready = pipeline.derivationsFor(observation).length === 0;
    const one = ready ? pipeline.seal(observation, item.channel, context, { accountsWithAi, final: false }) : null;
    if (one === null) {
      outcome.deferred.push(item);
      return;
    }
    sealed.push(one);
  }
  for (const one of sealed) packer.add(one);
}
