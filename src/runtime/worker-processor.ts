// SPDX-License-Identifier: Apache-2.0
import { Worker } from 'node:worker_threads';
import type { BatchOutcome, BatchProcessor, BatchSetting } from '../collect/process-batch.ts';
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

/** Processes batches in worker threads, each with its own pack and mapper. */
export function workerProcessor(data: BatchWorkerData, threads: number): BatchProcessor {
  const lanes = Array.from({ length: threads }, () => new Lane(data));
  let next = 0;
  return {
    submit: (batch, accountsWithAi) => {
      const lane = lanes[next++ % lanes.length];
      if (lane === undefined) throw new RangeError('a worker processor needs at least one thread');
      return lane.submit(batch, accountsWithAi);
    },
    close: async () => {
      await Promise.all(lanes.map((lane) => lane.close()));
    },
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

  constructor(data: BatchWorkerData) {
    this.#worker = new Worker(new URL('./batch-worker.ts', import.meta.url), { workerData: data });
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
