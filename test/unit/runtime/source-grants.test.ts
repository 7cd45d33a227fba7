// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { locateNamed } from '../../../lib/policies/grant-statements.ts';
import { configurationSchema } from '../../../src/runtime/deployment/configuration-schema.ts';
import { describeTarget } from '../../../src/runtime/deployment/grant.ts';
import { sourceGrants } from '../../../src/runtime/deployment/source-grants.ts';

const source = {
  id: 'sagemaker-clarify',
  title: 'Clarify',
  actions: ['sagemaker:ListTags', 's3:GetObject', 's3:ListBucket', 's3:GetBucketNotification', 'kms:Decrypt'],
} as const;
const keyArn = 'arn:aws:kms:eu-west-1:111122223333:key/reports';
const grantsWith = (reportLocations: readonly unknown[]) => sourceGrants(source, configurationSchema.parse({ reportLocations }));

describe('grants of a source', () => {
  it('are its calls, and nothing on files or keys where no place is named', () => {
    expect(grantsWith([])).toMatchObject([{ actions: ['sagemaker:ListTags'], on: 'any' }]);
  });

  it('are on each place what the place is good for', () => {
    const [, ...placed] = grantsWith([{ location: 's3://reports/monitor/', keyArn }]);
    expect(placed.map(({ actions, on }) => [actions, describeTarget(on)])).toEqual([
      [['s3:GetObject'], 'objects below s3://reports/monitor/'],
      [['s3:ListBucket'], 'the list of s3://reports/monitor/'],
      [['s3:GetBucketNotification'], 'settings of the bucket of s3://reports/monitor/'],
      [['kms:Decrypt'], `key ${keyArn}`],
    ]);
    expect(placed.map(({ on }) => locateNamed(on, 'aws'))).toEqual([
      { resources: ['arn:aws:s3:::reports/monitor/*'] },
      { resources: ['arn:aws:s3:::reports'], conditions: { StringLike: { 's3:prefix': 'monitor/*' } } },
      { resources: ['arn:aws:s3:::reports'] },
      { resources: [keyArn] },
    ]);
  });

  it('open no key where none is named, and list a whole bucket only where the whole bucket is', () => {
    const [, ...placed] = grantsWith(['s3://reports']);
    expect(placed.flatMap(({ actions }) => actions)).not.toContain('kms:Decrypt');
    expect(placed.map(({ on }) => locateNamed(on, 'aws-cn'))).toEqual([
      { resources: ['arn:aws-cn:s3:::reports/*'] },
      { resources: ['arn:aws-cn:s3:::reports'] },
      { resources: ['arn:aws-cn:s3:::reports'] },
    ]);
  });
});
