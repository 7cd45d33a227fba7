// SPDX-License-Identifier: Apache-2.0
import { Duration, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { envNames } from '../../src/runtime/deployment/env-names.ts';
import { pascalCase } from '../../src/runtime/deployment/pascal-case.ts';
import { type PlanTimer, scheduledTimePlaceholder } from '../../src/runtime/deployment/timer-input.ts';
import type { EvidenceHome } from '../evidence-home.ts';
import { EvidenceFunction } from './evidence-function.ts';
import { EvidenceTimers, type Firing } from './evidence-timers.ts';
import type { SourceCollector } from './source-collector.ts';

export interface CollectionPlannerProps {
  readonly home: EvidenceHome;
  /** Whose runs it plans. */
  readonly collectors: readonly SourceCollector[];
}

/** Plans, for each source on its own schedule, what is collected from where, and sends the runs to the collectors' queues. */
export class CollectionPlanner extends Construct {
  readonly planner: EvidenceFunction;

  constructor(scope: Construct, id: string, { home, collectors }: CollectionPlannerProps) {
    super(scope, id);
    const queues = Object.fromEntries(collectors.map(({ source, runs }) => [source.id, runs.queue.queueUrl]));
    this.planner = new EvidenceFunction(this, 'Planner', {
      home,
      name: 'plan',
      timeout: Duration.minutes(5),
      memoryMegabytes: 512,
      isTimed: true,
      queues: { collectors: collectors.map(({ runs }) => runs.queue) },
      environment: { [envNames.queues]: Stack.of(this).toJsonString(queues) },
    });
    const firings = collectors.map(({ source }): [string, Firing] => [
      pascalCase(source.id),
      {
        expression: home.configuration.schedules[source.id] ?? source.schedule,
        input: { source: source.id, scheduledAt: scheduledTimePlaceholder } satisfies PlanTimer,
        description: `AIMS Evidence: plans runs of ${source.title}`,
      },
    ]);
    new EvidenceTimers(this, 'Timers', { target: this.planner, firings: Object.fromEntries(firings) });
  }
}
