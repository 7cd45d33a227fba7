// SPDX-License-Identifier: Apache-2.0
import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { envNames } from '../../src/runtime/deployment/env-names.ts';
import { placePatterns } from '../../src/runtime/deployment/place-events.ts';
import type { DeployedSource } from '../../src/runtime/deployment/source-declarations.ts';
import { type EvidenceHome, isDisposable } from '../evidence-home.ts';
import { EventQueueRule } from './event-queue-rule.ts';
import { EvidenceFunction } from './evidence-function.ts';
import { EvidenceQueue } from './evidence-queue.ts';
import { QueueIntake } from './queue-intake.ts';

// Small runs of one invocation share a segment; ten is the most that SQS hands out of a FIFO queue.
const runsAtOnce = 10;
// Events come one by one: gathered for a minute they make one segment and not a hundred.
const eventsAtOnce = 200;

export interface SourceCollectorProps {
  readonly home: EvidenceHome;
  readonly source: DeployedSource;
  /** How long one invocation reads before it hands on the rest of its window. */
  readonly timeout?: Duration;
  readonly memoryMegabytes?: number;
}

/** Collects one source: a queue of planned runs, a queue of events that shorten the way, and the function that takes from both. */
export class SourceCollector extends Construct {
  readonly source: DeployedSource;
  readonly collector: EvidenceFunction;
  /** Planned runs, in order for each account and Region, so that published rates are kept. */
  readonly runs: EvidenceQueue;
  /** Absent where the configuration wants no events. */
  readonly events: EvidenceQueue | undefined;

  constructor(scope: Construct, id: string, props: SourceCollectorProps) {
    super(scope, id);
    const { home, source, timeout = Duration.minutes(10), memoryMegabytes = 1_024 } = props;
    this.source = source;
    const settings = { consumerTimeout: timeout, isDisposable: isDisposable(home) };
    this.runs = new EvidenceQueue(this, 'Runs', { ...settings, isFifo: true });
    const hasEvents = home.configuration.events && source.eventPatterns.length > 0;
    this.events = hasEvents ? new EvidenceQueue(this, 'Events', settings) : undefined;
    this.collector = new EvidenceFunction(this, 'Collector', {
      home,
      name: `collect-${source.id}`,
      timeout,
      memoryMegabytes,
      queues: { own: this.#queues.map(({ queue }) => queue) },
      environment: { [envNames.queue]: this.runs.queue.queueUrl },
    });
    new QueueIntake(this, 'TakeRuns', { function: this.collector, queue: this.runs.queue, batchSize: runsAtOnce });
    if (this.events !== undefined) this.#subscribe(this.events, placePatterns(source, home.configuration));
  }

  get #queues(): readonly EvidenceQueue[] {
    return this.events === undefined ? [this.runs] : [this.runs, this.events];
  }

  #subscribe({ queue, deadLetters }: EvidenceQueue, ofPlaces: readonly unknown[]): void {
    const batch = { batchSize: eventsAtOnce, gatherFor: Duration.seconds(60), mostAtOnce: 5 };
    new QueueIntake(this, 'TakeEvents', { function: this.collector, queue, ...batch });
    const subscribe = (id: string, pattern: unknown, what: string) =>
      new EventQueueRule(this, id, {
        description: `AIMS Evidence: ${what} of ${this.source.title}`,
        pattern,
        queue,
        undelivered: deadLetters,
      });
    for (const [index, pattern] of this.source.eventPatterns.entries()) subscribe(`Event${index + 1}`, pattern, 'events');
    for (const [index, pattern] of ofPlaces.entries()) subscribe(`Object${index + 1}`, pattern, 'new files');
  }
}
