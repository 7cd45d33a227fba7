// SPDX-License-Identifier: Apache-2.0

import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { EvidenceFunction } from './evidence-function.ts';

/** One timer: when it fires, and what it tells the function. */
export interface Firing {
  /** `rate(…)` or `cron(…)` of EventBridge Scheduler, UTC. */
  readonly expression: string;
  /** What the function gets; placeholders of EventBridge Scheduler in it are filled in. */
  readonly input: unknown;
  readonly description: string;
}

export interface EvidenceTimersProps {
  readonly target: EvidenceFunction;
  /** By construct id. */
  readonly firings: Readonly<Record<string, Firing>>;
}

/** Wakes a function on schedules. A firing that cannot be delivered for hours lands in the function's failures. */
export class EvidenceTimers extends Construct {
  constructor(scope: Construct, id: string, { target, firings }: EvidenceTimersProps) {
    super(scope, id);
    const role = this.#role(target);
    for (const [name, { expression, input, description }] of Object.entries(firings)) {
      new CfnSchedule(this, name, {
        description,
        scheduleExpression: expression,
        flexibleTimeWindow: { mode: 'OFF' },
        target: {
          arn: target.function.functionArn,
          roleArn: role.roleArn,
          input: JSON.stringify(input),
          retryPolicy: { maximumEventAgeInSeconds: 3_600, maximumRetryAttempts: 10 },
          ...(target.failures === undefined ? {} : { deadLetterConfig: { arn: target.failures.queueArn } }),
        },
      }).node.addDependency(role);
    }
  }

  #role({ function: { functionArn }, failures }: EvidenceFunction): Role {
    const role = new Role(this, 'Role', {
      // Only for schedules of this account: https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    });
    role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [functionArn] }));
    if (failures !== undefined) {
      role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [failures.queueArn] }));
    }
    return role;
  }
}
