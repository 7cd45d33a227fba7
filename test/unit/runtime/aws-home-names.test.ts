// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { awsHomeNamesFromEnvironment } from '../../../src/runtime/aws/aws-home-names.ts';

const key = (end: string) => `arn:aws:kms:eu-west-1:111122223333:key/${end}`;

const collector = {
  AIMS_VAULT_BUCKET: 'evidence-111122223333',
  AIMS_LOCK_MODE: 'GOVERNANCE',
  AIMS_RETENTION_DAYS: '1100',
  AIMS_TABLE: 'Index',
  AIMS_SECRET_KEY_ARN: key('secret'),
  AIMS_HOME_KIND: 'real',
};

describe('the names in a function’s environment', () => {
  it('are read without those of parts that the function has no use for', () => {
    expect(awsHomeNamesFromEnvironment(collector)).toEqual({
      bucket: 'evidence-111122223333',
      vaultKeyArn: null,
      lockMode: 'GOVERNANCE',
      retentionDays: 1_100,
      table: 'Index',
      signingKeyArn: null,
      previousSigningKeyArn: null,
      secretKeyArn: key('secret'),
      kind: 'real',
    });
    const more = { AIMS_VAULT_KEY_ARN: key('vault'), AIMS_SIGNING_KEY_ARN: key('new'), AIMS_PREVIOUS_SIGNING_KEY_ARN: key('old') };
    expect(awsHomeNamesFromEnvironment({ ...collector, ...more })).toMatchObject({
      vaultKeyArn: key('vault'),
      signingKeyArn: key('new'),
      previousSigningKeyArn: key('old'),
    });
  });

  it('count as absent where they are empty', () => {
    expect(awsHomeNamesFromEnvironment({ ...collector, AIMS_VAULT_KEY_ARN: '' }).vaultKeyArn).toBeNull();
  });

  it.each([
    ['AIMS_VAULT_BUCKET', undefined],
    ['AIMS_VAULT_BUCKET', ''],
    ['AIMS_LOCK_MODE', 'governance'],
    ['AIMS_RETENTION_DAYS', '0'],
    ['AIMS_RETENTION_DAYS', '1e9'],
    ['AIMS_SECRET_KEY_ARN', 'secret'],
    ['AIMS_HOME_KIND', undefined],
  ])('with %s = %s are refused by that name', (name, value) => {
    expect(() => awsHomeNamesFromEnvironment({ ...collector, [name]: value })).toThrow(
      expect.objectContaining({ code: 'HOME_NAMES_INVALID', message: expect.stringContaining(name) }),
    );
  });
});
