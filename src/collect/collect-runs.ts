// SPDX-License-Identifier: Apache-2.0
import type { Gap } from '../evidence/gap.ts';
import { CollectError, codeOf } from './collect-error.ts';
import type { Collection } from './collection.ts';
import { receiptKey } from './own-record.ts';
import { type RunRead, type RunReading, readRun } from './read-run.ts';
import type { PlannedRun, QueuedRun, RunQueue } from './run-queue.ts';

/** A planned run as a queue handed it out. */
export interface Delivery {
  /** The queue's id of the message. */
  readonly id: string;
  readonly run: PlannedRun;
  /** True where the queue gives up on the message if it fails now. */
  readonly isLast: boolean;
}

/** What became of a delivered run. A failed one is handed out again, or ends in the dead letters. */
export type DeliveryOutcome = { readonly delivery: Delivery } & (
  | { readonly end: 'read'; readonly read: RunRead }
  /** A receipt tells that it was read to its end before. */
  | { readonly end: 'known' }
  /** No time was left to begin it: it is queued again as it was. */
  | { readonly end: 'put-back' }
  | { readonly end: 'failed'; readonly error: unknown }
);

/** What deliveries are read with. */
export interface DeliveryReading extends RunReading {
  readonly queue: RunQueue;
}

/**
 * Reads the runs of one invocation in order; receipts and small runs share a segment. When it resolves, what the outcomes say is durable and what
 * goes on is queued. One run that fails leaves the others alone, but for later ones of its source, account and Region, which keep their order.
 * Throws what the vault throws where a segment could not be stored: runs share segments, so every delivery failed.
 */
export async function collectRuns(
  collection: Collection,
  deliveries: readonly Delivery[],
  reading: DeliveryReading,
): Promise<readonly DeliveryOutcome[]> {
  const outcomes: DeliveryOutcome[] = [];
  const stopped = new Set<string>();
  for (const delivery of deliveries) {
    const outcome = stopped.has(groupOf(delivery.run))
      ? held(delivery)
      : await readDelivery(collection, delivery, reading, outcomes.length);
    if (outcome.end === 'failed') stopped.add(groupOf(delivery.run));
    outcomes.push(outcome);
  }
  await collection.flush();
  return await queueRest(outcomes, reading.queue);
}

function held(delivery: Delivery): DeliveryOutcome {
  const { source, account, region } = delivery.run;
  const message = `an earlier run of ${source} in ${account} ${region} failed; this one waits for it`;
  return { delivery, end: 'failed', error: new CollectError('RUN_GROUP_STOPPED', message) };
}

async function readDelivery(
  collection: Collection,
  delivery: Delivery,
  reading: DeliveryReading,
  before: number,
): Promise<DeliveryOutcome> {
  try {
    if (await isComplete(collection, delivery.run)) return { delivery, end: 'known' };
    // The first one is begun in any case: a function that starts too late for everything would only pass messages round.
    if (before > 0 && reading.time.remainingMs() < reading.reserve.markMs) return { delivery, end: 'put-back' };
    return { delivery, end: 'read', read: await readRun(collection, delivery.run, reading) };
  } catch (error) {
    if (delivery.isLast) await giveUp(collection, delivery, error);
    return { delivery, end: 'failed', error };
  }
}

// The receipt of a part that goes on does not count: whether the message of the next part was sent, nobody knows.
async function isComplete(collection: Collection, planned: PlannedRun): Promise<boolean> {
  const receipts = await collection.setting.index.series(receiptKey(planned), { before: '9999', limit: 20 });
  return receipts.some(({ facts }) => facts['run'] === planned.run && facts['complete'] === true);
}

/** The run becomes a gap before its message becomes a dead letter. */
async function giveUp(collection: Collection, { id, run: planned }: Delivery, error: unknown): Promise<void> {
  const { run, source, partition, account, region, window } = planned;
  const gap: Gap = {
    reason: 'interrupted',
    extent: 'scope',
    what: `run ${run}`,
    message: 'The run failed each time it was tried and lies among the dead letters; the next run reads its window again.',
    code: codeOf(error, 'RUN_FAILED'),
    detail: { message: id },
  };
  await collection.run({ run, source, partition, account, region, window }, null).takeGap(gap);
}

async function queueRest(outcomes: readonly DeliveryOutcome[], queue: RunQueue): Promise<readonly DeliveryOutcome[]> {
  const waiting = new Map<DeliveryOutcome, QueuedRun>();
  for (const outcome of outcomes) {
    if (outcome.end === 'read' && outcome.read.next !== null)
      waiting.set(outcome, { run: outcome.read.next, deduplicationId: outcome.read.next.run });
    // Its own run id would be taken for a repetition and dropped.
    if (outcome.end === 'put-back')
      waiting.set(outcome, { run: outcome.delivery.run, deduplicationId: `${outcome.delivery.run.run}~${outcome.delivery.id}` });
  }
  if (waiting.size === 0) return outcomes;
  const refused = await queue.send([...waiting.values()]);
  const reasons = new Map(refused.map(({ run, reason }) => [run.run, reason]));
  return outcomes.map((outcome) => {
    const queued = waiting.get(outcome);
    const reason = queued === undefined ? undefined : reasons.get(queued.run.run);
    if (reason === undefined) return outcome;
    const error = new CollectError('RUNS_NOT_QUEUED', `the rest of ${outcome.delivery.run.run} was not taken by the queue: ${reason}`);
    return { delivery: outcome.delivery, end: 'failed', error };
  });
}

function groupOf({ source, account, region }: PlannedRun): string {
  return `${source}/${account}/${region}`;
}
