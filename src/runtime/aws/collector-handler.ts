// SPDX-License-Identifier: Apache-2.0
import type { Context } from 'aws-lambda';
import { collectEvents } from '../../collect/collect-events.ts';
import { collectRuns } from '../../collect/collect-runs.ts';
import { type PlanTarget, planCollection } from '../../collect/plan-collection.ts';
import type { TimeLeft, TimeReserve } from '../../collect/time-left.ts';
import { samplePresent } from '../sample-declarations.ts';
import type { CollectorParts } from './collector-parts.ts';
import { type FunctionHandler, functionChain } from './function-chain.ts';
import { type FunctionCollection, openFunctionCollection, polledFrom } from './function-collection.ts';
import { type Place, placeOfArn } from './function-settings.ts';
import { takeMalformed } from './malformed-message.ts';
import { scopePlaces } from './place-readers.ts';
import { type BatchAnswer, byQueue, failing, type QueueMessage, queueEventSchema } from './queue-event.ts';
import { reportEvents, reportOutcome } from './report-collection.ts';
import { sealGivenUp } from './seal-given-up.ts';
import { takeInMessages, takeInRuns } from './take-in-messages.ts';
import type { Telemetry } from './telemetry.ts';

// Sealing, storing and telling the queue take seconds; a page of a throttled service may take most of a minute.
const defaultReserve: TimeReserve = { markMs: 90_000, stopMs: 30_000 };

/** The function that reads one source: planned runs from its FIFO queue, events from the other. */
export function collectorHandler(telemetry: () => Telemetry, open: () => Promise<CollectorParts>): FunctionHandler<BatchAnswer> {
  return functionChain({
    name: 'collect',
    event: queueEventSchema,
    telemetry,
    run: async ({ Records: messages }, context) => {
      const parts = await open();
      const invocation = await openInvocation(parts, context);
      try {
        return failing(await takeMessages(invocation, messages));
      } catch (error) {
        await sealGivenUp(parts, { ...invocation, messages }, error);
        throw error;
      }
    },
  });
}

const hintSlotMs = 5 * 60_000;

interface Invocation extends FunctionCollection {
  /** The present of what is read. */
  readonly sweptAt: string;
  readonly parts: CollectorParts;
  readonly context: Context;
  readonly home: Place;
}

async function openInvocation(parts: CollectorParts, context: Context): Promise<Invocation> {
  const sweptAt = parts.kind === 'sample' ? samplePresent : parts.now().toISOString();
  const opened = await openFunctionCollection(parts, parts.source, sweptAt);
  return { ...opened, sweptAt, parts, context, home: placeOfArn(context.invokedFunctionArn) };
}

/** Gives the ids of the messages that must come again. */
async function takeMessages(invocation: Invocation, messages: readonly QueueMessage[]): Promise<readonly string[]> {
  const { runs, events } = byQueue(messages);
  const [runFailures, eventFailures] = [await takeRuns(invocation, runs), await takeEvents(invocation, events)];
  const failed = [...runFailures.failed, ...eventFailures.failed];
  // Last, so that no receipt of this very invocation closes their gaps.
  for (const message of [...runFailures.malformed, ...eventFailures.malformed]) failed.push(await refuse(invocation, message));
  await invocation.collection.flush();
  return failed;
}

/** Messages that must come again: by id those that failed, and those that nobody can read. */
interface Failures {
  readonly failed: readonly string[];
  readonly malformed: readonly QueueMessage[];
}

async function takeRuns(invocation: Invocation, messages: readonly QueueMessage[]): Promise<Failures> {
  const { parts, collection, context, home, stored } = invocation;
  const { deliveries, malformed } = takeInRuns(parts, messages);
  if (deliveries.length === 0) return { failed: [], malformed };
  const { configuration, reserve = defaultReserve, source, queue } = parts;
  const outcomes = await collectRuns(collection, deliveries, {
    source,
    queue,
    reserve,
    stored,
    connect: (run) => parts.connect(run, home),
    time: timeOf(context),
    places: (run) => scopePlaces(source, run, { configuration, kind: parts.kind, home }),
  });
  for (const outcome of outcomes) reportOutcome(parts, outcome);
  return { failed: outcomes.filter(({ end }) => end === 'failed').map(({ delivery }) => delivery.id), malformed };
}

async function takeEvents(invocation: Invocation, messages: readonly QueueMessage[]): Promise<Failures> {
  if (messages.length === 0) return { failed: [], malformed: [] };
  const { parts, collection, context, home } = invocation;
  const { source, reserve = defaultReserve } = parts;
  const taken = takeInMessages(parts, messages, home, invocation.sweptAt);
  const reading = { source: source.id, polledFrom: polledFrom(parts), time: timeOf(context), reserve };
  const report = await collectEvents(collection, taken.deliveries, reading);
  reportEvents(parts, report);
  await planHinted(invocation, taken.hinted);
  return { failed: [...report.failed.keys()], malformed: taken.malformed };
}

/** An event that only says that something changed makes the next run come now: at most one in five minutes for an account and Region. */
async function planHinted({ parts, collection, sweptAt }: Invocation, hinted: readonly PlanTarget[]): Promise<void> {
  if (hinted.length === 0) return;
  const slot = new Date(Math.floor(parts.now().getTime() / hintSlotMs) * hintSlotMs).toISOString();
  await planCollection(collection, {
    source: parts.source,
    targets: hinted,
    listing: null,
    after: [],
    scheduledAt: slot,
    sweptAt,
    from: polledFrom(parts),
    queue: parts.queue,
  });
}

function timeOf(context: Context): TimeLeft {
  return { remainingMs: () => context.getRemainingTimeInMillis() };
}

async function refuse({ parts, collection }: Invocation, message: QueueMessage): Promise<string> {
  await takeMalformed(collection, parts.source.id, message);
  parts.telemetry.problem('message malformed', { source: parts.source.id, message: message.messageId });
  parts.telemetry.count('messagesMalformed', 1, parts.source.id);
  return message.messageId;
}
