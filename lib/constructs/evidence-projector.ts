// SPDX-License-Identifier: Apache-2.0
import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { bucketPrefixes } from '../../src/runtime/deployment/env-names.ts';
import { type EvidenceHome, isDisposable } from '../evidence-home.ts';
import { EventQueueRule } from './event-queue-rule.ts';
import { EvidenceFunction } from './evidence-function.ts';
import { EvidenceQueue } from './evidence-queue.ts';
import { QueueIntake } from './queue-intake.ts';

export interface EvidenceProjectorProps {
  readonly home: EvidenceHome;
}

/** Fills the evidence index from each segment as it appears in the vault. A notice that comes twice, or late, changes nothing. */
export class EvidenceProjector extends Construct {
  readonly projector: EvidenceFunction;
  readonly notices: EvidenceQueue;

  constructor(scope: Construct, id: string, { home }: EvidenceProjectorProps) {
    super(scope, id);
    const timeout = Duration.minutes(5);
    this.notices = new EvidenceQueue(this, 'Notices', { consumerTimeout: timeout, isDisposable: isDisposable(home) });
    this.projector = new EvidenceFunction(this, 'Projector', {
      home,
      name: 'project',
      timeout,
      memoryMegabytes: 1_024,
      queues: { own: [this.notices.queue] },
    });
    new QueueIntake(this, 'TakeNotices', { function: this.projector, queue: this.notices.queue, batchSize: 10, mostAtOnce: 10 });
    new EventQueueRule(this, 'SegmentWritten', {
      description: 'AIMS Evidence: a segment was written to the vault',
      pattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: { bucket: { name: [home.bucket.bucketName] }, object: { key: [{ prefix: bucketPrefixes.vault }] } },
      },
      queue: this.notices.queue,
      undelivered: this.notices.deadLetters,
    });
  }
}
