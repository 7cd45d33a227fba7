// SPDX-License-Identifier: Apache-2.0
import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { type AuditTimer, scheduledTimePlaceholder } from '../../src/runtime/deployment/timer-input.ts';
import type { EvidenceHome } from '../evidence-home.ts';
import { EvidenceFunction } from './evidence-function.ts';
import { EvidenceTimers } from './evidence-timers.ts';

export interface SelfAuditProps {
  readonly home: EvidenceHome;
}

/** Looks every night for what is missing: plans without receipt, plans that never came, segments without entry. */
export class SelfAudit extends Construct {
  readonly auditor: EvidenceFunction;

  constructor(scope: Construct, id: string, { home }: SelfAuditProps) {
    super(scope, id);
    this.auditor = new EvidenceFunction(this, 'Auditor', {
      home,
      name: 'self-audit',
      timeout: Duration.minutes(15),
      memoryMegabytes: 1_024,
      isTimed: true,
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
