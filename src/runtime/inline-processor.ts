// SPDX-License-Identifier: Apache-2.0
import type { ItemPipeline } from '../collect/item-pipeline.ts';
import { type BatchOutcome, type BatchProcessor, type BatchSetting, processBatch } from '../collect/process-batch.ts';
import { type FileBatch, releaseBatch } from '../sources/intake/file-batch.ts';

/** Processes batches in the calling thread: the right thing for a few files. */
export function inlineProcessor(pipeline: ItemPipeline, setting: BatchSetting): BatchProcessor {
  return {
    submit: async (batch, accountsWithAi) => processHere(pipeline, setting, batch, accountsWithAi),
    wait: async (outcome) => await outcome,
    close: async () => undefined,
  };
}

/** Processes a batch in the calling thread and gives its memory back. */
export function processHere(
  pipeline: ItemPipeline,
  setting: BatchSetting,
  batch: FileBatch,
  accountsWithAi: ReadonlySet<string>,
): BatchOutcome {
  const outcome = processBatch(pipeline, setting, batch, accountsWithAi);
  releaseBatch(batch);
  return outcome;
}
