// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { deployHome } from '../support/deployed-stack.ts';

const evidenceTypes = ['AWS::S3::Bucket', 'AWS::S3::BucketPolicy', 'AWS::DynamoDB::Table', 'AWS::Logs::LogGroup', 'AWS::SQS::Queue'];

function policiesOf(template: Template, type: string): readonly unknown[] {
  return Object.values(template.findResources(type)).map(({ DeletionPolicy, UpdateReplacePolicy }) => [
    DeletionPolicy,
    UpdateReplacePolicy,
  ]);
}

describe('what stays when the stack is deleted', () => {
  it.each(evidenceTypes)('is every %s in production', (type) => {
    const found = policiesOf(deployHome().template, type);
    expect(found.length).toBeGreaterThan(0);
    expect(found).toEqual(found.map(() => ['Retain', 'Retain']));
  });

  it('is every key that evidence rests on, and not the key of notices on their way', () => {
    const { template } = deployHome({ vault: { encryption: 'customer' } });
    const keys = Object.entries(template.findResources('AWS::KMS::Key'));
    expect(keys.map(([id, { DeletionPolicy }]) => [id.replace(/.{8}$/, ''), DeletionPolicy]).sort()).toEqual([
      ['KeysSecret', 'Retain'],
      ['KeysSigning', 'Retain'],
      ['KeysVault', 'Retain'],
      ['NoticesKey', 'Delete'],
    ]);
  });

  it('is nothing of a development, and it says so', () => {
    const { template } = deployHome({ profile: 'dev' });
    const kept = Object.entries<{ DeletionPolicy?: string }>(template.toJSON()['Resources']).filter(
      ([, found]) => found.DeletionPolicy === 'Retain',
    );
    expect(kept).toEqual([]);
    for (const type of [...evidenceTypes.filter((one) => one !== 'AWS::S3::BucketPolicy'), 'AWS::KMS::Key']) {
      const found = policiesOf(template, type);
      expect(found.length).toBeGreaterThan(0);
      expect(found).toEqual(found.map(() => ['Delete', 'Delete']));
    }
    template.hasOutput('LockMode', { Value: 'NONE', Description: Match.stringLikeRegexp('^NOTHING IS LOCKED') });
    template.hasOutput('RetentionDays', { Value: '0' });
    template.allResourcesProperties('AWS::Lambda::Function', Match.anyValue());
    template.hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: Match.objectLike({ AIMS_LOCK_MODE: 'NONE' }) } });
  });
});

describe('the index table', () => {
  it('can be restored to any second, is paid by use, and cannot be deleted by a call', () => {
    const { template } = deployHome();
    template.resourceCountIs('AWS::DynamoDB::Table', 1);
    template.hasResourceProperties('AWS::DynamoDB::Table', {
      BillingMode: 'PAY_PER_REQUEST',
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true },
      StreamSpecification: Match.absent(),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    });
    deployHome({ profile: 'dev' }).template.hasResourceProperties('AWS::DynamoDB::Table', { DeletionProtectionEnabled: false });
  });
});

describe('the keys', () => {
  it('sign as RFC 8032 says, and derive the secret by HMAC', () => {
    const { template } = deployHome();
    template.hasResourceProperties('AWS::KMS::Key', { KeySpec: 'ECC_NIST_EDWARDS25519', KeyUsage: 'SIGN_VERIFY' });
    template.hasResourceProperties('AWS::KMS::Key', { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
  });

  it('cannot be lost by a function of ours, of this deployment or the next', () => {
    const { template } = deployHome({ vault: { encryption: 'customer' } });
    const refused = {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action: ['kms:DisableKey', 'kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion'],
            Condition: {
              ArnLike: { 'aws:PrincipalArn': Match.objectLike({ 'Fn::Join': ['', Match.arrayWith([':role/aims-evidence/*'])] }) },
            },
          }),
        ]),
      },
    };
    template.resourcePropertiesCountIs('AWS::KMS::Key', refused, 3);
  });
});
