// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import { maxReceives } from '../deployment/collect-message.ts';
import type { SourceQueue } from '../deployment/queue-names.ts';

/** A batch of messages as Lambda hands it out of a queue; only what is used of it. */
export const queueEventSchema = z.object({
  Records: z.array(
    z.object({
      messageId: z.string().min(1),
      body: z.string(),
      eventSourceARN: z.string(),
      attributes: z.object({
        ApproximateReceiveCount: z.coerce.number<unknown>(),
        /** Milliseconds since 1970. */
        SentTimestamp: z.coerce.number<unknown>().optional(),
      }),
    }),
  ),
});
/** One message of a batch. */
export type QueueMessage = z.infer<typeof queueEventSchema>['Records'][number];

/** Whether the queue gives up on the message if it fails now. */
export function isLastReceive({ attributes }: QueueMessage): boolean {
  return attributes.ApproximateReceiveCount >= maxReceives;
}

/** Which of a source's two queues a message is on: only that of its planned runs is FIFO. */
export function queueOf({ eventSourceARN }: QueueMessage): SourceQueue {
  return eventSourceARN.endsWith('.fifo') ? 'Runs' : 'Events';
}

/** Messages of a source by the queue that they are on. */
export function byQueue(messages: readonly QueueMessage[]): { readonly runs: QueueMessage[]; readonly events: QueueMessage[] } {
  const { Runs: runs = [], Events: events = [] } = Object.groupBy(messages, queueOf);
  return { runs, events };
}

/** Names the messages that failed, so that only they are handed out again. */
export interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** The answer for the messages that failed. */
export function failing(messageIds: Iterable<string>): BatchAnswer {
  return { batchItemFailures: [...messageIds].map((itemIdentifier) => ({ itemIdentifier })) };
}

/** The body as JSON, `undefined` where it is none. */
export function jsonBody({ body }: QueueMessage): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    if (Error.isError(error)) return undefined;
    throw error;
  }
}
