// SPDX-License-Identifier: Apache-2.0
import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { maxReceives, queueRetentionDays } from '../../src/runtime/deployment/collect-message.ts';

export interface EvidenceQueueProps {
  /** Timeout of the function that takes from it. */
  readonly consumerTimeout: Duration;
  /** Messages of one group one after the other. */
  readonly isFifo?: boolean;
  readonly isDisposable: boolean;
}

/** A queue with its dead letters. */
export class EvidenceQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: EvidenceQueueProps) {
    super(scope, id);
    const settings = { ...kept(props.isDisposable), ...(props.isFifo === true ? { fifo: true } : {}) };
    this.deadLetters = new Queue(this, 'DeadLetters', settings);
    this.queue = new Queue(this, 'Queue', {
      ...settings,
      visibilityTimeout: visibilityFor(props.consumerTimeout),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: maxReceives },
    });
  }
}

/** A queue that only keeps what failed, for a person to look at. */
export function createFailureQueue(scope: Construct, id: string, isDisposable: boolean): Queue {
  const queue = new Queue(scope, id, kept(isDisposable));
  Validations.of(queue).acknowledge({
    id: 'AwsSolutions-SQS3',
    reason: 'It is where failures end: nothing takes from it that could fail again, and an alarm rings at its first message.',
  });
  return queue;
}

// Encrypted, TLS only, and kept for two weeks, the longest that SQS keeps.
function kept(isDisposable: boolean): QueueProps {
  return {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(queueRetentionDays),
    removalPolicy: isDisposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
  };
}

// Lambda asks for six times the function's timeout, so that a throttled batch is not handed out twice:
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html.
function visibilityFor(consumerTimeout: Duration): Duration {
  return Duration.seconds(6 * consumerTimeout.toSeconds());
}
