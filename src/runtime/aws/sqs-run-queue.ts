// SPDX-License-Identifier: Apache-2.0
import { setTimeout } from 'node:timers/promises';
import { SendMessageBatchCommand, type SendMessageBatchRequestEntry, type SQSClient } from '@aws-sdk/client-sqs';
import type { PlannedRun, QueuedRun, RefusedRun, RunQueue } from '../../collect/run-queue.ts';
import { readFailure } from '../../sources/source-error.ts';
import { type CollectMessage, messageGroup } from '../deployment/collect-message.ts';

/** Ten messages and 256 KiB are the most that every SQS takes at once. */
const most = { entries: 10, bytes: 250 * 1024 } as const;
const attempts = 5;

/** How runs reach their queues. */
export interface SqsRunQueueOptions {
  readonly client: SQSClient;
  /** URL of the queue of a source; `undefined` where it has none. */
  readonly urlOf: (source: string) => string | undefined;
  /** Pause before the second attempt, doubled for each further one. */
  readonly pauseMs?: number;
}

/** Puts planned runs on FIFO queues, several at once; what a queue refuses is tried again. */
export function sqsRunQueue(options: SqsRunQueueOptions): RunQueue {
  return {
    async send(runs) {
      const refused: RefusedRun[] = [];
      for (const [source, ofSource] of Map.groupBy(runs, ({ run }) => run.source)) {
        const url = options.urlOf(source);
        if (url === undefined) refused.push(...ofSource.map(({ run }) => ({ run, reason: `no queue is configured for ${source}` })));
        else for (const batch of batches(ofSource)) refused.push(...(await sendBatch(options, url, batch)));
      }
      return refused;
    },
  };
}

interface Entry {
  readonly queued: QueuedRun;
  readonly message: SendMessageBatchRequestEntry;
}

function* batches(runs: readonly QueuedRun[]): Generator<readonly Entry[]> {
  let batch: Entry[] = [];
  let bytes = 0;
  for (const [index, queued] of runs.entries()) {
    const body = messageBody(queued.run);
    const size = Buffer.byteLength(body);
    if (batch.length === most.entries || (batch.length > 0 && bytes + size > most.bytes)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    const { deduplicationId: MessageDeduplicationId } = queued;
    batch.push({
      queued,
      message: { Id: String(index), MessageBody: body, MessageGroupId: messageGroup(queued.run), MessageDeduplicationId },
    });
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

/** A planned run as the text of a message. */
export function messageBody(run: PlannedRun): string {
  return JSON.stringify({ version: 1, ...run } satisfies CollectMessageInput);
}

type CollectMessageInput = Omit<CollectMessage, 'earlier'> & { readonly earlier: QueuedRun['run']['earlier'] };

async function sendBatch(
  { client, pauseMs = 200 }: SqsRunQueueOptions,
  url: string,
  batch: readonly Entry[],
): Promise<readonly RefusedRun[]> {
  let waiting = new Map(batch.map((entry) => [entry.message.Id, { entry, reason: '' }]));
  for (let attempt = 1; ; attempt++) {
    waiting = await trySending(client, url, waiting);
    if (waiting.size === 0 || attempt === attempts) break;
    await setTimeout(pauseMs * 2 ** (attempt - 1));
  }
  return [...waiting.values()].map(({ entry, reason }) => ({ run: entry.queued.run, reason }));
}

type Waiting = Map<string | undefined, { readonly entry: Entry; readonly reason: string }>;

/** What still waits afterwards. A call that failed may have taken effect: the same deduplication ids make the next one harmless. */
async function trySending(client: SQSClient, url: string, waiting: Waiting): Promise<Waiting> {
  try {
    const Entries = [...waiting.values()].map(({ entry }) => entry.message);
    const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
    const failed: Waiting = new Map();
    for (const { Id, Code, Message } of Failed) {
      const one = waiting.get(Id);
      if (one !== undefined) failed.set(Id, { entry: one.entry, reason: `${Code}: ${Message ?? ''}` });
    }
    return failed;
  } catch (error) {
    const { code, message } = readFailure(error);
    return new Map([...waiting].map(([id, { entry }]) => [id, { entry, reason: `${code}: ${message}` }]));
  }
}
