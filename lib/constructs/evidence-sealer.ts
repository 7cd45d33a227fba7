// SPDX-License-Identifier: Apache-2.0
import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { type SealTimer, scheduledTimePlaceholder } from '../../src/runtime/deployment/timer-input.ts';
import type { EvidenceHome } from '../evidence-home.ts';
import { EvidenceFunction } from './evidence-function.ts';
import { EvidenceTimers } from './evidence-timers.ts';

export interface EvidenceSealerProps {
  readonly home: EvidenceHome;
}

/** Extends the ledger every 15 minutes by the segments of the open days, and every night by whatever else the vault holds. */
export class EvidenceSealer extends Construct {
  readonly sealer: EvidenceFunction;

  constructor(scope: Construct, id: string, { home }: EvidenceSealerProps) {
    super(scope, id);
    this.sealer = new EvidenceFunction(this, 'Sealer', {
      home,
      name: 'seal',
      timeout: Duration.minutes(15),
      memoryMegabytes: 1_024,
      isTimed: true,
    });
    const inputOf = (extent: SealTimer['extent']): SealTimer => ({ extent, scheduledAt: scheduledTimePlaceholder });
    new EvidenceTimers(this, 'Timers', {
      target: this.sealer,
      firings: {
        OpenDays: {
          expression: 'rate(15 minutes)',
          input: inputOf('open-days'),
          description: 'AIMS Evidence: seals the segments of the days that are still written to',
        },
        Everything: {
          expression: 'cron(20 1 * * ? *)',
          input: inputOf('everything'),
          description: 'AIMS Evidence: seals whatever the vault holds, versions and delete markers looked at',
        },
      },
    });
  }
}
