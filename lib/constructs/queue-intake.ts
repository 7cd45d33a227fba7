// SPDX-License-Identifier: Apache-2.0
import { Duration, Token } from 'aws-cdk-lib';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { CfnQueue, type Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { EvidenceFunction } from './evidence-function.ts';

export interface QueueIntakeProps {
  readonly function: EvidenceFunction;
  readonly queue: Queue;
  readonly batchSize: number;
  /** How long messages are gathered before the function is called; not for FIFO queues. */
  readonly gatherFor?: Duration;
  /** How many invocations at once this queue may cause, so that a flood leaves the account room for the others. */
  readonly mostAtOnce?: number;
}

/** Lets a function take from a queue; of a batch, only what the function names is tried again. */
export class QueueIntake extends Construct {
  constructor(scope: Construct, id: string, props: QueueIntakeProps) {
    super(scope, id);
    requireVisibility(props);
    new EventSourceMapping(this, 'Mapping', {
      target: props.function.function,
      eventSourceArn: props.queue.queueArn,
      batchSize: props.batchSize,
      reportBatchItemFailures: true,
      ...(props.gatherFor === undefined ? {} : { maxBatchingWindow: props.gatherFor }),
      ...(props.mostAtOnce === undefined ? {} : { maxConcurrency: props.mostAtOnce }),
    }).node.addDependency(props.function.policy);
  }
}

/** Refuses, at synth, a queue that would hand a message out again while the function still works on it. */
function requireVisibility({ function: { function: target }, queue }: QueueIntakeProps): void {
  const resource = queue.node.defaultChild;
  const visible = resource instanceof CfnQueue ? resource.visibilityTimeout : undefined;
  const needed = 6 * (target.timeout ?? Duration.seconds(3)).toSeconds();
  if (Token.isUnresolved(visible) || (visible ?? 30) >= needed) return;
  throw new Error(`${queue.node.path} hands a message out again after ${visible ?? 30} s; its function needs at least ${needed} s`);
}
