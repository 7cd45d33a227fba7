// SPDX-License-Identifier: Apache-2.0
import { arrayAt, at, type Json, type JsonObject, stringAt } from '../../evidence/json.ts';
import type { Reading } from '../../evidence/observation.ts';
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

/** The image of every Clarify job: https://docs.aws.amazon.com/sagemaker/latest/dg/ecr-eu-west-1.html and the other Regions' pages. */
const clarifyImage = /\/sagemaker-clarify-processing\b/;

// A later job makes up for a failed one for at most so long.
const rerunMilliseconds = 7 * 86_400_000;

/**
 * Clarify jobs that changed in the window, oldest first, with their configurations and reports; failed and stopped ones at the end,
 * when it is known whether a later job made up for them. There is no Clarify API: its jobs are processing jobs with its image.
 */
export async function* readJobs(calls: ClarifyCalls): AsyncGenerator<Reading> {
  const { since, until } = calls.scope.window;
  const asked = {
    LastModifiedTimeAfter: new Date(since),
    LastModifiedTimeBefore: new Date(until),
    SortBy: 'CreationTime',
    SortOrder: 'Ascending',
  };
  const completed = new Map<string, number[]>();
  const unfinished: ClarifyJob[] = [];
  for await (const page of pagesOf(calls.sageMaker, 'ListProcessingJobs', asked)) {
    if ('failure' in page) {
      yield sageMakerGap('ListProcessingJobs', page.failure);
      break;
    }
    const names = arrayAt(page.value, 'ProcessingJobSummaries').map((summary) => stringAt(summary, 'ProcessingJobName') ?? '');
    for await (const { items, result } of inOrder(names, callsAtOnce, (name) => gather(readJob(calls, name)))) {
      yield* items;
      if (result !== null && isUnfinished(statusOf(result))) unfinished.push(result);
      else if (result !== null && statusOf(result) === 'Completed') note(result, completed);
    }
    yield* calls.gaps.drain();
  }
  for (const job of unfinished) yield calls.item('execution', job.answer, { ...job.context, rerunCompleted: isRerun(job, completed) });
}

function note(job: ClarifyJob, completed: Map<string, number[]>): void {
  for (const key of configKeys(job)) completed.set(key, [...(completed.get(key) ?? []), createdAt(job)]);
}

async function* readJob(calls: ClarifyCalls, name: string): AsyncGenerator<Reading, ClarifyJob | null> {
  const asked = await calls.sageMaker.ask('DescribeProcessingJob', { ProcessingJobName: name });
  if ('failure' in asked) {
    if (!isAbsent(asked.failure)) calls.gaps.add(sageMakerGap('DescribeProcessingJob', asked.failure).gap);
    return null;
  }
  if (!clarifyImage.test(stringAt(asked.value, 'AppSpecification', 'ImageUri') ?? '')) return null;
  const job = yield* join(calls, asked);
  if (statusOf(job) === 'Completed') yield* readAnalyses(calls, job);
  if (!isUnfinished(statusOf(job))) yield calls.item('execution', job.answer, job.context);
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

function statusOf({ answer }: ClarifyJob): string | undefined {
  return stringAt(answer.value, 'ProcessingJobStatus');
}

function createdAt({ answer }: ClarifyJob): number {
  return Date.parse(isoTime(at(answer.value, 'CreationTime')) ?? '');
}

// The same configuration by address, or the same bytes at another.
function configKeys({ configUri, config }: ClarifyJob): readonly string[] {
  return [...(configUri === null ? [] : [configUri]), ...(config === null ? [] : [config.object.sha256])];
}

function isRerun(job: ClarifyJob, completed: ReadonlyMap<string, readonly number[]>): boolean {
  const created = createdAt(job);
  return configKeys(job).some((key) => completed.get(key)?.some((time) => time > created && time <= created + rerunMilliseconds) ?? false);
}
