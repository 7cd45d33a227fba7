// SPDX-License-Identifier: Apache-2.0
import { Stack } from 'aws-cdk-lib';
import { CfnEventBusPolicy } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import type { Configuration } from '../../src/runtime/deployment/configuration-schema.ts';

export interface ForwardedEventsProps {
  readonly configuration: Pick<Configuration, 'accounts' | 'member'>;
}

/** Lets member accounts put events on the home's bus: those of the list, or all of the organisation, and nobody else. */
export class ForwardedEvents extends Construct {
  constructor(scope: Construct, id: string, { configuration }: ForwardedEventsProps) {
    super(scope, id);
    const { account, partition, region } = Stack.of(this);
    const statement = {
      Effect: 'Allow',
      Action: 'events:PutEvents',
      Resource: `arn:${partition}:events:${region}:${account}:event-bus/default`,
      ...sendersOf(configuration, partition),
    };
    const statementId = 'AimsEvidenceMembers';
    new CfnEventBusPolicy(this, 'Policy', { eventBusName: 'default', statementId, statement: { Sid: statementId, ...statement } });
  }
}

function sendersOf({ accounts, member }: ForwardedEventsProps['configuration'], partition: string) {
  if (Array.isArray(accounts)) {
    return { Principal: { AWS: accounts.map((account) => `arn:${partition}:iam::${account}:root`) } };
  }
  if (member.organizationId !== undefined) {
    return { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': member.organizationId } } };
  }
  throw new Error('refusing to let everyone send events: for an organisation, member.forwardEvents needs member.organizationId');
}
