// SPDX-License-Identifier: Apache-2.0
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, type BucketProps, type IBucket, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

/** Days of a three-year certification cycle and its audit: how long evidence cannot be deleted unless a user says otherwise. */
const defaultRetentionDays = 1_100;

/**
 * GOVERNANCE can be lifted by whoever may change the bucket's policy and bypass retention. COMPLIANCE can be lifted by nobody, the account's
 * root user and AWS included: a mistake in the number of days stays until they are over.
 */
export type LockMode = 'GOVERNANCE' | 'COMPLIANCE';

export interface EvidenceVaultProps {
  /** Days for which an object cannot be deleted, from the moment it is written: 1 to 36,500. */
  readonly retentionDays?: number;
  readonly lockMode?: LockMode;
  /** Encrypts with this key. Without it S3 encrypts with keys of its own. */
  readonly encryptionKey?: IKey;
  /** Receives the server access logs. Without it the vault makes a bucket for them; it must not have Object Lock. */
  readonly accessLogs?: IBucket | Bucket;
  /** A physical name, where one is needed; CloudFormation makes one otherwise. */
  readonly bucketName?: string;
}

/** The bucket that holds the evidence: write once, versioned, private, and left standing when the stack is deleted. */
export class EvidenceVault extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: EvidenceVaultProps = {}) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      ...privateBucket,
      ...(props.bucketName === undefined ? {} : { bucketName: props.bucketName }),
      ...encryptionOf(props.encryptionKey),
      versioned: true,
      objectLockEnabled: true,
      objectLockDefaultRetention: retentionOf(props),
      serverAccessLogsBucket: asInterface(props.accessLogs ?? createAccessLogs(this)),
      serverAccessLogsPrefix: 'vault/',
    });
    this.bucket.addToResourcePolicy(refuseBypass(this.bucket));
  }
}

const privateBucket = {
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
  removalPolicy: RemovalPolicy.RETAIN,
} satisfies BucketProps;

function encryptionOf(encryptionKey: IKey | undefined): BucketProps {
  if (encryptionKey === undefined) return { encryption: BucketEncryption.S3_MANAGED };
  return { encryption: BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true };
}

function retentionOf({ retentionDays = defaultRetentionDays, lockMode = 'GOVERNANCE' }: EvidenceVaultProps): ObjectLockRetention {
  const duration = Duration.days(retentionDays);
  return lockMode === 'COMPLIANCE' ? ObjectLockRetention.compliance(duration) : ObjectLockRetention.governance(duration);
}

// Under GOVERNANCE one permission is enough to delete evidence early, and administrators have it. So it takes two steps, both of which
// CloudTrail shows: change this policy, then delete.
function refuseBypass(bucket: Bucket): PolicyStatement {
  return new PolicyStatement({
    sid: 'RefuseBypassOfRetention',
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: ['s3:BypassGovernanceRetention'],
    resources: [bucket.arnForObjects('*')],
  });
}

// S3 does not deliver access logs to a bucket with a default Object Lock retention:
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html, read 2026-11.
function createAccessLogs(scope: Construct): Bucket {
  return new Bucket(scope, 'AccessLogs', { ...privateBucket, encryption: BucketEncryption.S3_MANAGED });
}

// `isWebsite` is `boolean | undefined` in Bucket and `?: boolean` in IBucket (aws-cdk-lib 2.276): one thing for everyone but
// `exactOptionalPropertyTypes`.
function asInterface(bucket: IBucket | Bucket): IBucket {
  return bucket as IBucket;
}
