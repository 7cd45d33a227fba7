// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import type { Reading, SourceId } from '../evidence/observation.ts';
import type { Collection } from './collection.ts';
import type { RunReport, SourceRun } from './source-run.ts';

/** One event as a queue handed it out, and how to read it. */
export interface EventDelivery {
  /** The queue's id of the message. */
  readonly id: string;
  readonly partition: string;
  /** What the event is about. */
  readonly account: string;
  readonly region: string;
  readonly read: () => AsyncIterable<Reading>;
}

/** What became of a batch of events. */
export interface EventsReport {
  readonly runs: readonly RunReport[];
  /** Deliveries that could not be taken and must come again, with the reason. */
  readonly failed: ReadonlyMap<string, unknown>;
}

/**
 * Takes events in: one run without a window for each account and Region. Polling reads the same things again and finds them known, so an event
 * that never comes costs time and nothing else. When it resolves, what was taken is durable. Throws what the vault throws.
 */
export async function collectEvents(collection: Collection, source: SourceId, deliveries: readonly EventDelivery[]): Promise<EventsReport> {
  const runs: RunReport[] = [];
  const failed = new Map<string, unknown>();
  for (const group of Map.groupBy(deliveries, ({ account, region }) => `${account}/${region}`).values()) {
    const run = openRun(collection, source, group);
    await run.plan('events');
    for (const delivery of group) {
      const error = await take(run, delivery);
      if (error !== null) failed.set(delivery.id, error.cause);
    }
    await run.takeHeld();
    runs.push(await run.finish({ events: group.length }));
  }
  await collection.flush();
  return { runs, failed };
}

/** The same messages again are the same run. */
function openRun(collection: Collection, source: SourceId, deliveries: readonly EventDelivery[]): SourceRun {
  const [first] = deliveries;
  const { partition = 'aws', account = '', region = '' } = first ?? {};
  const ids = deliveries.map(({ id }) => id).sort();
  const run = `events-${source}-${hash('sha256', [account, region, ...ids].join('\n')).slice(0, 24)}`;
  return collection.run({ run, source, partition, account, region, window: null }, null);
}

async function take(run: SourceRun, { read }: EventDelivery): Promise<{ readonly cause: unknown } | null> {
  try {
    for await (const reading of read()) {
      if ('gap' in reading) await run.takeGap(reading.gap);
      else if ('item' in reading) await run.takeItem(reading.item);
    }
    return null;
  } catch (cause) {
    return { cause };
  }
}
