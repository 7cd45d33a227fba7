// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { ConfigurationInput } from '../../lib/parse-configuration.ts';
import { deployHome, deployMember } from '../support/deployed-stack.ts';
import { acknowledgements, nagFindings } from '../support/nag-findings.ts';

const adopt = {
  bucketName: 'kept-vault',
  tableName: 'kept-index',
  signingKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/11111111-1111-1111-1111-111111111111',
  secretKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/22222222-2222-2222-2222-222222222222',
};
const places: ConfigurationInput = {
  reportLocations: ['s3://reports/monitor/'],
  trailBuckets: [{ location: 's3://trail/AWSLogs/', keyArn: 'arn:aws:kms:eu-west-1:111122223333:key/trail' }],
};
const organization: ConfigurationInput = {
  ...places,
  accounts: { organization: true },
  member: { forwardEvents: true, organizationId: 'o-abcdefghij' },
  tracing: true,
  alarmEmail: 'evidence@example.com',
  vault: { encryption: 'customer', lockMode: 'COMPLIANCE' },
};
const configurations: readonly (readonly [string, ConfigurationInput])[] = [
  ['one account', {}],
  ['an organisation', organization],
  ['a development', { profile: 'dev' }],
  ['an adopted vault', { vault: { adopt }, events: false }],
];

/** Whether a finding is at a construct or below it. */
const isWithin = (path: string, construct: string) => path === construct || path.startsWith(`${construct}/`);

describe.each(configurations)('the stack of %s', (_what, configuration) => {
  it('breaks no rule of the AWS solutions pack', () => {
    const bare = new App();
    new Bucket(new Stack(bare, 'Bare'), 'Bucket');
    expect(nagFindings(bare).map(({ rule }) => rule)).toEqual(expect.arrayContaining(['AwsSolutions-S1', 'AwsSolutions-S10']));
    expect(nagFindings(deployHome(configuration).app)).toEqual([]);
  });

  it('acknowledges nothing that is not found, and answers for no resource beside the one', () => {
    const { app } = deployHome(configuration);
    const found = nagFindings(app, true);
    const answered = acknowledgements(app);
    expect(answered.length).toBeGreaterThan(10);
    const idle = answered.filter(({ rule, path }) => !found.some((one) => one.rule === rule && isWithin(one.path, path)));
    expect(idle).toEqual([]);
    const wide = answered.filter(({ rule, path }) => found.filter((one) => one.rule === rule && isWithin(one.path, path)).length > 1);
    expect(wide).toEqual([]);
  });

  it('gives a reason of a sentence for each', () => {
    const short = acknowledgements(deployHome(configuration).app).filter(({ reason }) => reason.length < 30 || !reason.endsWith('.'));
    expect(short).toEqual([]);
  });
});

describe('the stack of a member account', () => {
  it.each([
    ['nothing more', {}],
    ['places and events', organization],
  ] as const)('breaks no rule with %s, and acknowledges only what is found', (_what, configuration) => {
    const { app } = deployMember(configuration);
    expect(nagFindings(app)).toEqual([]);
    const found = nagFindings(app, true);
    const answered = acknowledgements(app);
    expect(answered.length).toBeGreaterThan(0);
    expect(answered.filter(({ rule, path }) => !found.some((one) => one.rule === rule && isWithin(one.path, path)))).toEqual([]);
  });
});

it('would notice an acknowledgement that matches nothing', () => {
  const app = new App();
  const stack = new Stack(app, 'Bare');
  Validations.of(new Bucket(stack, 'Bucket')).acknowledge({ id: 'AwsSolutions-SQS3', reason: 'A bucket is no queue.' });
  expect(acknowledgements(app)).toEqual([{ rule: 'AwsSolutions-SQS3', path: 'Bare/Bucket', reason: 'A bucket is no queue.' }]);
  expect(nagFindings(app, true).filter(({ rule }) => rule === 'AwsSolutions-SQS3')).toEqual([]);
});
