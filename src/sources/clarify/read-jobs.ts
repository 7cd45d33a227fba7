// SPDX-License-Identifier: Apache-2.0
import { arrayAt, at, type Json, type JsonObject, stringAt } from '../../evidence/json.ts';
import type { Reading } from '../../evidence/observation.ts';
import { markAt, type Resumption } from '../mark.ts';
import { isoTime } from '../report/aws-time.ts';
import { callsAtOnce, gather, inOrder } from '../report/in-order.ts';
import { outputPrefixes } from '../report/job-outputs.ts';
import { below } from '../report/open-s3.ts';
import { isAbsent, pagesOf, sageMakerGap, type WireText } from '../report/open-sagemaker.ts';
import type { ReadReport } from '../report/read-report.ts';
import type { ClarifyCalls } from './clarify-calls.ts';
import type { ClarifyJob } from './clarify-job.ts';
import { isUnfinished } from './interpret-job.ts';
import { readAnalyses } from './read-analyses.ts';
import { readOrigin } from './read-origin.ts';
import { type DecidedJob, Reruns } from './reruns.ts';

/** The image of every Clarify job: https://docs.aws.amazon.com/sagemaker/latest/dg/ecr-eu-west-1.html and the other Regions' pages. */
const clarifyImage = /\/sagemaker-clarify-processing\b/;

/** Parts of reading Clarify, in order. */
export const clarifyParts = ['jobs', 'locations'] as const;
export type ClarifyPart = (typeof clarifyParts)[number];

/**
 * Clarify jobs that changed in the window, oldest first, with their configurations and reports; a failed or stopped one when it is known
 * whether a later job made up for it. There is no Clarify API: its jobs are processing jobs with its image.
 */
export async function* readJobs(calls: ClarifyCalls, done: Resumption<ClarifyPart>): AsyncGenerator<Reading> {
  if (done.isDone('jobs')) return;
  const after = done.after('jobs');
  const reruns = new Reruns();
  yield* unfinishedBefore(calls, done, reruns);
  for await (const page of pagesOf(calls.sageMaker, 'ListProcessingJobs', listed(calls, after))) {
    if ('failure' in page) {
      yield sageMakerGap('ListProcessingJobs', page.failure);
      break;
    }
    const summaries = arrayAt(page.value, 'ProcessingJobSummaries');
    const names = summaries.map((summary) => stringAt(summary, 'ProcessingJobName') ?? '');
    for await (const { items, result } of inOrder(names, callsAtOnce, (name) => gather(readJob(calls, name)))) {
      yield* items;
      if (result !== null) reruns.add(result);
    }
    const newest = isoTime(at(summaries.at(-1), 'CreationTime'));
    yield* decided(calls, reruns.decide(newest));
    yield* calls.gaps.drain();
    if (newest !== null && stringAt(page.value, 'NextToken') !== undefined) yield markAt('jobs', newest, { unfinished: reruns.waiting });
  }
  yield* decided(calls, reruns.decide(null));
  yield* calls.gaps.drain();
  yield markAt('locations');
}

function listed({ scope }: ClarifyCalls, after: string | null): object {
  const { since, until } = scope.window;
  return {
    LastModifiedTimeAfter: new Date(since),
    LastModifiedTimeBefore: new Date(until),
    // The filter leaves the time itself out: jobs of the same second are read again.
    ...(after === null ? {} : { CreationTimeAfter: new Date(Date.parse(after) - 1_000) }),
    SortBy: 'CreationTime',
    SortOrder: 'Ascending',
  };
}

// Jobs that ended without an analysis and for which an earlier part found no later one: their names travel with the mark.
async function* unfinishedBefore(calls: ClarifyCalls, done: Resumption<ClarifyPart>, reruns: Reruns): AsyncGenerator<Reading> {
  const names = done.carried('unfinished');
  for (const name of Array.isArray(names) ? names : []) {
    if (typeof name !== 'string') continue;
    const job = yield* readJob(calls, name);
    if (job !== null) reruns.add(job);
  }
}

function* decided(calls: ClarifyCalls, jobs: readonly DecidedJob[]): Generator<Reading> {
  for (const { job, rerunCompleted } of jobs) yield calls.item('execution', job.answer, { ...job.context, rerunCompleted });
}

/** A Clarify job by name with what its reports are read with; null for a job of another kind, one that is gone, or one that is not wanted. */
export async function* describeJob(
  calls: ClarifyCalls,
  name: string,
  isWanted: (job: Json) => boolean,
): AsyncGenerator<Reading, ClarifyJob | null> {
  const asked = await calls.sageMaker.ask('DescribeProcessingJob', { ProcessingJobName: name });
  if ('failure' in asked) {
    if (!isAbsent(asked.failure)) calls.gaps.add(sageMakerGap('DescribeProcessingJob', asked.failure).gap);
    return null;
  }
  if (!clarifyImage.test(stringAt(asked.value, 'AppSpecification', 'ImageUri') ?? '')) return null;
  return isWanted(asked.value) ? yield* join(calls, asked) : null;
}

async function* readJob(calls: ClarifyCalls, name: string): AsyncGenerator<Reading, ClarifyJob | null> {
  const job = yield* describeJob(calls, name, () => true);
  if (job === null) return null;
  const status = stringAt(job.answer.value, 'ProcessingJobStatus');
  if (status === 'Completed') yield* readAnalyses(calls, job);
  if (!isUnfinished(status)) yield calls.item('execution', job.answer, job.context);
  return job;
}

async function* join(calls: ClarifyCalls, answer: WireText): AsyncGenerator<Reading, ClarifyJob> {
  const arn = stringAt(answer.value, 'ProcessingJobArn') ?? calls.arn('processing-job', stringAt(answer.value, 'ProcessingJobName') ?? '');
  const scheduleArn = stringAt(answer.value, 'MonitoringScheduleArn');
  const configUri = configUriOf(answer.value);
  const { result, isFirst } = configUri === null ? { result: 'absent' as const, isFirst: false } : await calls.config(configUri);
  const config = result === 'absent' || 'gap' in result ? null : result;
  if (isFirst && result !== 'absent' && 'gap' in result) yield result;
  const modelName = stringAt(config?.value, 'predictor', 'model_name');
  const context: JsonObject = {
    operation: 'DescribeProcessingJob',
    jobArn: arn,
    origin: await readOrigin(calls, answer.value, arn),
    series: scheduleArn ?? configUri ?? outputPrefixes(answer.value)[0] ?? arn,
    tags: await calls.tags(scheduleArn ?? arn, scheduleArn !== undefined),
    ...(scheduleArn === undefined ? {} : { scheduleArn }),
    ...(modelName === undefined ? {} : { modelName, modelTags: await calls.tags(calls.arn('model', modelName), true) }),
  };
  const job = { answer, arn, config, configUri, context };
  if (isFirst && config !== null)
    yield calls.item('analysis-config', { body: config.text, requestId: config.object.requestId }, configContext(job, config));
  return job;
}

function configContext({ context }: ClarifyJob, { object }: ReadReport): JsonObject {
  const when = object.lastModified === null ? {} : { lastModified: object.lastModified, effectiveAt: object.lastModified };
  return { ...context, path: object.uri, sha256: object.sha256, ...when };
}

// The SDK and Model Monitor both name the input so; it is a file, or a prefix that holds it.
function configUriOf(job: Json): string | null {
  const input = arrayAt(job, 'ProcessingInputs').find((one) => stringAt(one, 'InputName') === 'analysis_config');
  const uri = stringAt(input, 'S3Input', 'S3Uri');
  if (uri === undefined) return null;
  return uri.endsWith('.json') ? uri : below(uri, 'analysis_config.json');
}
