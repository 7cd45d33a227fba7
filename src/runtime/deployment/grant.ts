// SPDX-License-Identifier: Apache-2.0

/**
 * What a grant is on, by name: the stack knows the ARN, `aims plan` prints the name.
 * `any` stands for calls that take no resource (lists, descriptions of a whole account).
 */
export type GrantTarget =
  | 'any'
  | 'bucket'
  | 'vault objects'
  | 'ledger objects'
  | 'table'
  | 'signing keys'
  | 'secret key'
  | 'vault key'
  | 'topic'
  | 'topic key'
  | 'own log group'
  | 'own queues'
  | 'own runs'
  | 'own failures'
  | 'collector queues'
  | 'dead letters'
  /** Objects below `s3://bucket/prefix`. */
  | { readonly s3Objects: string }
  /** Listing what lies below `s3://bucket/prefix`, and nothing beside it. */
  | { readonly s3Listing: string }
  /** Settings of the bucket in `s3://bucket/prefix`. */
  | { readonly s3Bucket: string }
  /** A key by its ARN. */
  | { readonly kmsKey: string }
  /** The role of this name in every account. */
  | { readonly memberRole: string };

/** Some actions on one target, and why that is no more than is needed: a reader of `aims plan` and of the template judges by it. */
export interface Grant {
  readonly actions: readonly string[];
  readonly on: GrantTarget;
  readonly why: string;
}

/** A grant's target in words. */
export function describeTarget(target: GrantTarget): string {
  if (typeof target === 'string') return target;
  if ('s3Objects' in target) return `objects below ${target.s3Objects}`;
  if ('s3Listing' in target) return `the list of ${target.s3Listing}`;
  if ('s3Bucket' in target) return `settings of the bucket of ${target.s3Bucket}`;
  if ('kmsKey' in target) return `key ${target.kmsKey}`;
  return `role ${target.memberRole} of each account`;
}

/**
 * Refused to every role of ours, whatever else is granted to it later: reads that hand out secrets or samples of personal data,
 * and whatever would let evidence or the keys that prove it disappear.
 */
export const refusedActions = [
  'macie2:GetSensitiveDataOccurrences',
  'macie2:GetSensitiveDataOccurrencesAvailability',
  'secretsmanager:BatchGetSecretValue',
  'secretsmanager:GetSecretValue',
  'ssm:GetParameter',
  'ssm:GetParameterHistory',
  'ssm:GetParameters',
  'ssm:GetParametersByPath',
  's3:BypassGovernanceRetention',
  's3:DeleteBucketPolicy',
  's3:DeleteObject',
  's3:DeleteObjectVersion',
  's3:PutBucketObjectLockConfiguration',
  's3:PutBucketPolicy',
  's3:PutBucketVersioning',
  's3:PutLifecycleConfiguration',
  'kms:DeleteAlias',
  'kms:DisableKey',
  'kms:PutKeyPolicy',
  'kms:ScheduleKeyDeletion',
] as const;
