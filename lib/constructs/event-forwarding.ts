// SPDX-License-Identifier: Apache-2.0
import { type CfnCondition, Stack } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { CfnRole, PolicyDocument, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Configuration } from '../../src/runtime/deployment/configuration-schema.ts';
import { pascalCase } from '../../src/runtime/deployment/pascal-case.ts';
import { placePatterns } from '../../src/runtime/deployment/place-events.ts';
import type { DeployedSource } from '../../src/runtime/deployment/source-declarations.ts';
import { requirePattern } from '../policies/event-pattern.ts';

export interface EventForwardingProps {
  readonly configuration: Configuration;
  readonly sources: readonly DeployedSource[];
  readonly homeAccount: string;
  readonly homeRegion: string;
  /** Where the template goes to several Regions of an account, one of them makes its roles. */
  readonly onlyIf?: CfnCondition;
}

/** One name in every Region, so that the rules of each find the role that one of them made. */
const forwardRoleName = 'AimsEvidenceForward';

/** Sends the events that sources ask for, of this account and Region, to the home's bus. */
export class EventForwarding extends Construct {
  constructor(scope: Construct, id: string, props: EventForwardingProps) {
    super(scope, id);
    const { partition, account } = Stack.of(this);
    const bus = `arn:${partition}:events:${props.homeRegion}:${props.homeAccount}:event-bus/default`;
    const role = new CfnRole(this, 'Role', {
      roleName: forwardRoleName,
      description: 'AIMS Evidence: EventBridge sends events to the home with it',
      assumeRolePolicyDocument: new PolicyDocument({
        statements: [
          new PolicyStatement({
            principals: [new ServicePrincipal('events.amazonaws.com')],
            actions: ['sts:AssumeRole'],
            conditions: { StringEquals: { 'aws:SourceAccount': account } },
          }),
        ],
      }),
      policies: [
        {
          policyName: 'Send',
          policyDocument: new PolicyDocument({ statements: [new PolicyStatement({ actions: ['events:PutEvents'], resources: [bus] })] }),
        },
      ],
    });
    if (props.onlyIf !== undefined) role.cfnOptions.condition = props.onlyIf;
    const roleArn = `arn:${partition}:iam::${account}:role/${forwardRoleName}`;
    for (const source of props.sources) {
      const forward = (id: string, pattern: unknown) =>
        new CfnRule(this, `${pascalCase(source.id)}${id}`, {
          description: `AIMS Evidence: events of ${source.title} for the home`,
          eventPattern: requirePattern(pattern),
          targets: [{ id: 'Home', arn: bus, roleArn }],
        });
      for (const [index, pattern] of source.eventPatterns.entries()) forward(`${index + 1}`, pattern);
      for (const [index, pattern] of placePatterns(source, props.configuration).entries()) forward(`Object${index + 1}`, pattern);
    }
  }
}
