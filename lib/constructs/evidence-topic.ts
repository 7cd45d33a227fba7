// SPDX-License-Identifier: Apache-2.0
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccountPrincipal, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

export interface EvidenceTopicProps {
  /** Receives alarms and the daily checkpoint, after a person there has confirmed. */
  readonly email?: string | undefined;
  /** Accounts that may subscribe a queue of theirs, to keep what we cannot reach: twelve digits each. */
  readonly subscriberAccounts?: readonly string[];
}

/** Where alarms and the nightly checkpoint go. */
export class EvidenceTopic extends Construct {
  readonly topic: Topic;
  readonly key: Key;

  constructor(scope: Construct, id: string, props: EvidenceTopicProps = {}) {
    super(scope, id);
    // A key of its own: CloudWatch alarms and EventBridge cannot use the one that AWS keeps for SNS:
    // https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html. It protects no evidence, so it goes with the stack.
    this.key = new Key(this, 'Key', {
      description: 'AIMS Evidence: encrypts notices on their way',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.topic = new Topic(this, 'Topic', { masterKey: this.key, enforceSSL: true });
    const ofAccount = { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } };
    const keyUse = ['kms:Decrypt', 'kms:GenerateDataKey*'];
    // EventBridge brings no source account or ARN to a topic, nor to its key, and a condition on one would silence the alerts: the page above, and
    // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html (read 2026-11). The worst that a rule of a stranger
    // could do is to send a notice; it learns nothing, and a checkpoint is believed for its signature alone.
    for (const [service, conditions] of [
      ['cloudwatch', ofAccount],
      ['events', {}],
    ] as const) {
      this.key.addToResourcePolicy(allow(service, keyUse, '*', conditions));
      this.topic.addToResourcePolicy(allow(service, ['sns:Publish'], this.topic.topicArn, conditions));
    }
    for (const subscriber of props.subscriberAccounts ?? []) {
      const principals = [new AccountPrincipal(subscriber)];
      this.topic.addToResourcePolicy(new PolicyStatement({ principals, actions: ['sns:Subscribe'], resources: [this.topic.topicArn] }));
    }
    if (props.email !== undefined) this.topic.addSubscription(new EmailSubscription(props.email));
  }
}

type Conditions = Readonly<Record<string, Readonly<Record<string, string>>>>;

function allow(service: string, actions: string[], resource: string, conditions: Conditions): PolicyStatement {
  const principals = [new ServicePrincipal(`${service}.amazonaws.com`)];
  return new PolicyStatement({ principals, actions, resources: [resource], conditions });
}
