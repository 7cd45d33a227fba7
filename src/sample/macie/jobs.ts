// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from '../../evidence/json.ts';
import type { SampleWorld } from '../world.ts';
import { isWellSetUp, type SampleBucket } from './buckets.ts';
import { dayMs, madeUpId, wireTime } from './dates.ts';

interface JobPlan {
  readonly name: string;
  readonly type: 'ONE_TIME' | 'SCHEDULED';
  readonly status: 'IDLE' | 'COMPLETE' | 'CANCELLED' | 'USER_PAUSED' | 'RUNNING';
  readonly error?: 'ERROR';
  readonly frequency?: JsonObject;
  /** Days before the sample's present that the job was made and last ran. */
  readonly createdDaysAgo: number;
  readonly ranDaysAgo: number;
  readonly runs: number;
  readonly buckets?: readonly string[];
  /** Values of the tag `ai-system` whose buckets the job covers, instead of names. */
  readonly tagged?: readonly string[];
}

/** Discovery jobs of an account and Region, as DescribeClassificationJob gives them. */
export function sampleJobs(world: SampleWorld, account: string, region: string, buckets: readonly SampleBucket[]): readonly JsonObject[] {
  const ai = buckets.filter((bucket) => bucket.system !== null);
  const first = ai[0]?.name ?? '';
  const tags = [...new Set(ai.flatMap((bucket) => bucket.tags.filter((tag) => tag.key === 'ai-system').map((tag) => tag.value)))];
  const plans = isWellSetUp(world, region) ? wellPlanned(first, tags, region) : halfPlanned(ai, region);
  const archives = Array.from({ length: world.scale - 1 }, (_, i) => archiveCheck(region, i + 2));
  return [...plans, ...archives].map((plan) => job(plan, world, account, region));
}

function wellPlanned(dataBucket: string, tagged: readonly string[], region: string): readonly JobPlan[] {
  return [
    {
      name: 'ai-data-weekly',
      type: 'SCHEDULED',
      status: 'IDLE',
      frequency: { weeklySchedule: { dayOfWeek: 'SUNDAY' } },
      createdDaysAgo: 80,
      ranDaysAgo: 3,
      runs: 12,
      tagged,
    },
    {
      name: 'training-data-before-release',
      type: 'ONE_TIME',
      status: 'COMPLETE',
      createdDaysAgo: 27,
      ranDaysAgo: 27,
      runs: 1,
      buckets: [dataBucket],
    },
    {
      name: 'training-data-daily',
      type: 'SCHEDULED',
      status: 'CANCELLED',
      frequency: { dailySchedule: {} },
      createdDaysAgo: 85,
      ranDaysAgo: 81,
      runs: 4,
      buckets: [dataBucket],
    },
    {
      name: 'website-once',
      type: 'ONE_TIME',
      status: 'COMPLETE',
      createdDaysAgo: 20,
      ranDaysAgo: 20,
      runs: 1,
      buckets: [`acme-website-${region}`],
    },
  ];
}

// The daily job stands still, one is paused by a person, one runs, and one could not read all of its scope.
function halfPlanned(ai: readonly SampleBucket[], region: string): readonly JobPlan[] {
  const [knowledge = `acme-website-${region}`, logs = knowledge] = ai.map((bucket) => bucket.name);
  const daily = { dailySchedule: {} };
  const monthly = { monthlySchedule: { dayOfMonth: 1 } };
  const one = { type: 'ONE_TIME', runs: 1, buckets: [knowledge] } as const;
  const many = { type: 'SCHEDULED', createdDaysAgo: 60 } as const;
  return [
    { ...many, name: 'knowledge-daily', status: 'IDLE', frequency: daily, ranDaysAgo: 9, runs: 51, buckets: [knowledge] },
    { ...many, name: 'invocation-logs-monthly', status: 'USER_PAUSED', frequency: monthly, ranDaysAgo: 10, runs: 2, buckets: [logs] },
    { ...one, name: 'knowledge-import', status: 'RUNNING', createdDaysAgo: 1, ranDaysAgo: 1 },
    { ...one, name: 'knowledge-first-look', status: 'COMPLETE', error: 'ERROR', createdDaysAgo: 24, ranDaysAgo: 24 },
  ];
}

function archiveCheck(region: string, number: number): JobPlan {
  const bucket = `acme-archive-${region}-${String(number).padStart(4, '0')}`;
  return {
    name: `archive-${number}`,
    type: 'ONE_TIME',
    status: 'COMPLETE',
    createdDaysAgo: 15,
    ranDaysAgo: 15,
    runs: 1,
    buckets: [bucket],
  };
}

function job(plan: JobPlan, world: SampleWorld, account: string, region: string): JsonObject {
  const until = Date.parse(world.until);
  const jobId = madeUpId('job', account, region, plan.name);
  const paused = { jobPausedAt: wireTime(until - 6 * dayMs), jobExpiresAt: wireTime(until + 24 * dayMs) };
  return {
    clientToken: madeUpId('token', jobId),
    createdAt: wireTime(until - plan.createdDaysAgo * dayMs),
    customDataIdentifierIds: [],
    description: '',
    initialRun: true,
    jobArn: `arn:aws:macie2:${region}:${account}:classification-job/${jobId}`,
    jobId,
    jobStatus: plan.status,
    jobType: plan.type,
    lastRunErrorStatus: { code: plan.error ?? 'NONE' },
    lastRunTime: wireTime(until - plan.ranDaysAgo * dayMs),
    managedDataIdentifierSelector: 'RECOMMENDED',
    name: plan.name,
    s3JobDefinition: definition(plan, account),
    samplingPercentage: 100,
    ...(plan.frequency === undefined ? {} : { scheduleFrequency: plan.frequency }),
    statistics: { approximateNumberOfObjectsToProcess: plan.status === 'RUNNING' ? 4_200 : 0, numberOfRuns: plan.runs },
    tags: {},
    ...(plan.status === 'USER_PAUSED' ? { userPausedDetails: paused } : {}),
  };
}

function definition({ buckets, tagged }: JobPlan, account: string): JsonObject {
  if (tagged === undefined) return { bucketDefinitions: [{ accountId: account, buckets: buckets ?? [] }] };
  const tagValues = tagged.map((value) => ({ key: 'ai-system', value }));
  return { bucketCriteria: { includes: { and: [{ tagCriterion: { comparator: 'EQ', tagValues } }] } } };
}
