// SPDX-License-Identifier: Apache-2.0

import { DescribeClassificationJobResponse$ } from '@aws-sdk/client-macie2';
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../../src/evidence/json.ts';
import { macie, observeOne, stateItem } from '../../../support/macie.ts';
import { deviationsFrom } from '../../../support/sdk-schema.ts';

const job: JsonObject = {
  createdAt: '2026-09-01T00:00:00.000Z',
  jobArn: 'arn:aws:macie2:eu-west-1:111122223333:classification-job/0a1b',
  jobId: '0a1b',
  jobStatus: 'IDLE',
  jobType: 'SCHEDULED',
  lastRunErrorStatus: { code: 'NONE' },
  lastRunTime: '2026-11-08T00:00:00.000Z',
  name: 'weekly',
  s3JobDefinition: { bucketDefinitions: [{ accountId: '111122223333', buckets: ['amzn-s3-demo-train'] }] },
  scheduleFrequency: { weeklySchedule: { dayOfWeek: 'SUNDAY' } },
  statistics: { approximateNumberOfObjectsToProcess: 0, numberOfRuns: 9 },
  tags: { team: 'risk' },
};

describe('the session', () => {
  it('says that Macie is on', () => {
    const on = observeOne(stateItem('GetMacieSession', { status: 'ENABLED', updatedAt: '2026-01-02T03:04:05.678Z' }));
    expect(on).toMatchObject({ kind: 'state', versionKey: 'content', facts: { operation: 'GetMacieSession', serviceState: 'ENABLED' } });
    expect(on.findingKey).toBe('macie|111122223333|eu-west-1|session');
    expect(observeOne(stateItem('GetMacieSession', { status: 'PAUSED' })).facts['serviceState']).toBe('PAUSED');
  });

  it('tells off and denied apart by the message, since their code is the same', () => {
    const refused = (message: string) =>
      observeOne(stateItem('GetMacieSession', { Error: { Code: 'AccessDeniedException', Message: message } }));
    const [off, denied] = [refused('Macie is not enabled'), refused('User: x is not authorized to perform: macie2:GetMacieSession')];
    expect([off.facts['serviceState'], denied.facts['serviceState']]).toEqual(['OFF', 'DENIED']);
    expect(denied.detail).toMatchObject({ Error: { Message: 'User: x is not authorized to perform: macie2:GetMacieSession' } });
    expect(refused('User: y is not authorized').versionKey).toEqual(denied.versionKey);
    expect(off.versionKey).not.toEqual(denied.versionKey);
  });
});

describe('a discovery job', () => {
  const joined = { jobBuckets: ['amzn-s3-demo-train'], jobBucketCount: 1, aiBucketCount: 1, findingsInRun: 0 };
  const joinedBuckets = [{ arn: 'arn:aws:s3:::amzn-s3-demo-train', type: 'AWS::S3::Bucket', tags: { 'ai-system': 'claims-triage' } }];

  it('is written here as the SDK knows it', () => {
    expect(deviationsFrom(DescribeClassificationJobResponse$, job)).toEqual([]);
  });

  it('carries the facts that other answers decide and the AI buckets it covers', () => {
    const observation = observeOne(stateItem('DescribeClassificationJob', job, { joined, joinedBuckets }));
    expect(observation.facts).toEqual({ operation: 'DescribeClassificationJob', ...joined, runOverdue: false });
    expect(observation.resources).toEqual([
      {
        arn: 'arn:aws:macie2:eu-west-1:111122223333:classification-job/0a1b',
        type: 'AWS::Macie::ClassificationJob',
        tags: { team: 'risk' },
      },
      ...joinedBuckets,
    ]);
    expect(observation.occurredAt).toBe('2026-11-08T00:00:00.000Z');
    expect(observation.findingKey).toBe('macie|111122223333|eu-west-1|job|0a1b');
  });

  it('has a version key of its content and of what can change beside it, but of no bucket name', () => {
    const version = (facts: JsonObject) => observeOne(stateItem('DescribeClassificationJob', job, { joined: facts })).versionKey;
    expect(version(joined)).toEqual({ contentAnd: ['aiBucketCount=1', 'findingsInRun=0', 'jobBucketCount=1', 'runOverdue=false'] });
    expect(version({ ...joined, aiBucketCount: 0 })).not.toEqual(version(joined));
  });

  it('is dated by its pause when a person paused it after the last run', () => {
    const paused = { ...job, jobStatus: 'USER_PAUSED', userPausedDetails: { jobPausedAt: '2026-11-09T08:00:00.000Z' } };
    expect(observeOne(stateItem('DescribeClassificationJob', paused)).occurredAt).toBe('2026-11-09T08:00:00.000Z');
  });
});

describe('other states', () => {
  it('are named after what they are of', () => {
    const key = (operation: string, detail: JsonObject) => observeOne(stateItem(operation, detail)).sourceIdentity;
    expect(key('DescribeBuckets', { bucketName: 'b', accountId: '444455556666' })).toBe('444455556666|eu-west-1|bucket|b');
    expect(key('ListFindingsFilters', { id: '5a3b', name: 'n' })).toBe('111122223333|eu-west-1|filter|5a3b');
    expect(key('GetAutomatedDiscoveryConfiguration', {})).toBe('111122223333|eu-west-1|automated-discovery');
    expect(key('GetClassificationExportConfiguration', {})).toBe('111122223333|eu-west-1|classification-export');
    expect(key('GetBucketStatistics', {})).toBe('111122223333|eu-west-1|bucket-statistics');
  });

  it('name the bucket with its tags, the filter and the export bucket as resources', () => {
    const resources = (operation: string, detail: JsonObject) => observeOne(stateItem(operation, detail)).resources;
    expect(resources('DescribeBuckets', { bucketName: 'b', tags: [{ key: 'ai-system', value: 'x' }] })).toEqual([
      { arn: 'arn:aws:s3:::b', type: 'AWS::S3::Bucket', tags: { 'ai-system': 'x' } },
    ]);
    expect(resources('ListFindingsFilters', { id: '1', arn: 'arn:f', tags: { a: 'b', c: 1 } })).toEqual([
      { arn: 'arn:f', type: 'AWS::Macie::FindingsFilter', tags: { a: 'b' } },
    ]);
    const configuration = { s3Destination: { bucketName: 'results', kmsKeyArn: 'arn:k' } };
    expect(resources('GetClassificationExportConfiguration', { configuration })).toEqual([
      { arn: 'arn:aws:s3:::results', type: 'AWS::S3::Bucket' },
    ]);
    expect(resources('GetClassificationExportConfiguration', { configuration: null })).toEqual([]);
  });

  it('of an operation that is not read are a gap', () => {
    expect(macie().interpret(stateItem('ListMembers', {}), {})).toMatchObject([
      { gap: { reason: 'unsupported', what: 'macie2:ListMembers' } },
    ]);
    expect(macie().interpret(stateItem('toString', {}), {})).toMatchObject([{ gap: { reason: 'unsupported' } }]);
    expect(macie().interpret(stateItem('GetBucketStatistics', {}), {})).toMatchObject([{ observation: {} }]);
  });
});

describe('what Macie is allowed', () => {
  it('never holds an action that gives samples of the sensitive data', () => {
    const { actions } = macie();
    expect(actions).toContain('macie2:GetFindings');
    expect(actions.filter((action) => /occurrence/i.test(action) || !/^macie2:(Get|List|Describe)[A-Za-z]+$/.test(action))).toEqual([]);
  });
});
