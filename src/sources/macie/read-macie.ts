// SPDX-License-Identifier: Apache-2.0

import type { Json } from '../../evidence/json.ts';
import { sliceElements } from '../../evidence/json-slices.ts';
import type { Reading } from '../../evidence/observation.ts';
import type { ScopeFile } from '../../evidence/scope-file.ts';
import { markAt, onlyForward, Resumption } from '../mark.ts';
import type { Connection, Scope } from '../source.ts';
import { type BucketStanding, bucketStanding } from './bucket-standing.ts';
import type { KnownBuckets } from './job-buckets.ts';
import { countAiBucketsOutside } from './job-facts.ts';
import { MacieCalls, type MacieSdk, pageSize } from './macie-calls.ts';
import { readFindings } from './read-findings.ts';
import { joinJobs, readJobs } from './read-jobs.ts';

/** Parts of reading Macie, in order: what a job means depends on all buckets and jobs, so these are one part. */
const macieParts = ['session', 'jobs', 'findings'] as const;

/** Reads Macie in one scope: its state first, buckets and jobs, then the findings of the window. */
export async function* readMacie(connection: Connection, scope: Scope, declared: ScopeFile): AsyncGenerator<Reading> {
  const sdk = await import('@aws-sdk/client-macie2');
  const client = new sdk.Macie2Client({ ...connection.clientConfig });
  const calls = new MacieCalls(client, connection.channel, scope);
  try {
    yield* onlyForward(readScope(calls, sdk, { scope, declared }), macieParts, scope.resumeAfter);
  } finally {
    client.destroy();
  }
}

interface MacieScope {
  readonly scope: Scope;
  readonly declared: ScopeFile;
}

async function* readScope(calls: MacieCalls, sdk: MacieSdk, { scope, declared }: MacieScope): AsyncGenerator<Reading> {
  const done = new Resumption(macieParts, scope.resumeAfter);
  if (!done.isDone('session')) {
    const off = yield* readSession(calls, sdk);
    if (off) return;
    yield* readSettings(calls, sdk);
    yield markAt('jobs');
  }
  if (!done.isDone('jobs')) {
    const buckets = yield* readBuckets(calls, sdk, scope);
    const jobs = yield* readJobs(calls, sdk);
    const surroundings = { jobs: jobs.list.map((job) => job.value), buckets, scope: declared, partition: scope.partition };
    yield* joinJobs(calls, sdk, { jobs, surroundings, sweptAt: scope.sweptAt });
    const outside = jobs.complete ? countAiBucketsOutside(surroundings, scope.sweptAt) : null;
    yield* readStatistics(calls, sdk, outside);
    yield markAt('findings');
  }
  yield* readFindings(calls, sdk, { window: scope.window, after: done.after('findings') });
}

// Off is an answer about the whole service, so nothing else is asked then. A denial here says nothing of the other calls.
async function* readSession(calls: MacieCalls, sdk: MacieSdk): AsyncGenerator<Reading, boolean> {
  const asked = await calls.ask('GetMacieSession', new sdk.GetMacieSessionCommand({}));
  if ('answer' in asked) {
    yield { item: calls.state('GetMacieSession', asked.answer.body, asked.answer.requestId) };
    return false;
  }
  const { failure, gap } = asked;
  yield { gap };
  if (failure.code.startsWith('AccessDenied')) {
    const text = JSON.stringify({ Error: { Code: failure.code, Message: failure.message } });
    yield { item: calls.state('GetMacieSession', text, failure.requestId ?? '') };
  }
  return gap.reason === 'off';
}

async function* readSettings(calls: MacieCalls, sdk: MacieSdk): AsyncGenerator<Reading> {
  yield* single(calls, 'GetAutomatedDiscoveryConfiguration', new sdk.GetAutomatedDiscoveryConfigurationCommand({}));
  yield* single(calls, 'GetClassificationExportConfiguration', new sdk.GetClassificationExportConfigurationCommand({}));
  const pages = calls.pages('ListFindingsFilters', (nextToken) => new sdk.ListFindingsFiltersCommand({ maxResults: pageSize, nextToken }));
  for await (const asked of pages) {
    if ('gap' in asked) yield { gap: asked.gap };
    else {
      const { body, requestId } = asked.answer;
      for (const text of sliceElements(body, 'findingsFilterListItems'))
        yield { item: calls.state('ListFindingsFilters', text, requestId) };
    }
  }
}

async function* single(calls: MacieCalls, operation: string, command: object): AsyncGenerator<Reading> {
  const asked = await calls.ask(operation, command);
  yield 'gap' in asked ? { gap: asked.gap } : { item: calls.state(operation, asked.answer.body, asked.answer.requestId) };
}

// The standings are kept to the end of the scope: Macie looks at 10,000 buckets of an account at most, and a standing is a few hundred bytes.
async function* readBuckets(calls: MacieCalls, sdk: MacieSdk, scope: Scope): AsyncGenerator<Reading, KnownBuckets> {
  const known = new Map<string, BucketStanding>();
  let complete = true;
  const pages = calls.pages('DescribeBuckets', (nextToken) => new sdk.DescribeBucketsCommand({ maxResults: pageSize, nextToken }));
  for await (const asked of pages) {
    if ('gap' in asked) {
      complete = false;
      yield { gap: asked.gap };
      continue;
    }
    const { body, requestId } = asked.answer;
    for (const text of sliceElements(body, 'buckets')) {
      const standing = bucketStanding(JSON.parse(text) as Json, scope.partition);
      known.set(standing.name, standing);
      yield { item: calls.state('DescribeBuckets', text, requestId) };
    }
  }
  return complete ? known : null;
}

async function* readStatistics(calls: MacieCalls, sdk: MacieSdk, aiBucketsOutside: number | null): AsyncGenerator<Reading> {
  const asked = await calls.ask('GetBucketStatistics', new sdk.GetBucketStatisticsCommand({}));
  if ('gap' in asked) {
    yield { gap: asked.gap };
    return;
  }
  const joined = { facts: aiBucketsOutside === null ? {} : { aiBucketsOutside }, resources: [] };
  yield { item: calls.state('GetBucketStatistics', asked.answer.body, asked.answer.requestId, joined) };
}
