// SPDX-License-Identifier: Apache-2.0
import { arrayAt, stringAt } from '../../evidence/json.ts';
import type { Reading } from '../../evidence/observation.ts';
import { outputPrefixes } from '../report/job-outputs.ts';
import { below } from '../report/open-s3.ts';
import { pagesOf, sageMakerGap } from '../report/open-sagemaker.ts';
import { locatedContext } from '../report/read-locations.ts';
import { readNamedReport } from '../report/read-named-report.ts';
import { directoryOf } from '../report/report-place.ts';
import type { ClarifyCalls } from './clarify-calls.ts';
import type { ClarifyJob } from './clarify-job.ts';
import { analysisContext } from './read-analyses.ts';
import { describeJob } from './read-jobs.ts';

/** One report that an event named, joined with the job that wrote it where this account has it: what comes first is what is kept. */
export async function* readClarifyReport(calls: ClarifyCalls, uri: string): AsyncGenerator<Reading> {
  for await (const located of readNamedReport(calls.s3, uri, 'sagemaker-clarify')) {
    if ('gap' in located) {
      yield located;
      continue;
    }
    const { report, recognised } = located;
    const job = recognised.shape === 'analysis' ? yield* jobBehind(calls, uri, report.object.lastModified) : null;
    const joined = job === null ? {} : await analysisContext(calls, job, directoryOf(uri), report);
    const context = { ...locatedContext(located), ...joined };
    yield calls.item(recognised.shape, { body: report.text, requestId: report.object.requestId }, context);
  }
  yield* calls.gaps.drain();
}

/** Jobs that are looked at, newest first: a job writes its report at its end. */
const mostJobs = 300;
const dayMs = 86_400_000;

// No call finds a job by its output, so those that changed about the time of the report are looked through.
async function* jobBehind(calls: ClarifyCalls, uri: string, writtenAt: string | null): AsyncGenerator<Reading, ClarifyJob | null> {
  const written = Date.parse(writtenAt ?? calls.scope.sweptAt);
  const asked = {
    CreationTimeAfter: new Date(written - dayMs),
    CreationTimeBefore: new Date(written),
    SortBy: 'CreationTime',
    SortOrder: 'Descending',
  };
  let looked = 0;
  for await (const page of pagesOf(calls.sageMaker, 'ListProcessingJobs', asked)) {
    if ('failure' in page) {
      calls.gaps.add(sageMakerGap('ListProcessingJobs', page.failure).gap);
      return null;
    }
    for (const summary of arrayAt(page.value, 'ProcessingJobSummaries')) {
      if (++looked > mostJobs) return null;
      const job = yield* jobWriting(calls, stringAt(summary, 'ProcessingJobName') ?? '', uri);
      if (job !== null) return job;
    }
  }
  return null;
}

async function* jobWriting(calls: ClarifyCalls, name: string, uri: string): AsyncGenerator<Reading, ClarifyJob | null> {
  const isWriter = (job: Parameters<typeof outputPrefixes>[0]) =>
    outputPrefixes(job).some((prefix) => below(prefix, 'analysis.json') === uri);
  return yield* describeJob(calls, name, isWriter);
}
