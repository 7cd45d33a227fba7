// SPDX-License-Identifier: Apache-2.0
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

// A mix as a busy account with AI systems writes it: mostly reads and data-plane calls, some changes, a few that rules speak about.
const calls = [
  ['s3.amazonaws.com', 'GetBucketAcl', true],
  ['ec2.amazonaws.com', 'DescribeInstances', true],
  ['sts.amazonaws.com', 'AssumeRole', true],
  ['kms.amazonaws.com', 'Decrypt', true],
  ['logs.amazonaws.com', 'DescribeLogGroups', true],
  ['sagemaker.amazonaws.com', 'DescribeEndpoint', true],
  ['bedrock.amazonaws.com', 'InvokeModel', true],
  ['sagemaker.amazonaws.com', 'CreateTrainingJob', false],
  ['s3.amazonaws.com', 'PutBucketPolicy', false],
  ['cloudtrail.amazonaws.com', 'StopLogging', false],
] as const;
const shares = [18, 36, 50, 68, 76, 84, 94, 96, 99, 100];

/** A small seeded generator (mulberry32): the same records on every run. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function hex(random: () => number, digits: number): string {
  let out = '';
  while (out.length < digits)
    out += Math.floor(random() * 4_294_967_296)
      .toString(16)
      .padStart(8, '0');
  return out.slice(0, digits);
}

/** One CloudTrail record of about 1.3 KB, as JSON text. */
export function cloudTrailRecord(random: () => number, index: number): string {
  const pick = Math.floor(random() * 100);
  const [eventSource, eventName, readOnly] = calls[shares.findIndex((share) => pick < share)] ?? calls[0];
  const role = `arn:aws:sts::111122223333:assumed-role/service-role-${Math.floor(random() * 40)}/session-${hex(random, 12)}`;
  const id = hex(random, 32);
  return JSON.stringify({
    eventVersion: '1.11',
    userIdentity: {
      type: 'AssumedRole',
      principalId: `AROAEXAMPLE${hex(random, 10).toUpperCase()}:session`,
      arn: role,
      accountId: '111122223333',
      accessKeyId: `ASIAEXAMPLE${hex(random, 8).toUpperCase()}`,
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId: 'AROAEXAMPLEROLE',
          arn: 'arn:aws:iam::111122223333:role/service-role',
          accountId: '111122223333',
          userName: 'service-role',
        },
        attributes: { creationDate: '2026-11-01T00:00:00Z', mfaAuthenticated: 'false' },
      },
    },
    eventTime: new Date(1_793_491_200_000 + index * 1_000).toISOString().replace('.000', ''),
    eventSource,
    eventName,
    awsRegion: 'eu-west-1',
    sourceIPAddress: `198.51.100.${Math.floor(random() * 250)}`,
    userAgent: 'aws-sdk-js/3.1137.0 ua/2.1 os/linux#6.1.0 lang/js md/nodejs#24.21.0 api/client#3.1137.0 m/E,b cfg/retry-mode#standard',
    requestParameters: {
      bucketName: 'acme-credit-training-data',
      trainingJobName: `train-${hex(random, 16)}`,
      roleArn: 'arn:aws:iam::111122223333:role/training',
    },
    responseElements: readOnly
      ? null
      : { trainingJobArn: `arn:aws:sagemaker:eu-west-1:111122223333:training-job/train-${hex(random, 16)}` },
    requestID: `${hex(random, 8)}-${hex(random, 4)}-${hex(random, 4)}-${hex(random, 12)}`,
    eventID: `${id.slice(0, 8)}-${id.slice(8, 12)}-${id.slice(12, 16)}-${id.slice(16, 20)}-${id.slice(20)}`,
    readOnly,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: '111122223333',
    eventCategory: 'Management',
    tlsDetails: {
      tlsVersion: 'TLSv1.3',
      cipherSuite: 'TLS_AES_128_GCM_SHA256',
      clientProvidedHostHeader: `${eventSource.split('.')[0]}.eu-west-1.amazonaws.com`,
    },
  });
}

const recordsPerFile = 20_000;

/** Writes a folder of log files, each `{"Records":[…]}` as CloudTrail delivers them (unpacked). */
export function writeLogFolder(folder: string, records: number): void {
  mkdirSync(folder, { recursive: true });
  const random = seeded(42);
  for (let first = 0; first < records; first += recordsPerFile) {
    const file = openSync(join(folder, `log-${String(first).padStart(9, '0')}.json`), 'w');
    writeSync(file, '{"Records":[');
    for (let i = first; i < Math.min(records, first + recordsPerFile); i++)
      writeSync(file, `${i > first ? ',' : ''}${cloudTrailRecord(random, i)}`);
    writeSync(file, ']}');
    closeSync(file);
  }
}
