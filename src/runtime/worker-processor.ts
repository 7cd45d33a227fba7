// SPDX-License-Identifier: Apache-2.0
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { ItemPipeline } from '../collect/item-pipeline.ts';
import { type BatchOutcome, type BatchProcessor, type BatchSetting, processBatch } from '../collect/process-batch.ts';
import type { Declarations } from '../evidence/scope-file.ts';
import { type FileBatch, transferList } from '../sources/intake/file-batch.ts';

/** What a batch worker is started with. */
export interface BatchWorkerData {
  readonly setting: BatchSetting;
  readonly declarations: Declarations;
}

/** One batch for a worker; accounts only when more are known than the worker was told. */
export interface BatchMessage {
  readonly batch: FileBatch;
  readonly accountsWithAi: readonly string[] | null;
}

/** What a worker answers, in the order of the batches it was given. */
export type BatchReply = { readonly outcome: BatchOutcome } | { readonly failure: unknown };

/** Batches that may wait for the worker before the collecting thread takes one itself. */
const maxWaiting = 8;

// Batches are short-lived: a small heap that is swept often keeps the whole collection within a quarter of a gigabyte.
const heapLimits = { maxYoungGenerationSizeMb: 12, maxOldGenerationSizeMb: 64 } as const;

/**
 * Processes batches in a worker thread with its own pack and mapper, and in the calling thread when the worker has enough to do: so both are busy,
 * however much the calling thread has to do beside.
 */
export function workerProcessor(data: BatchWorkerData, pipeline: ItemPipeline): BatchProcessor {
  const lane = new Lane(data);
  return {
    submit: async (batch, accountsWithAi) => {
      // What the worker has finished is known only after a turn of the event loop.
      if (lane.waiting >= maxWaiting) await setImmediate();
      if (lane.waiting < maxWaiting) return await lane.submit(batch, accountsWithAi);
      return processBatch(pipeline, data.setting, batch, accountsWithAi);
    },
    close: () => lane.close(),
  };
}

interface Waiting {
  readonly resolve: (outcome: BatchOutcome) => void;
  readonly reject: (reason: unknown) => void;
}

class Lane {
  readonly #worker: Worker;
  readonly #waiting: Waiting[] = [];
  #told = -1;

  /** Batches that the worker has not answered yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  constructor(data: BatchWorkerData) {
    this.#worker = new Worker(new URL('./batch-worker.ts', import.meta.url), { workerData: data, resourceLimits: heapLimits });
    this.#worker.on('message', (reply: BatchReply) => {
      const waiting = this.#waiting.shift();
      if ('outcome' in reply) waiting?.resolve(reply.outcome);
      else waiting?.reject(reply.failure);
    });
    this.#worker.on('error', (error) => {
      for (const waiting of this.#waiting.splice(0)) waiting.reject(error);
    });
  }

  submit(batch: FileBatch, accountsWithAi: ReadonlySet<string>): Promise<BatchOutcome> {
    const isNews = accountsWithAi.size !== this.#told;
    this.#told = accountsWithAi.size;
    const message: BatchMessage = { batch, accountsWithAi: isNews ? [...accountsWithAi] : null };
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage(message, transferList(batch));
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
