// SPDX-License-Identifier: Apache-2.0
import { at, type Json, type JsonObject, numberAt, stringAt } from '../../evidence/json.ts';
import type { Facts, Resource } from '../../evidence/observation.ts';
import type { ScopeFile } from '../../evidence/scope-file.ts';
import { type BucketStanding, isAiBucket } from './bucket-standing.ts';
import { dayMs, instantOf } from './instant.ts';
import { bucketsOfJob, type KnownBuckets } from './job-buckets.ts';

/** Days that Macie keeps a finding: https://docs.aws.amazon.com/macie/latest/user/findings.html, read 2026-11. */
export const findingRetentionDays = 90;

/** What the facts of jobs are computed from: every job, every bucket, and what people declared. */
export interface JobSurroundings {
  readonly jobs: readonly Json[];
  readonly buckets: KnownBuckets;
  readonly scope: ScopeFile;
  readonly partition: string;
}

/** Facts of a job that other answers decide, and the AI buckets it covers. Both are kept with the item. */
export function joinJob(job: Json, surroundings: JobSurroundings): { readonly facts: Facts; readonly resources: readonly Resource[] } {
  const { buckets, scope, partition } = surroundings;
  const covered = bucketsOfJob(job, buckets, partition);
  if (covered === null) return { facts: {}, resources: [] };
  const aiBuckets = covered.buckets.filter((bucket) => isAiBucket(bucket, scope));
  const facts: Record<string, Json> = { jobBuckets: covered.buckets.map((bucket) => bucket.name), jobBucketCount: covered.buckets.length };
  // Without the buckets' tags "no AI bucket" would be a guess, so the count is left out; more than none is known either way.
  if (covered.complete || aiBuckets.length > 0) facts['aiBucketCount'] = aiBuckets.length;
  if (stringAt(job, 'jobStatus') === 'CANCELLED' && covered.complete) {
    facts['coveredElsewhere'] = aiBuckets.every((bucket) => bucket.standingCheck === true || checkedOnceAfter(bucket, job, surroundings));
  }
  return { facts, resources: aiBuckets.map((bucket) => ({ arn: bucket.arn, type: 'AWS::S3::Bucket', tags: bucket.tags })) };
}

/** AI buckets that, as far as Macie knows, no standing check reaches and no one-time job has finished over in the last 90 days. */
export function countAiBucketsOutside(surroundings: JobSurroundings, sweptAt: string): number | null {
  const { buckets, jobs, scope, partition } = surroundings;
  if (buckets === null) return null;
  const since = Date.parse(sweptAt) - findingRetentionDays * dayMs;
  const recent = jobs.filter((job) => isFinishedOnce(job) && (instantOf(at(job, 'lastRunTime')) ?? 0) >= since);
  const checked = new Set(recent.flatMap((job) => bucketsOfJob(job, buckets, partition)?.buckets.map((bucket) => bucket.name) ?? []));
  let outside = 0;
  for (const bucket of buckets.values()) {
    if (isAiBucket(bucket, scope) && bucket.standingCheck === false && !checked.has(bucket.name)) outside++;
  }
  return outside;
}

function isFinishedOnce(job: Json): boolean {
  return stringAt(job, 'jobType') === 'ONE_TIME' && stringAt(job, 'jobStatus') === 'COMPLETE';
}

function checkedOnceAfter(bucket: BucketStanding, cancelled: Json, { jobs, buckets, partition }: JobSurroundings): boolean {
  const since = instantOf(at(cancelled, 'lastRunTime')) ?? instantOf(at(cancelled, 'createdAt')) ?? 0;
  return jobs.some(
    (job) =>
      isFinishedOnce(job) &&
      (instantOf(at(job, 'lastRunTime')) ?? 0) > since &&
      (bucketsOfJob(job, buckets, partition)?.buckets ?? []).some((other) => other.name === bucket.name),
  );
}

const heldStatuses = new Set(['RUNNING', 'USER_PAUSED', 'PAUSED', 'CANCELLED']);

/** Whether a recurring job missed its time by more than two intervals and a day. Always decided; a job that never ran counts from its creation. */
export function isRunOverdue(job: JsonObject, sweptAt: string): boolean {
  if (stringAt(job, 'jobType') !== 'SCHEDULED' || heldStatuses.has(stringAt(job, 'jobStatus') ?? '')) return false;
  const interval = intervalDays(at(job, 'scheduleFrequency'));
  const last = instantOf(at(job, 'lastRunTime')) ?? instantOf(at(job, 'createdAt'));
  if (interval === null || last === null) return false;
  return Date.parse(sweptAt) - last > (2 * interval + 1) * dayMs;
}

function intervalDays(frequency: Json | undefined): number | null {
  const has = (name: string) => at(frequency, name) !== undefined && at(frequency, name) !== null;
  if (has('dailySchedule')) return 1;
  if (has('weeklySchedule')) return 7;
  return has('monthlySchedule') ? 31 : null;
}

/** When the job's last run began, if its findings can still be counted: the job has run, rests, and the run is younger than 90 days. */
export function countableRun(job: Json, sweptAt: string): number | null {
  const last = instantOf(at(job, 'lastRunTime'));
  const rests = ['COMPLETE', 'IDLE'].includes(stringAt(job, 'jobStatus') ?? '');
  if (last === null || !rests || (numberAt(job, 'statistics', 'numberOfRuns') ?? 0) < 1) return null;
  return Date.parse(sweptAt) - last > findingRetentionDays * dayMs ? null : last;
}
