// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import { maxReceives } from '../deployment/collect-message.ts';

/** A batch of messages as Lambda hands it out of a queue; only what is used of it. */
export const queueEventSchema = z.object({
  Records: z.array(
    z.object({
      messageId: z.string().min(1),
      body: z.string(),
      eventSourceARN: z.string(),
      attributes: z.object({ ApproximateReceiveCount: z.coerce.number<unknown>() }),
    }),
  ),
});
/** One message of a batch. */
export type QueueMessage = z.infer<typeof queueEventSchema>['Records'][number];

/** Whether the queue gives up on the message if it fails now. */
export function isLastReceive({ attributes }: QueueMessage): boolean {
  return attributes.ApproximateReceiveCount >= maxReceives;
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
