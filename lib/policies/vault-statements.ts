// SPDX-License-Identifier: Apache-2.0
import { AnyPrincipal, Effect, PolicyStatement, type PolicyStatementProps } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';

/** What the bucket's policy holds everyone to; null for a vault that may be thrown away. */
export interface Lock {
  readonly retentionDays: number;
  readonly lockMode: 'GOVERNANCE' | 'COMPLIANCE';
}

/** Statements that refuse, to everyone, what would change or shorten evidence. They name no role, so that they outlive the stack. */
export function vaultStatements(bucket: Pick<IBucket, 'arnForObjects'>, lock: Lock | null): readonly PolicyStatement[] {
  const refuse = (sid: string, actions: string[], conditions?: PolicyStatementProps['conditions']) =>
    new PolicyStatement({
      sid,
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions,
      resources: [bucket.arnForObjects('*')],
      ...(conditions === undefined ? {} : { conditions }),
    });
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html: parts of an upload are exempt, its completion is not.
  const writeOnce = refuse('RefuseOverwrite', ['s3:PutObject'], {
    Null: { 's3:if-none-match': 'true' },
    Bool: { 's3:ObjectCreationOperation': 'true' },
  });
  if (lock === null) return [writeOnce];
  // Under GOVERNANCE one permission is enough to delete evidence early, and administrators have it. So it takes two steps, both of which
  // CloudTrail shows: change this policy, then delete.
  return [writeOnce, refuse('RefuseBypassOfRetention', ['s3:BypassGovernanceRetention']), ...retentionStatements(lock, refuse)];
}

type Refuse = (sid: string, actions: string[], conditions?: PolicyStatementProps['conditions']) => PolicyStatement;

// Judged where a request names a retention of its own; one that names none gets the bucket's. We ask for the end of the day on which the last
// day ends, so that a clock which is a little behind does no harm: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html.
function retentionStatements({ retentionDays, lockMode }: Lock, refuse: Refuse): readonly PolicyStatement[] {
  const writes = ['s3:PutObject', 's3:PutObjectRetention'];
  const shorter = refuse('RefuseShorterRetention', writes, {
    NumericLessThan: { 's3:object-lock-remaining-retention-days': String(retentionDays) },
  });
  if (lockMode === 'GOVERNANCE') return [shorter];
  return [shorter, refuse('RefuseWeakerMode', writes, { StringEquals: { 's3:object-lock-mode': 'GOVERNANCE' } })];
}
