// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import type { Gap } from '../evidence/gap.ts';
import type { Reading, SourceId } from '../evidence/observation.ts';
import { basicTime } from './basic-time.ts';
import { CollectError, codeOf } from './collect-error.ts';
import type { Collection } from './collection.ts';
import { momentOf } from './own-record.ts';
import type { RunReport, SourceRun } from './source-run.ts';
import { orLate, type TimeLeft, type TimeReserve } from './time-left.ts';

/** One event as a queue handed it out, and how to read it. */
export interface EventDelivery {
  /** The queue's id of the message. */
  readonly id: string;
  readonly partition: string;
  /** What the event is about. */
  readonly account: string;
  readonly region: string;
  /** Whose planned runs see again what it tells: a bucket of reports may be of an account that is not collected from. */
  readonly polledIn: { readonly account: string; readonly region: string };
  /** True where the queue gives up on the message if it fails now. */
  readonly isLast: boolean;
  readonly read: () => AsyncIterable<Reading>;
}

/** What events are read with. */
export interface EventReading {
  readonly source: SourceId;
  /** Where planned runs read from: they see again what an event that is given up would have told. */
  readonly polledFrom: string;
  readonly time: TimeLeft;
  readonly reserve: Pick<TimeReserve, 'stopMs'>;
}

/** What became of a batch of events. */
export interface EventsReport {
  readonly runs: readonly RunReport[];
  /** Deliveries that could not be taken and must come again, with the reason. */
  readonly failed: ReadonlyMap<string, unknown>;
  /** How many of them the queue gives up on: each is a gap. */
  readonly givenUp: number;
}

/**
 * Takes events in: one run without a window for each account and Region. Polling reads the same things again and finds them known, so an event
 * that never comes costs time and nothing else. When it resolves, what was taken is durable. Throws what the vault throws.
 */
export async function collectEvents(
  collection: Collection,
  deliveries: readonly EventDelivery[],
  reading: EventReading,
): Promise<EventsReport> {
  const runs: RunReport[] = [];
  const failed = new Map<string, unknown>();
  for (const group of Map.groupBy(deliveries, ({ account, region }) => `${account}/${region}`).values()) {
    const run = openRun(collection, reading.source, group);
    await run.plan('events');
    const missing = failed.size;
    for (const delivery of group) {
      const error = await take(run, delivery, reading);
      if (error !== null) failed.set(delivery.id, error.cause);
    }
    await run.takeHeld();
    const failures = failed.size - missing;
    runs.push(await run.finish({ events: group.length, failed: failures }, { isWhole: failures === 0 }));
  }
  const failures = deliveries.filter(({ id }) => failed.has(id));
  const givenUp = await giveUpEvents(collection, failures, reading, ({ id }) => failed.get(id));
  await collection.flush();
  return { runs, failed, givenUp };
}

/** Makes a gap of each failed event that its queue gives up on; gives how many there are. The caller flushes. */
export async function giveUpEvents(
  collection: Collection,
  failed: readonly EventDelivery[],
  reading: Pick<EventReading, 'source' | 'polledFrom'>,
  reason: (delivery: EventDelivery) => unknown,
): Promise<number> {
  const lost = failed.filter(({ isLast }) => isLast);
  for (const delivery of lost) await giveUp(collection, delivery, reading, reason(delivery));
  return lost.length;
}

/** The same messages again are the same run. */
function openRun(collection: Collection, source: SourceId, deliveries: readonly EventDelivery[]): SourceRun {
  const [first] = deliveries;
  const { partition = 'aws', account = '', region = '' } = first ?? {};
  const ids = deliveries.map(({ id }) => id).sort();
  const run = `events-${source}-${hash('sha256', [account, region, ...ids].join('\n')).slice(0, 24)}`;
  return collection.run({ run, source, partition, account, region, window: null }, null);
}

async function take(run: SourceRun, { read }: EventDelivery, { time, reserve }: EventReading): Promise<{ readonly cause: unknown } | null> {
  try {
    // What is begun too late would only be read in vain.
    if (time.remainingMs() < reserve.stopMs) throw outOfTime();
    const readings = read()[Symbol.asyncIterator]();
    for (;;) {
      const next = await orLate(readings.next(), time, reserve.stopMs);
      if (next === 'late') throw outOfTime();
      if (next.done === true) return null;
      const reading = next.value;
      if ('gap' in reading) await run.takeGap(reading.gap);
      else if ('item' in reading) await run.takeItem(reading.item);
    }
  } catch (cause) {
    return { cause };
  }
}

function outOfTime(): CollectError {
  return new CollectError('EVENTS_OUT_OF_TIME', 'time ended before the event was read; its message comes again');
}

/**
 * The event becomes a gap before its message becomes a dead letter. Its run reads from where polling does and ends at this moment, so that the gap is
 * closed by a planned run that read on past it: windows follow each other without a hole, so everything before is seen by then. Neither the next
 * event, which tells nothing of this one, nor a run that was planned before closes it. A receipt would vouch for all of that place: the gap itself
 * ends the run.
 */
async function giveUp(
  collection: Collection,
  { id, partition, polledIn }: EventDelivery,
  { source, polledFrom }: Pick<EventReading, 'source' | 'polledFrom'>,
  error: unknown,
): Promise<void> {
  const { sweptAt } = collection.setting;
  // A message that fails to the end again, once a person sent it round, is a run of its own: the next planned run need not reach back to the first time.
  const run = collection.run(
    { run: `event-${source}-${id}-${basicTime(sweptAt)}`, source, partition, ...polledIn, window: momentOf(sweptAt) },
    null,
  );
  const gap: Gap = {
    reason: 'interrupted',
    extent: 'scope',
    what: `event message ${id}`,
    message: 'The event failed each time it was tried and lies among the dead letters; the next planned run reads what it told of.',
    code: codeOf(error, 'EVENT_FAILED'),
    detail: { message: id },
  };
  await run.plan(polledFrom);
  await run.takeGap(gap);
}
