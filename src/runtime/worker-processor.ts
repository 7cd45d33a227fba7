// SPDX-License-Identifier: Apache-2.0
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { ItemPipeline } from '../collect/item-pipeline.ts';
import type { BatchOutcome, BatchProcessor, BatchSetting } from '../collect/process-batch.ts';
import type { Declarations } from '../evidence/scope-file.ts';
import { type FileBatch, transferList } from '../sources/intake/file-batch.ts';
import { processHere } from './inline-processor.ts';

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

/** What a worker says: once that it is ready, then what became of each batch, in the order it was given them. */
export type BatchReply = { readonly isReady: true } | { readonly outcome: BatchOutcome } | { readonly failure: unknown };

/**
 * Batches that the worker has before it: about as much as it does while the collecting thread indexes a segment. The others stay with that thread, which
 * takes one itself where it would only wait.
 */
const mostPosted = 4;

// Batches are short-lived: a small heap that is swept often keeps the whole collection within a quarter of a gigabyte.
const heapLimits = { maxYoungGenerationSizeMb: 12, maxOldGenerationSizeMb: 64 } as const;

/** A larger batch is one large item (files are cut every 512 KiB): text and value of it could be more than the worker's heap, and end the run. */
const mostBytesPosted = 1024 * 1024;

/**
 * Processes batches in a worker thread with its own pack and mapper, and in the calling thread where that would wait for the worker: so both are busy,
 * however much the calling thread has to do beside.
 */
export function workerProcessor(data: BatchWorkerData, pipeline: ItemPipeline): BatchProcessor {
  return new SharedWork(data, pipeline);
}

interface Task {
  readonly batch: FileBatch;
  readonly accountsWithAi: ReadonlySet<string>;
  readonly resolve: (outcome: BatchOutcome) => void;
  readonly reject: (reason: unknown) => void;
}

class SharedWork implements BatchProcessor {
  readonly #worker: Worker;
  readonly #pipeline: ItemPipeline;
  readonly #setting: BatchSetting;
  /** What the worker has not answered yet, in the order it was given. */
  readonly #posted: Task[] = [];
  /** What it was not given yet. */
  readonly #kept: Task[] = [];
  #accountsTold = -1;
  #isReady = false;
  /** Why the worker ended before its time; what is given to it then would never be answered. */
  #failure: { readonly reason: unknown } | null = null;

  constructor(data: BatchWorkerData, pipeline: ItemPipeline) {
    this.#pipeline = pipeline;
    this.#setting = data.setting;
    this.#worker = new Worker(new URL('./batch-worker.ts', import.meta.url), { workerData: data, resourceLimits: heapLimits });
    this.#worker.on('message', (reply: BatchReply) => this.#take(reply));
    this.#worker.on('error', (reason) => {
      this.#failure = { reason };
      for (const task of [...this.#posted.splice(0), ...this.#kept.splice(0)]) task.reject(reason);
    });
  }

  submit(batch: FileBatch, accountsWithAi: ReadonlySet<string>): Promise<BatchOutcome> {
    const { promise: outcome, ...settle } = Promise.withResolvers<BatchOutcome>();
    if (this.#failure === null) this.#kept.push({ batch, accountsWithAi, ...settle });
    else settle.reject(this.#failure.reason);
    // Outcomes are waited for in turn: one that fails behind another is heard of when its turn comes, and must not end the process before.
    outcome.catch(() => undefined);
    this.#post();
    return outcome;
  }

  async wait(outcome: Promise<BatchOutcome>): Promise<BatchOutcome> {
    let isDone = false;
    const done = () => {
      isDone = true;
    };
    outcome.then(done, done);
    do {
      // What the worker has finished is known only after a turn of the event loop.
      await setImmediate();
    } while (!isDone && this.#takeOne());
    return await outcome;
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #take(reply: BatchReply): void {
    if ('isReady' in reply) this.#isReady = true;
    else {
      const task = this.#posted.shift();
      if ('outcome' in reply) task?.resolve(reply.outcome);
      else task?.reject(reply.failure);
    }
    this.#post();
  }

  // Nothing is given to a worker that still starts: this thread would wait for it.
  #post(): void {
    while (this.#isReady && this.#posted.length < mostPosted) {
      const task = this.#kept.shift();
      if (task === undefined) return;
      const { batch, accountsWithAi } = task;
      const isNews = accountsWithAi.size !== this.#accountsTold;
      const message: BatchMessage = { batch, accountsWithAi: isNews ? [...accountsWithAi] : null };
      if (this.#isSent(message)) {
        this.#accountsTold = accountsWithAi.size;
        this.#posted.push(task);
      } else this.#processHere(task);
    }
  }

  /** Processes a batch that the worker was not given; false where there is none. */
  #takeOne(): boolean {
    const task = this.#kept.shift();
    if (task === undefined) return false;
    this.#processHere(task);
    return true;
  }

  /** False for a batch that is too large, or whose context is nested deeper than can be copied: the call stack ends before. */
  #isSent(message: BatchMessage): boolean {
    if (message.batch.bytes.byteLength > mostBytesPosted) return false;
    try {
      this.#worker.postMessage(message, transferList(message.batch));
      return true;
    } catch (error) {
      if (Error.isError(error) && error.name === 'RangeError') return false;
      throw error;
    }
  }

  #processHere(task: Task): void {
    try {
      task.resolve(processHere(this.#pipeline, this.#setting, task.batch, task.accountsWithAi));
    } catch (failure) {
      task.reject(failure);
    }
  }
}
