// SPDX-License-Identifier: Apache-2.0
import type { SampleAccount, SampleWorld } from '../world.ts';
import { type Caller, dayMs, hourMs, minuteMs, type SampleEvent, sampleFraction } from './sample-record.ts';

const administrator: Caller = { role: 'account-administration', session: 'a.nakamura', mfa: true };
const auditor: Caller = { role: 'security-audit', session: 'config-recorder' };

/** Reads of a day at scale 1 in one account and Region: most of what CloudTrail holds shows nothing and claims nothing. */
const readsPerDay = 18;
const reads: readonly (readonly [source: string, name: string])[] = [
  ['ec2', 'DescribeInstances'],
  ['s3', 'ListBuckets'],
  ['iam', 'ListRoles'],
  ['kms', 'ListKeys'],
  ['sagemaker', 'ListEndpoints'],
  ['logs', 'DescribeLogGroups'],
  ['cloudtrail', 'DescribeTrails'],
  ['config', 'DescribeConfigurationRecorders'],
];

/** What happens in an account and Region beside its AI systems: keys, roles, buckets, secrets, policies of the organisation, and reads. */
export function accountEvents(world: SampleWorld, account: SampleAccount, region: string, since: number): readonly SampleEvent[] {
  const events = [...daily(account, region, since, world.scale)];
  if (region === 'eu-west-1') events.push(...keysAndRoles(account, since), ...stores(world, account, region, since));
  if (region === 'us-east-1') events.push(...organization(world, since));
  return events;
}

function daily(account: SampleAccount, region: string, since: number, scale: number): SampleEvent[] {
  const events: SampleEvent[] = [];
  for (let day = 0; day < 30; day++) {
    for (let turn = 0; turn < readsPerDay * scale; turn++) {
      const [source, name] = reads[turn % reads.length] ?? ['ec2', 'DescribeInstances'];
      const at = since + day * dayMs + Math.floor(sampleFraction(`${account.id}|${region}|${day}|${turn}`) * dayMs);
      events.push({ at, by: auditor, source, name, readOnly: true });
    }
  }
  return events;
}

function keysAndRoles(account: SampleAccount, since: number): SampleEvent[] {
  const keyId = `arn:aws:kms:eu-west-1:${account.id}:key/0f1e2d3c-4b5a-4697-8877-665544332211`;
  const roleName = 'credit-serving';
  const resources = [{ type: 'AWS::KMS::Key', arn: keyId }];
  const policyArn = 'arn:aws:iam::aws:policy/AmazonSageMakerReadOnly';
  return [
    { at: since + 4 * dayMs + 10 * hourMs, by: administrator, source: 'kms', name: 'EnableKeyRotation', request: { keyId }, resources },
    { at: since + 19 * dayMs + 15 * hourMs, by: administrator, source: 'kms', name: 'DisableKeyRotation', request: { keyId }, resources },
    { at: since + 19 * dayMs + 16 * hourMs, by: administrator, source: 'kms', name: 'EnableKeyRotation', request: { keyId }, resources },
    { at: since + 5 * dayMs + 8 * hourMs, by: administrator, source: 'iam', name: 'AttachRolePolicy', request: { roleName, policyArn } },
    {
      at: since + 11 * dayMs + 8 * hourMs,
      by: auditor,
      source: 'secretsmanager',
      name: 'GetSecretValue',
      readOnly: true,
      request: { secretId: `arn:aws:secretsmanager:eu-west-1:${account.id}:secret:feature-store-AbCdEf` },
    },
  ];
}

function stores(world: SampleWorld, account: SampleAccount, region: string, since: number): SampleEvent[] {
  const systems = world.systems.filter((system) => system.account === account.id && system.region === region);
  return systems.flatMap((system) => {
    const bucketName = system.parts['dataBucket'] ?? '';
    const resources = [{ type: 'AWS::S3::Bucket', arn: `arn:aws:s3:::${bucketName}` }];
    const encryption = { ServerSideEncryptionConfiguration: { Rule: { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } } } };
    const open = { RestrictPublicBuckets: true, BlockPublicPolicy: true, BlockPublicAcls: true, IgnorePublicAcls: true };
    return [
      {
        at: since + 6 * dayMs + 9 * hourMs,
        by: administrator,
        source: 's3',
        name: 'PutBucketEncryption',
        request: { bucketName, ...encryption },
        resources,
      },
      {
        at: since + 6 * dayMs + 9 * hourMs + minuteMs,
        by: administrator,
        source: 's3',
        name: 'PutBucketPublicAccessBlock',
        request: { bucketName, PublicAccessBlockConfiguration: open },
        resources,
      },
    ];
  });
}

function organization(world: SampleWorld, since: number): SampleEvent[] {
  const id = 'p-aioptout01';
  const type = 'AISERVICES_OPT_OUT_POLICY';
  const content = '{"services":{"default":{"opt_out_policy":{"@@assign":"optOut"}}}}';
  const policySummary = {
    id,
    arn: `arn:aws:organizations::111122223333:policy/${world.organization}/aiservices_opt_out_policy/${id}`,
    name: 'ai-opt-out',
    type,
    awsManaged: false,
  };
  const at = since + 9 * dayMs + 10 * hourMs;
  return [
    {
      at,
      by: administrator,
      source: 'organizations',
      name: 'CreatePolicy',
      request: { name: 'ai-opt-out', type, content },
      response: { policy: { policySummary } },
    },
    {
      at: at + 5 * minuteMs,
      by: administrator,
      source: 'organizations',
      name: 'AttachPolicy',
      request: { policyId: id, targetId: 'r-exmp' },
    },
  ];
}
