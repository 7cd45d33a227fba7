// SPDX-License-Identifier: Apache-2.0
import { Duration, Stack } from 'aws-cdk-lib';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { envNames } from '../../src/runtime/deployment/env-names.ts';
import { type AuditTimer, scheduledTimePlaceholder } from '../../src/runtime/deployment/timer-input.ts';
import type { EvidenceHome } from '../evidence-home.ts';
import { EvidenceFunction } from './evidence-function.ts';
import { EvidenceTimers } from './evidence-timers.ts';

export interface SelfAuditProps {
  readonly home: EvidenceHome;
  /** Every queue of dead letters and failures that it counts, by a name for people. */
  readonly deadLetters: Readonly<Record<string, IQueue>>;
}

/** Looks every night for what is missing: plans without receipt, plans that never came, segments without entry. */
export class SelfAudit extends Construct {
  readonly auditor: EvidenceFunction;

  constructor(scope: Construct, id: string, { home, deadLetters }: SelfAuditProps) {
    super(scope, id);
    const urls = Object.fromEntries(Object.entries(deadLetters).map(([name, queue]) => [name, queue.queueUrl]));
    this.auditor = new EvidenceFunction(this, 'Auditor', {
      home,
      name: 'self-audit',
      timeout: Duration.minutes(15),
      memoryMegabytes: 1_024,
      isTimed: true,
      queues: { deadLetters: Object.values(deadLetters) },
      environment: { [envNames.deadLetters]: Stack.of(this).toJsonString(urls) },
    });
    new EvidenceTimers(this, 'Timers', {
      target: this.auditor,
      firings: {
        Nightly: {
          expression: 'cron(50 2 * * ? *)',
          input: { task: 'audit', scheduledAt: scheduledTimePlaceholder } satisfies AuditTimer,
          description: 'AIMS Evidence: compares plans, vault and index',
        },
      },
    });
  }
}
