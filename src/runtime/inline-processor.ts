// SPDX-License-Identifier: Apache-2.0
import type { ItemPipeline } from '../collect/item-pipeline.ts';
import { type BatchProcessor, type BatchSetting, processBatch } from '../collect/process-batch.ts';

/** Processes batches in the calling thread: the right thing for a few files. */
export function inlineProcessor(pipeline: ItemPipeline, setting: BatchSetting): BatchProcessor {
  return {
    submit: async (batch, accountsWithAi) => processBatch(pipeline, setting, batch, accountsWithAi),
    close: async () => undefined,
  };
}
