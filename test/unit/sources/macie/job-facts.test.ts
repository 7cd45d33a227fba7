// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../../src/evidence/json.ts';
import { noDeclarations, scopeFileSchema } from '../../../../src/evidence/scope-file.ts';
import { type BucketStanding, bucketStanding, isAiBucket } from '../../../../src/sources/macie/bucket-standing.ts';
import { instantOf } from '../../../../src/sources/macie/instant.ts';
import { bucketsOfJob } from '../../../../src/sources/macie/job-buckets.ts';
import { countAiBucketsOutside, countableRun, isRunOverdue, joinJob } from '../../../../src/sources/macie/job-facts.ts';

const sweptAt = '2026-11-11T00:00:00Z';

function bucket(name: string, more: JsonObject = {}): BucketStanding {
  return bucketStanding({ bucketName: name, accountId: '111122223333', ...more }, 'aws');
}

const ai = { tags: [{ key: 'ai-system', value: 'credit' }], jobDetails: { isMonitoredByJob: 'FALSE' } };
const buckets = [bucket('train', ai), bucket('logs', ai), bucket('web', { publicAccess: { effectivePermission: 'PUBLIC' } })];
const known = new Map(buckets.map((one) => [one.name, one]));
const { scope } = noDeclarations;

function named(...names: string[]): JsonObject {
  return { s3JobDefinition: { bucketDefinitions: [{ accountId: '111122223333', buckets: names }] } };
}

function criteria(bucketCriteria: JsonObject): JsonObject {
  return { s3JobDefinition: { bucketCriteria } };
}

function simple(key: string, comparator: string, ...values: string[]): JsonObject {
  return { simpleCriterion: { key, comparator, values } };
}

function covered(job: JsonObject): string[] | null {
  return bucketsOfJob(job, known, 'aws')?.buckets.map((one) => one.name) ?? null;
}

describe('the buckets of a job', () => {
  it('are those it names, sorted, also such as the account does not list', () => {
    expect(covered(named('web', 'elsewhere', 'train'))).toEqual(['elsewhere', 'train', 'web']);
  });

  it.each([
    [{ includes: { and: [simple('S3_BUCKET_NAME', 'STARTS_WITH', 'tr', 'lo')] } }, ['logs', 'train']],
    [{ includes: { and: [simple('S3_BUCKET_NAME', 'EQ', 'train'), simple('ACCOUNT_ID', 'EQ', '111122223333')] } }, ['train']],
    [{ includes: { and: [simple('S3_BUCKET_NAME', 'NE', 'train')] } }, ['logs', 'web']],
    [{ includes: { and: [simple('S3_BUCKET_NAME', 'CONTAINS', 'e')] } }, ['web']],
    [{ excludes: { and: [simple('S3_BUCKET_EFFECTIVE_PERMISSION', 'EQ', 'PUBLIC')] } }, ['logs', 'train']],
    [
      { includes: { and: [{ tagCriterion: { comparator: 'EQ', tagValues: [{ key: 'ai-system', value: 'credit' }] } }] } },
      ['logs', 'train'],
    ],
    [{ includes: { and: [{ tagCriterion: { comparator: 'EQ', tagValues: [{ key: 'ai-system', value: '' }] } }] } }, ['logs', 'train']],
    [{ includes: { and: [{ tagCriterion: { comparator: 'NE', tagValues: [{ key: 'ai-system', value: 'credit' }] } }] } }, ['web']],
    [{}, ['logs', 'train', 'web']],
  ])('are those its criteria accept: %j', (condition, expected) => {
    expect(covered(criteria(condition))).toEqual(expected);
  });

  it('are unknown where a criterion is new to us or the buckets could not be read', () => {
    expect(covered(criteria({ includes: { and: [simple('S3_BUCKET_MOOD', 'EQ', 'good')] } }))).toBeNull();
    expect(covered(criteria({ includes: { and: [simple('S3_BUCKET_NAME', 'RESEMBLES', 'web')] } }))).toBeNull();
    expect(bucketsOfJob(criteria({}), null, 'aws')).toBeNull();
    expect(bucketsOfJob(named('train'), null, 'aws')).toMatchObject({ complete: false, buckets: [{ name: 'train', tags: {} }] });
  });
});

describe('an AI bucket', () => {
  it('is told by its tag, or by ARN pattern or account in the scope file', () => {
    const file = (system: JsonObject) =>
      scopeFileSchema.parse({ schema: 'aims-evidence/scope/1', aiSystems: [{ name: 'a', owner: 'b', ...system }] });
    const web = bucket('web');
    expect(isAiBucket(bucket('train', ai), scope)).toBe(true);
    expect(isAiBucket(web, scope)).toBe(false);
    expect(isAiBucket(web, file({ arns: ['arn:aws:s3:::we*'] }))).toBe(true);
    expect(isAiBucket(web, file({ arns: ['arn:aws:s3:::web/*'] }))).toBe(true);
    expect(isAiBucket(web, file({ arns: ['arn:aws:s3:::we.'] }))).toBe(false);
    expect(isAiBucket(web, file({ accounts: ['111122223333'] }))).toBe(true);
  });
});

describe('the joined facts of a job', () => {
  const around = (jobs: JsonObject[] = [], list: ReadonlyMap<string, BucketStanding> | null = known) => ({
    jobs,
    buckets: list,
    scope,
    partition: 'aws',
  });

  it('count its buckets and those of AI systems', () => {
    const { facts, resources } = joinJob(named('train', 'web'), around());
    expect(facts).toEqual({ jobBuckets: ['train', 'web'], jobBucketCount: 2, aiBucketCount: 1 });
    expect(resources).toEqual([{ arn: 'arn:aws:s3:::train', type: 'AWS::S3::Bucket', tags: { 'ai-system': 'credit' } }]);
    expect(joinJob(named('web'), around()).facts['aiBucketCount']).toBe(0);
  });

  it('do not claim that there is no AI bucket when the tags could not be read', () => {
    expect(joinJob(named('web'), around([], null)).facts).toEqual({ jobBuckets: ['web'], jobBucketCount: 1 });
    expect(joinJob(criteria({}), around([], null)).facts).toEqual({});
  });

  it('say of a cancelled job whether each AI bucket is still checked', () => {
    const cancelled = { ...named('train'), jobStatus: 'CANCELLED', lastRunTime: '2026-10-01T00:00:00.000Z' };
    const once = { ...named('train'), jobType: 'ONE_TIME', jobStatus: 'COMPLETE', lastRunTime: '2026-10-02T00:00:00.000Z' };
    const verdict = (job: JsonObject, surroundings = around()) => joinJob(job, surroundings).facts['coveredElsewhere'];
    expect(verdict(cancelled)).toBe(false);
    expect(verdict(cancelled, around([once]))).toBe(true);
    expect(verdict(cancelled, around([{ ...once, lastRunTime: '2026-09-30T00:00:00.000Z' }]))).toBe(false);
    expect(verdict(cancelled, around([{ ...once, jobStatus: 'RUNNING' }]))).toBe(false);
    const monitored = new Map([['train', bucket('train', { ...ai, automatedDiscoveryMonitoringStatus: 'MONITORED' })]]);
    expect(verdict(cancelled, around([], monitored))).toBe(true);
    expect(verdict({ ...cancelled, ...named('web') })).toBe(true);
    expect(verdict({ ...cancelled, jobStatus: 'IDLE' })).toBeUndefined();
  });

  it('count the AI buckets that nothing reaches', () => {
    const once = { ...named('train'), jobType: 'ONE_TIME', jobStatus: 'COMPLETE', lastRunTime: '2026-10-02T00:00:00.000Z' };
    expect(countAiBucketsOutside(around(), sweptAt)).toBe(2);
    expect(countAiBucketsOutside(around([once]), sweptAt)).toBe(1);
    expect(countAiBucketsOutside(around([{ ...once, lastRunTime: '2026-08-01T00:00:00.000Z' }]), sweptAt)).toBe(2);
    const unknown = new Map([['train', bucket('train', { ...ai, jobDetails: { isMonitoredByJob: 'UNKNOWN' } })]]);
    expect(countAiBucketsOutside(around([], unknown), sweptAt)).toBe(0);
    expect(countAiBucketsOutside(around([], null), sweptAt)).toBeNull();
  });
});

describe('a recurring job', () => {
  const daily = { jobType: 'SCHEDULED', jobStatus: 'IDLE', scheduleFrequency: { dailySchedule: {} } };

  it('is overdue after more than two intervals and a day', () => {
    expect(isRunOverdue({ ...daily, lastRunTime: '2026-11-08T00:00:00.000Z' }, sweptAt)).toBe(false);
    expect(isRunOverdue({ ...daily, lastRunTime: '2026-11-07T23:59:59.000Z' }, sweptAt)).toBe(true);
    expect(isRunOverdue({ ...daily, createdAt: '2026-10-01T00:00:00.000Z' }, sweptAt)).toBe(true);
    const monthly = { ...daily, scheduleFrequency: { monthlySchedule: { dayOfMonth: 1 } }, lastRunTime: '2026-09-10T00:00:00.000Z' };
    expect(isRunOverdue(monthly, sweptAt)).toBe(false);
    expect(isRunOverdue({ ...monthly, lastRunTime: '2026-09-01T00:00:00.000Z' }, sweptAt)).toBe(true);
  });

  it.each([
    { jobType: 'ONE_TIME' },
    { jobStatus: 'RUNNING' },
    { jobStatus: 'USER_PAUSED' },
    { jobStatus: 'PAUSED' },
    { jobStatus: 'CANCELLED' },
  ])('is never overdue with %j', (change) => {
    const late = { ...daily, lastRunTime: '2026-10-01T00:00:00.000Z' };
    expect(isRunOverdue(late, sweptAt)).toBe(true);
    expect(isRunOverdue({ ...late, ...change }, sweptAt)).toBe(false);
  });

  it('has findings to count only while Macie still keeps them', () => {
    const ran = { jobStatus: 'COMPLETE', lastRunTime: '2026-11-01T00:00:00.000Z', statistics: { numberOfRuns: 1 } };
    expect(countableRun(ran, sweptAt)).toBe(Date.parse('2026-11-01T00:00:00Z'));
    // After 90 days the findings are gone, and a count of 0 would read as a clean run.
    expect(countableRun({ ...ran, lastRunTime: '2026-08-01T00:00:00.000Z' }, sweptAt)).toBeNull();
    expect(countableRun({ ...ran, jobStatus: 'RUNNING' }, sweptAt)).toBeNull();
    expect(countableRun({ ...ran, statistics: { numberOfRuns: 0 } }, sweptAt)).toBeNull();
  });
});

describe('a time of Macie', () => {
  it.each([
    ['2020-10-26T13:47:03.127Z', '2020-10-26T13:47:03.127Z'],
    ['2020-10-26T13:47:03Z', '2020-10-26T13:47:03.000Z'],
    ['2020-10-26 13:47:03.127000+00:00', '2020-10-26T13:47:03.127Z'],
    ['2020-10-26T15:47:03+0200', '2020-10-26T13:47:03.000Z'],
    ['2020-10-26T13:47:03.5', '2020-10-26T13:47:03.500Z'],
  ])('%s is read', (text, expected) => {
    expect(new Date(instantOf(text) ?? Number.NaN).toISOString()).toBe(expected);
  });

  it.each(['yesterday', '2020-13-45T99:99:99Z', '', 5, null, undefined])('%j is none', (value) => {
    expect(instantOf(value)).toBeNull();
  });
});
