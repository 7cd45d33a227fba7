// SPDX-License-Identifier: Apache-2.0
import { CfnRule } from 'aws-cdk-lib/aws-events';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type EvidenceHome, isDisposable } from '../evidence-home.ts';
import { allowSending } from '../policies/allow-sending.ts';
import { requirePattern } from '../policies/event-pattern.ts';
import { createFailureQueue } from './evidence-queue.ts';

export interface TamperAlertsProps {
  readonly home: EvidenceHome;
}

// Names of the calls as CloudTrail writes them: https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html.
const keyCalls = ['DisableKey', 'PutKeyPolicy', 'ScheduleKeyDeletion'];
const bucketCalls = [
  'DeleteBucketLifecycle',
  'DeleteBucketPolicy',
  'PutBucketLifecycle',
  'PutBucketObjectLockConfiguration',
  'PutBucketPolicy',
  'PutBucketVersioning',
];

/**
 * Tells the topic at once when somebody touches what evidence rests on: the state of its keys, the policy, lock or life cycle of its bucket.
 * EventBridge hears of such calls only where a trail of CloudTrail logs management events.
 */
export class TamperAlerts extends Construct {
  /** Alerts that the topic did not take: an alarm watches it. */
  readonly undelivered: Queue;

  constructor(scope: Construct, id: string, { home }: TamperAlertsProps) {
    super(scope, id);
    this.undelivered = createFailureQueue(this, 'Undelivered', isDisposable(home));
    const keys = [home.signingKey, home.secretKey, home.previousSigningKey, home.vaultKey].filter((key) => key !== undefined);
    const keyIds = keys.flatMap(({ keyId, keyArn }) => [keyId, keyArn]);
    this.#rule('Keys', 'a key of the home is changed', home, {
      source: ['aws.kms'],
      'detail-type': ['AWS API Call via CloudTrail'],
      detail: { eventSource: ['kms.amazonaws.com'], eventName: keyCalls, requestParameters: { keyId: keyIds } },
    });
    this.#rule('Bucket', 'the protection of the vault is changed', home, {
      source: ['aws.s3'],
      'detail-type': ['AWS API Call via CloudTrail'],
      detail: { eventSource: ['s3.amazonaws.com'], eventName: bucketCalls, requestParameters: { bucketName: [home.bucket.bucketName] } },
    });
  }

  #rule(id: string, what: string, home: EvidenceHome, pattern: unknown): void {
    const rule = new CfnRule(this, id, {
      description: `AIMS Evidence: ${what}`,
      eventPattern: requirePattern(pattern),
      targets: [{ id: 'Topic', arn: home.topic.topicArn, deadLetterConfig: { arn: this.undelivered.queueArn } }],
    });
    allowSending(rule, this.undelivered);
  }
}
