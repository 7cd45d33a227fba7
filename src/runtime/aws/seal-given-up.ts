// SPDX-License-Identifier: Apache-2.0
import { giveUpEvents } from '../../collect/collect-events.ts';
import type { CollectorParts } from './collector-parts.ts';
import { openFunctionCollection, polledFrom } from './function-collection.ts';
import type { Place } from './function-settings.ts';
import { takeMalformed } from './malformed-message.ts';
import { byQueue, isLastReceive, type QueueMessage } from './queue-event.ts';
import { takeInMessages, takeInRuns } from './take-in-messages.ts';

/** An invocation that failed as a whole. */
export interface FailedInvocation {
  readonly messages: readonly QueueMessage[];
  /** Where the function runs. */
  readonly home: Place;
  /** The present of what was read; ISO 8601 UTC. */
  readonly sweptAt: string;
}

/**
 * The segment that an invocation lost held the gaps of what its queue gives up on too: they are sealed in a collection of their own, before the
 * messages become dead letters. Runs need none: the plan that was sealed before them becomes a gap when no receipt comes. Never throws, as the caller
 * throws why the invocation failed.
 */
export async function sealGivenUp(parts: CollectorParts, { messages, home, sweptAt }: FailedInvocation, cause: unknown): Promise<void> {
  const last = messages.filter(isLastReceive);
  if (last.length === 0) return;
  const { source, telemetry } = parts;
  try {
    const { collection } = await openFunctionCollection(parts, source, sweptAt);
    const { runs, events } = byQueue(last);
    const taken = takeInMessages(parts, events, home, sweptAt);
    const reading = { source: source.id, polledFrom: polledFrom(parts) };
    const givenUp = await giveUpEvents(collection, taken.deliveries, reading, () => cause);
    const malformed = [...takeInRuns(parts, runs).malformed, ...taken.malformed];
    for (const message of malformed) await takeMalformed(collection, source.id, message);
    await collection.flush();
    telemetry.count('gaps', givenUp, source.id);
  } catch (error) {
    telemetry.problem('gaps of dead letters not sealed', { source: source.id, messages: last.length }, error);
  }
}
