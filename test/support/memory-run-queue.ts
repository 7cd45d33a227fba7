// SPDX-License-Identifier: Apache-2.0
import type { QueuedRun, RefusedRun, RunQueue } from '../../src/collect/run-queue.ts';
import { messageBody } from '../../src/runtime/aws/sqs-run-queue.ts';
import { messageGroup } from '../../src/runtime/deployment/collect-message.ts';

/** A message as the double keeps it. */
export interface QueuedMessage {
  readonly id: string;
  readonly body: string;
  readonly group: string;
  readonly source: string;
  receives: number;
}

/** A FIFO queue in memory that keeps the promises of SQS: no repetition by deduplication id, order inside a group, failed messages come again. */
export class MemoryRunQueue implements RunQueue {
  readonly waiting: QueuedMessage[] = [];
  readonly deadLetters: QueuedMessage[] = [];
  /** Runs whose id holds this are refused. */
  refuses: string | null = null;
  readonly #seen = new Set<string>();
  readonly #groups: string[] = [];
  readonly #maxReceives: number;
  #sent = 0;

  constructor(maxReceives = 5) {
    this.#maxReceives = maxReceives;
  }

  async send(runs: readonly QueuedRun[]): Promise<readonly RefusedRun[]> {
    const refused: RefusedRun[] = [];
    for (const { run, deduplicationId } of runs) {
      if (this.refuses !== null && deduplicationId.includes(this.refuses)) refused.push({ run, reason: 'OverLimit: the queue is full' });
      else if (!this.#seen.has(deduplicationId)) {
        this.#seen.add(deduplicationId);
        const id = `message-${++this.#sent}`;
        this.#groups.push(messageGroup(run));
        this.waiting.push({ id, body: messageBody(run), group: messageGroup(run), source: run.source, receives: 0 });
      }
    }
    return refused;
  }

  /** Forgets what was sent, as SQS does after five minutes. */
  forgetSent(): void {
    this.#seen.clear();
  }

  /** Up to so many messages of one source, as Lambda hands them out; groups in the order in which they were first seen. */
  receive(source: string, most: number): readonly QueuedMessage[] {
    const batch = this.#of(source).slice(0, most);
    for (const message of batch) message.receives++;
    return batch;
  }

  /** The message that would be handed out first. */
  next(source: string): QueuedMessage {
    const [first] = this.#of(source);
    if (first === undefined) throw new RangeError(`no message for ${source}`);
    return first;
  }

  #of(source: string): readonly QueuedMessage[] {
    return this.waiting
      .filter((message) => message.source === source)
      .toSorted((a, b) => this.#groups.indexOf(a.group) - this.#groups.indexOf(b.group));
  }

  /** Takes away what did not fail; what failed too often becomes a dead letter. */
  settle(batch: readonly QueuedMessage[], failed: readonly string[]): void {
    for (const message of batch) {
      if (failed.includes(message.id) && message.receives < this.#maxReceives) continue;
      this.waiting.splice(this.waiting.indexOf(message), 1);
      if (failed.includes(message.id)) this.deadLetters.push(message);
    }
  }
}
