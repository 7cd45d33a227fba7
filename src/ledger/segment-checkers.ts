// SPDX-License-Identifier: Apache-2.0
import { Worker } from 'node:worker_threads';
import { checkSegment, type SegmentCheck, type SegmentToCheck } from './check-segment.ts';

interface Asked {
  readonly resolve: (check: SegmentCheck) => void;
  readonly reject: (error: unknown) => void;
}

/** Checks segments on worker threads, or on the calling thread where none are asked for. Close it when done. */
export class SegmentCheckers {
  readonly #workers: CheckingThread[];

  constructor(threads: number) {
    this.#workers = Array.from({ length: threads }, () => new CheckingThread());
  }

  /** How many threads there are. */
  get threads(): number {
    return this.#workers.length;
  }

  /** The check of one segment, on the thread with the least to do. The bytes are handed over: the caller may not use them afterwards. */
  async check(segment: SegmentToCheck): Promise<SegmentCheck> {
    const idle = this.#workers.reduce<CheckingThread | null>(
      (best, one) => (best === null || one.waiting < best.waiting ? one : best),
      null,
    );
    return idle === null ? checkSegment(segment) : await idle.check(segment);
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.close()));
  }
}

/** One worker thread; it answers in the order it was asked. */
class CheckingThread {
  readonly #worker: Worker;
  readonly #asked: Asked[] = [];
  #failure: unknown = null;

  constructor() {
    this.#worker = new Worker(new URL('./check-segment-worker.ts', import.meta.url));
    this.#worker.on('message', (check: SegmentCheck) => this.#asked.shift()?.resolve(check));
    this.#worker.on('error', (error: unknown) => this.#fail(error));
    this.#worker.on('exit', () => this.#fail(new Error('the checking thread ended')));
  }

  get waiting(): number {
    return this.#asked.length;
  }

  check({ key, bytes, leaf, records }: SegmentToCheck): Promise<SegmentCheck> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#asked.push({ resolve, reject });
      // A buffer of its own is moved, not copied; one that shares its memory with others (small files) is copied.
      const whole = bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength;
      this.#worker.postMessage({ key, bytes, leaf, records }, whole ? [bytes.buffer] : []);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(error: unknown): void {
    this.#failure = error;
    for (const { reject } of this.#asked.splice(0)) reject(error);
  }
}
