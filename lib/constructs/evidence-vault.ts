// SPDX-License-Identifier: Apache-2.0
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  CfnBucket,
  type IBucket,
  ObjectLockRetention,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { vaultStatements } from '../policies/vault-statements.ts';

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
  /** A bucket that an earlier deployment left standing: it is used as it is, with the lock, the policy and the logs it has. */
  readonly adoptBucketName?: string;
  /** For trying things out: nothing is locked, and everything is deleted with the stack. Its evidence proves nothing to anyone. */
  readonly isDisposable?: boolean;
}

/** The bucket that holds the evidence: write once, versioned, private, and left standing when the stack is deleted. */
export class EvidenceVault extends Construct {
  readonly bucket: IBucket;

  constructor(scope: Construct, id: string, props: EvidenceVaultProps = {}) {
    super(scope, id);
    this.bucket = props.adoptBucketName === undefined ? this.#create(props) : Bucket.fromBucketName(this, 'Adopted', props.adoptBucketName);
  }

  #create(props: EvidenceVaultProps): IBucket {
    const { retentionDays = defaultRetentionDays, lockMode = 'GOVERNANCE' } = props;
    const isDisposable = props.isDisposable ?? false;
    const logs = props.accessLogs ?? createAccessLogs(this, isDisposable);
    const bucket = new Bucket(this, 'Bucket', {
      ...privateBucket(isDisposable),
      ...(props.bucketName === undefined ? {} : { bucketName: props.bucketName }),
      ...encryptionOf(props.encryptionKey),
      versioned: true,
      ...(isDisposable ? {} : { objectLockEnabled: true, objectLockDefaultRetention: retentionOf(lockMode, retentionDays) }),
      serverAccessLogsBucket: asInterface(logs),
      serverAccessLogsPrefix: accessLogPrefix,
    });
    sendEvents(bucket);
    for (const statement of vaultStatements(bucket, isDisposable ? null : { retentionDays, lockMode }))
      bucket.addToResourcePolicy(statement);
    // A bucket that stays keeps what protects it.
    if (!isDisposable) bucket.policy?.applyRemovalPolicy(RemovalPolicy.RETAIN);
    return asInterface(bucket);
  }
}

const accessLogPrefix = 'vault/';

function privateBucket(isDisposable: boolean): BucketProps {
  return {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    ...(isDisposable ? { removalPolicy: RemovalPolicy.DESTROY, autoDeleteObjects: true } : { removalPolicy: RemovalPolicy.RETAIN }),
  };
}

function encryptionOf(encryptionKey: IKey | undefined): BucketProps {
  if (encryptionKey === undefined) return { encryption: BucketEncryption.S3_MANAGED };
  return { encryption: BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true };
}

function retentionOf(lockMode: LockMode, retentionDays: number): ObjectLockRetention {
  const duration = Duration.days(retentionDays);
  return lockMode === 'COMPLIANCE' ? ObjectLockRetention.compliance(duration) : ObjectLockRetention.governance(duration);
}

// S3 does not deliver access logs to a bucket with a default Object Lock retention:
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html, read 2026-11.
function createAccessLogs(scope: Construct, isDisposable: boolean): Bucket {
  const logs = new Bucket(scope, 'AccessLogs', { ...privateBucket(isDisposable), encryption: BucketEncryption.S3_MANAGED });
  if (!isDisposable) logs.policy?.applyRemovalPolicy(RemovalPolicy.RETAIN);
  return logs;
}

// The property of the resource itself: `eventBridgeEnabled` of the L2 construct would bring a custom resource with a wide role.
function sendEvents(bucket: Bucket): void {
  const resource = bucket.node.defaultChild;
  if (resource instanceof CfnBucket) resource.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
}

// `isWebsite` is `boolean | undefined` in Bucket and `?: boolean` in IBucket (aws-cdk-lib 2.276): one thing for everyone but
// `exactOptionalPropertyTypes`.
function asInterface(bucket: IBucket | Bucket): IBucket {
  return bucket as IBucket;
}
