// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { EvidenceVault, type EvidenceVaultProps } from '../../lib/constructs/evidence-vault.ts';

function templateOf(props: EvidenceVaultProps | ((stack: Stack) => EvidenceVaultProps) = {}): Template {
  const stack = new Stack(new App(), 'Test');
  new EvidenceVault(stack, 'Vault', typeof props === 'function' ? props(stack) : props);
  return Template.fromStack(stack);
}

const lockedBucket = (retention: object) => ({
  ObjectLockEnabled: true,
  ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: retention } },
});

describe('the evidence vault', () => {
  it('keeps every version for 1,100 days under GOVERNANCE', () => {
    templateOf().hasResourceProperties('AWS::S3::Bucket', {
      ...lockedBucket({ Mode: 'GOVERNANCE', Days: 1_100 }),
      VersioningConfiguration: { Status: 'Enabled' },
    });
  });

  it('keeps for as long as a user says, and under COMPLIANCE only where he says so', () => {
    templateOf({ retentionDays: 400 }).hasResourceProperties('AWS::S3::Bucket', lockedBucket({ Mode: 'GOVERNANCE', Days: 400 }));
    templateOf({ lockMode: 'COMPLIANCE' }).hasResourceProperties('AWS::S3::Bucket', lockedBucket({ Mode: 'COMPLIANCE', Days: 1_100 }));
  });

  it.each([0, 36_501, 1.5])('refuses a retention of %d days', (retentionDays) => {
    expect(() => templateOf({ retentionDays: 36_500 })).not.toThrow();
    expect(() => templateOf({ retentionDays })).toThrow(/retention|integer|whole/i);
  });

  it('is left standing when the stack is deleted or the bucket replaced', () => {
    const template = templateOf();
    template.resourceCountIs('AWS::S3::Bucket', 2);
    template.allResources('AWS::S3::Bucket', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  it('lets nobody in from the public, nor over plain HTTP', () => {
    const template = templateOf();
    const every = { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true };
    template.allResourcesProperties('AWS::S3::Bucket', { PublicAccessBlockConfiguration: every });
    template.resourceCountIs('AWS::S3::BucketPolicy', 2);
    template.allResourcesProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
  });

  it('refuses to bypass the retention, to everyone', () => {
    templateOf().hasResourceProperties('AWS::S3::BucketPolicy', {
      Bucket: { Ref: Match.stringLikeRegexp('^VaultBucket') },
      PolicyDocument: {
        Statement: Match.arrayWith([Match.objectLike({ Effect: 'Deny', Principal: { AWS: '*' }, Action: 's3:BypassGovernanceRetention' })]),
      },
    });
  });

  it('takes an object only where its key was never used', () => {
    templateOf().hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action: 's3:PutObject',
            Condition: { Null: { 's3:if-none-match': 'true' }, Bool: { 's3:ObjectCreationOperation': 'true' } },
          }),
        ]),
      },
    });
  });

  it('takes no shorter retention than its own, and under COMPLIANCE no weaker mode', () => {
    const refused = (Condition: Record<string, unknown>) => ({
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Action: ['s3:PutObject', 's3:PutObjectRetention'], Condition: Match.objectEquals(Condition) }),
        ]),
      },
    });
    const shorter = (days: string) => refused({ NumericLessThan: { 's3:object-lock-remaining-retention-days': days } });
    const weaker = refused({ StringEquals: { 's3:object-lock-mode': 'GOVERNANCE' } });
    templateOf().hasResourceProperties('AWS::S3::BucketPolicy', shorter('1100'));
    templateOf({ retentionDays: 400 }).hasResourceProperties('AWS::S3::BucketPolicy', shorter('400'));
    templateOf({ lockMode: 'COMPLIANCE' }).hasResourceProperties('AWS::S3::BucketPolicy', weaker);
    templateOf().resourcePropertiesCountIs('AWS::S3::BucketPolicy', weaker, 0);
  });

  it('tells EventBridge of each new object, without a custom resource', () => {
    const template = templateOf();
    const told = { NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } } };
    template.hasResourceProperties('AWS::S3::Bucket', { ObjectLockEnabled: true, ...told });
    template.resourcePropertiesCountIs('AWS::S3::Bucket', told, 1);
    template.resourceCountIs('AWS::Lambda::Function', 0);
  });

  it('keeps its policy when it is kept, and names no role in it', () => {
    const template = templateOf();
    template.allResources('AWS::S3::BucketPolicy', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(JSON.stringify(template.findResources('AWS::S3::BucketPolicy'))).toContain('RefuseOverwrite');
    expect(JSON.stringify(template.findResources('AWS::S3::BucketPolicy'))).not.toContain(':iam:');
  });

  it('locks nothing and deletes everything where it may be thrown away, and still takes no key twice', () => {
    const template = templateOf({ isDisposable: true });
    template.allResources('AWS::S3::Bucket', { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
    template.resourcePropertiesCountIs('AWS::S3::Bucket', { ObjectLockEnabled: true }, 0);
    template.resourcePropertiesCountIs('AWS::S3::Bucket', { ObjectLockConfiguration: Match.anyValue() }, 0);
    template.resourceCountIs('Custom::S3AutoDeleteObjects', 2);
    const policies = JSON.stringify(template.findResources('AWS::S3::BucketPolicy'));
    expect(policies).toContain('RefuseOverwrite');
    expect(policies).not.toContain('RefuseShorterRetention');
  });

  it('takes over a bucket as it is', () => {
    const withKey = (props: EvidenceVaultProps) => templateOf((stack) => ({ ...props, encryptionKey: new Key(stack, 'Key') }));
    withKey({}).resourceCountIs('AWS::S3::Bucket', 2);
    const template = withKey({ adoptBucketName: 'kept-vault' });
    for (const type of ['AWS::S3::Bucket', 'AWS::S3::BucketPolicy']) template.resourceCountIs(type, 0);
    template.resourceCountIs('AWS::KMS::Key', 1);
  });

  it('encrypts with keys of S3, or with the key of a user', () => {
    const algorithm = (name: string) => ({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: Match.objectLike({ SSEAlgorithm: name }) }],
      },
    });
    templateOf().allResourcesProperties('AWS::S3::Bucket', algorithm('AES256'));
    templateOf((stack) => ({ encryptionKey: new Key(stack, 'Key') })).hasResourceProperties('AWS::S3::Bucket', {
      ObjectLockEnabled: true,
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          { BucketKeyEnabled: true, ServerSideEncryptionByDefault: Match.objectLike({ SSEAlgorithm: 'aws:kms' }) },
        ],
      },
    });
  });

  it('logs who reads it: into a bucket of its own without Object Lock, or into the one given', () => {
    const own = templateOf();
    own.hasResourceProperties('AWS::S3::Bucket', {
      ObjectLockEnabled: true,
      LoggingConfiguration: { DestinationBucketName: { Ref: Match.stringLikeRegexp('^VaultAccessLogs') }, LogFilePrefix: 'vault/' },
    });
    own.resourcePropertiesCountIs('AWS::S3::Bucket', { ObjectLockEnabled: Match.absent() }, 1);
    const given = templateOf((stack) => ({ accessLogs: new Bucket(stack, 'Logs') }));
    given.hasResourceProperties('AWS::S3::Bucket', {
      ObjectLockEnabled: true,
      LoggingConfiguration: { DestinationBucketName: { Ref: Match.stringLikeRegexp('^Logs') } },
    });
    given.resourceCountIs('AWS::S3::Bucket', 2);
  });

  it('has a physical name only where a user gives one', () => {
    templateOf().resourcePropertiesCountIs('AWS::S3::Bucket', { BucketName: Match.anyValue() }, 0);
    templateOf({ bucketName: 'aims-evidence-demo' }).hasResourceProperties('AWS::S3::Bucket', { BucketName: 'aims-evidence-demo' });
  });
});
