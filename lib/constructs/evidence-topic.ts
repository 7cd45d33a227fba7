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
    const { account } = Stack.of(this);
    const allow = (actions: string[], resource: string) =>
      new PolicyStatement({
        principals: ['cloudwatch.amazonaws.com', 'events.amazonaws.com'].map((service) => new ServicePrincipal(service)),
        actions,
        resources: [resource],
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      });
    this.key.addToResourcePolicy(allow(['kms:Decrypt', 'kms:GenerateDataKey*'], '*'));
    this.topic.addToResourcePolicy(allow(['sns:Publish'], this.topic.topicArn));
    for (const subscriber of props.subscriberAccounts ?? []) {
      const principals = [new AccountPrincipal(subscriber)];
      this.topic.addToResourcePolicy(new PolicyStatement({ principals, actions: ['sns:Subscribe'], resources: [this.topic.topicArn] }));
    }
    if (props.email !== undefined) this.topic.addSubscription(new EmailSubscription(props.email));
  }
}
