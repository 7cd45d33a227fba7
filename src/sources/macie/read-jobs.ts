// SPDX-License-Identifier: Apache-2.0
import type { Gap } from '../../evidence/gap.ts';
import { type Json, stringAt } from '../../evidence/json.ts';
import type { Facts, Reading } from '../../evidence/observation.ts';
import { countableRun, type JobSurroundings, joinJob } from './job-facts.ts';
import { type MacieCalls, type MacieSdk, pageSize } from './macie-calls.ts';

/** A described job as it came, and parsed. */
interface DescribedJob {
  readonly text: string;
  readonly value: Json;
  readonly requestId: string;
}

/** Jobs of a scope. `complete` is false where one could not be described or the list broke off. */
export interface DescribedJobs {
  readonly list: readonly DescribedJob[];
  readonly complete: boolean;
}

interface JobsPage {
  readonly items?: { jobId?: string | undefined }[] | undefined;
  readonly nextToken?: string | undefined;
}

/**
 * Lists and describes every job and yields the gaps on the way. Jobs are held, not yielded: what one means depends on the others, and an account
 * has 1,000 of them at most (Macie's quotas, read 2026-11).
 */
export async function* readJobs(calls: MacieCalls, sdk: MacieSdk): AsyncGenerator<Reading, DescribedJobs> {
  const list: DescribedJob[] = [];
  let complete = true;
  const pages = calls.pages<JobsPage>(
    'ListClassificationJobs',
    (nextToken) => new sdk.ListClassificationJobsCommand({ maxResults: pageSize, nextToken }),
  );
  for await (const asked of pages) {
    if ('gap' in asked) {
      complete = false;
      yield { gap: asked.gap };
      continue;
    }
    for (const { jobId } of asked.answer.output.items ?? []) {
      const described = await describe(calls, sdk, jobId ?? '');
      if ('gap' in described) {
        complete = false;
        yield { gap: described.gap };
      } else list.push(described);
    }
  }
  return { list, complete };
}

async function describe(calls: MacieCalls, sdk: MacieSdk, jobId: string): Promise<DescribedJob | { readonly gap: Gap }> {
  const asked = await calls.ask('DescribeClassificationJob', new sdk.DescribeClassificationJobCommand({ jobId }));
  if ('gap' in asked) {
    return { gap: { ...asked.gap, extent: 'item', what: `macie2:DescribeClassificationJob ${jobId}` } };
  }
  const { body, requestId } = asked.answer;
  return { text: body, value: JSON.parse(body) as Json, requestId };
}

/** Yields each job with what the other answers say of it: the buckets it covers, and the findings of its last run. */
export async function* joinJobs(
  calls: MacieCalls,
  sdk: MacieSdk,
  read: { readonly jobs: DescribedJobs; readonly surroundings: JobSurroundings; readonly sweptAt: string },
): AsyncGenerator<Reading> {
  let countable = true;
  for (const { text, value, requestId } of read.jobs.list) {
    const joined = joinJob(value, read.surroundings);
    const since = countable ? countableRun(value, read.sweptAt) : null;
    let counted: Facts = {};
    if (since !== null) {
      const asked = await countFindings(calls, sdk, stringAt(value, 'jobId') ?? '', since);
      if ('gap' in asked) {
        // What refuses one count refuses them all: one gap tells it.
        countable = false;
        yield { gap: asked.gap };
      } else counted = { findingsInRun: asked.count };
    }
    yield { item: calls.state('DescribeClassificationJob', text, requestId, { ...joined, facts: { ...joined.facts, ...counted } }) };
  }
}

interface Statistics {
  readonly countsByGroup?: { groupKey?: string | undefined; count?: number | undefined }[] | undefined;
}

async function countFindings(
  calls: MacieCalls,
  sdk: MacieSdk,
  jobId: string,
  since: number,
): Promise<{ readonly count: number } | { readonly gap: Gap }> {
  const criterion = { 'classificationDetails.jobId': { eq: [jobId] }, createdAt: { gte: since } };
  const asked = await calls.ask<Statistics>(
    'GetFindingStatistics',
    new sdk.GetFindingStatisticsCommand({ groupBy: 'classificationDetails.jobId', findingCriteria: { criterion } }),
  );
  if ('gap' in asked) return { gap: asked.gap };
  const group = asked.answer.output.countsByGroup?.find((one) => one.groupKey === jobId);
  return { count: group?.count ?? 0 };
}
