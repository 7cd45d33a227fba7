// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { deployHome } from '../support/deployed-stack.ts';

const arn = (name: string) => `arn:aws:kms:eu-west-1:111122223333:key/${name}`;
const adopt = { bucketName: 'kept-vault', tableName: 'kept-index', signingKeyArn: arn('signing'), secretKeyArn: arn('secret') };

/** Logical ids of the keys that sign, and what becomes of them when they leave the stack. */
function signingKeys(configuration: Parameters<typeof deployHome>[0]) {
  const found = deployHome(configuration).template.findResources('AWS::KMS::Key', { Properties: { KeyUsage: 'SIGN_VERIFY' } });
  return Object.entries(found).map(([id, { DeletionPolicy, UpdateReplacePolicy }]) => ({ id, DeletionPolicy, UpdateReplacePolicy }));
}

describe('replacing the signing key', () => {
  it('makes a second key under an id of its own, and lets go of the first, which stays in KMS', () => {
    const [before] = signingKeys({});
    const during = signingKeys({ signingKeyNumber: 2, previousSigningKeyArn: arn('first') });
    expect(before).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(during).toMatchObject([{ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' }]);
    expect(during[0]?.id).not.toBe(before?.id);
  });

  it('names the new key and the old one to those who sign and verify, in the first step', () => {
    const { template } = deployHome({ signingKeyNumber: 2, previousSigningKeyArn: arn('first') });
    const [{ id = '' } = {}] = signingKeys({ signingKeyNumber: 2, previousSigningKeyArn: arn('first') });
    template.hasOutput('SigningKeyArn', { Value: { 'Fn::GetAtt': [id, 'Arn'] } });
    template.hasOutput('PreviousSigningKeyArn', { Value: arn('first') });
    const variables = { AIMS_SIGNING_KEY_ARN: { 'Fn::GetAtt': [id, 'Arn'] }, AIMS_PREVIOUS_SIGNING_KEY_ARN: arn('first') };
    template.hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: Match.objectLike(variables) } });
    for (const key of [{ 'Fn::GetAtt': [id, 'Arn'] }, arn('first')]) {
      const signs = Match.objectLike({ Action: ['kms:GetPublicKey', 'kms:Sign'], Resource: Match.arrayWith([key]) });
      template.hasResourceProperties('AWS::IAM::Policy', { PolicyDocument: { Statement: Match.arrayWith([signs]) } });
    }
  });

  it('keeps the new key and forgets the old one in the second step', () => {
    const after = signingKeys({ signingKeyNumber: 2 });
    expect(after).toEqual(signingKeys({ signingKeyNumber: 2, previousSigningKeyArn: arn('first') }));
    expect(JSON.stringify(deployHome({ signingKeyNumber: 2 }).template.findOutputs('*'))).not.toContain('Previous');
  });

  it('changes neither vault, table nor secret', () => {
    const rest = (configuration: Parameters<typeof deployHome>[0]) => {
      const { template } = deployHome(configuration);
      const hmac = { Properties: { KeyUsage: 'GENERATE_VERIFY_MAC' } };
      return [
        template.findResources('AWS::S3::Bucket'),
        template.findResources('AWS::DynamoDB::Table'),
        template.findResources('AWS::KMS::Key', hmac),
      ];
    };
    expect(Object.keys(rest({})[2] ?? {})).toHaveLength(1);
    expect(rest({ signingKeyNumber: 2, previousSigningKeyArn: arn('first') })).toEqual(rest({}));
  });

  it('works where vault and keys were adopted: only the signing key is new', () => {
    const { template } = deployHome({ vault: { adopt }, signingKeyNumber: 2, previousSigningKeyArn: adopt.signingKeyArn });
    template.resourcePropertiesCountIs('AWS::KMS::Key', { KeyUsage: 'SIGN_VERIFY' }, 1);
    template.resourcePropertiesCountIs('AWS::KMS::Key', { KeyUsage: 'GENERATE_VERIFY_MAC' }, 0);
    template.hasOutput('PreviousSigningKeyArn', { Value: adopt.signingKeyArn });
    template.hasOutput('SecretKeyArn', { Value: adopt.secretKeyArn });
    expect(signingKeys({ vault: { adopt } })).toEqual([]);
  });

  it('is refused where its number is none', () => {
    expect(() => deployHome({ signingKeyNumber: 0 })).toThrow(/signingKeyNumber/);
  });
});
