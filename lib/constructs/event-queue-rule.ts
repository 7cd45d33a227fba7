// SPDX-License-Identifier: Apache-2.0
import { CfnRule } from 'aws-cdk-lib/aws-events';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { allowSending } from '../policies/allow-sending.ts';
import { requirePattern } from '../policies/event-pattern.ts';

export interface EventQueueRuleProps {
  readonly description: string;
  /** An EventBridge event pattern, deployed word for word. */
  readonly pattern: unknown;
  readonly queue: IQueue;
  /** Receives what EventBridge could not deliver in a day. */
  readonly undelivered: IQueue;
}

/** Sends the events of the account's bus that match a pattern to a queue. */
export class EventQueueRule extends Construct {
  readonly rule: CfnRule;

  constructor(scope: Construct, id: string, props: EventQueueRuleProps) {
    super(scope, id);
    const { queue, undelivered } = props;
    this.rule = new CfnRule(this, 'Rule', {
      description: props.description,
      eventPattern: requirePattern(props.pattern),
      targets: [{ id: 'Queue', arn: queue.queueArn, deadLetterConfig: { arn: undelivered.queueArn } }],
    });
    for (const target of [queue, undelivered]) allowSending(this.rule, target);
  }
}
