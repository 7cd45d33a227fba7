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
    const { account, partition, region } = Stack.of(this);
    const ofAccount = { StringEquals: { 'aws:SourceAccount': account } };
    // EventBridge names no source account when it uses a key: the page above says so, and a condition on it would silence the rules. What is
    // encrypted is a message of a topic of this account; the topic itself takes them from rules of this account alone.
    const ofTopics = { ArnLike: { 'kms:EncryptionContext:aws:sns:topicArn': `arn:${partition}:sns:${region}:${account}:*` } };
    const keyUse = ['kms:Decrypt', 'kms:GenerateDataKey*'];
    this.key.addToResourcePolicy(allow(['cloudwatch'], keyUse, '*', ofAccount));
    this.key.addToResourcePolicy(allow(['events'], keyUse, '*', ofTopics));
    this.topic.addToResourcePolicy(allow(['cloudwatch', 'events'], ['sns:Publish'], this.topic.topicArn, ofAccount));
    for (const subscriber of props.subscriberAccounts ?? []) {
      const principals = [new AccountPrincipal(subscriber)];
      this.topic.addToResourcePolicy(new PolicyStatement({ principals, actions: ['sns:Subscribe'], resources: [this.topic.topicArn] }));
    }
    if (props.email !== undefined) this.topic.addSubscription(new EmailSubscription(props.email));
  }
}

type Conditions = Readonly<Record<string, Readonly<Record<string, string>>>>;

function allow(services: readonly string[], actions: string[], resource: string, conditions: Conditions): PolicyStatement {
  const principals = services.map((service) => new ServicePrincipal(`${service}.amazonaws.com`));
  return new PolicyStatement({ principals, actions, resources: [resource], conditions });
}
