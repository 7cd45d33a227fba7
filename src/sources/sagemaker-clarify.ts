// SPDX-License-Identifier: Apache-2.0
import type { Json } from '../evidence/json.ts';
import type { Interpretation, Observation, RawItem, Reading } from '../evidence/observation.ts';
import { type ClarifyCalls, openClarifyCalls } from './clarify/clarify-calls.ts';
import { analysisTiming, interpretAnalysis } from './clarify/interpret-analysis.ts';
import { interpretAnalysisConfig } from './clarify/interpret-analysis-config.ts';
import { interpretFmeval } from './clarify/interpret-fmeval.ts';
import { interpretJob } from './clarify/interpret-job.ts';
import { readClarifyLocations } from './clarify/read-clarify-locations.ts';
import { readClarifyReport } from './clarify/read-clarify-report.ts';
import { clarifyParts, readJobs } from './clarify/read-jobs.ts';
import { onlyForward, Resumption } from './mark.ts';
import { revisedFacts } from './report/first-sight.ts';
import { guarded } from './report/guarded.ts';
import type { Connection, Scope, Source, SourceSettings } from './source.ts';

/** SageMaker Clarify: its processing jobs, their configurations, bias and explanation reports, and fmeval results. Closed to new customers since 2026-07-30. */
export function createClarify(settings: SourceSettings): Source {
  return {
    id: 'sagemaker-clarify',
    title: 'SageMaker Clarify',
    actions: [
      'sagemaker:DescribeEndpoint',
      'sagemaker:DescribeEndpointConfig',
      'sagemaker:DescribeModel',
      'sagemaker:DescribeModelPackage',
      'sagemaker:DescribeProcessingJob',
      'sagemaker:ListEndpoints',
      'sagemaker:ListPipelineExecutionSteps',
      'sagemaker:ListProcessingJobs',
      'sagemaker:ListTags',
      's3:GetObject',
      's3:ListBucket',
      'kms:Decrypt',
    ],
    schedule: 'rate(6 hours)',
    // Eight days back: a failed job is looked at again for as long as a later one may make up for it.
    window: { overlapHours: 192, retentionDays: 1100, fullSweepDays: 25 },
    identity:
      'job: its ARN; report entries: the run in the report’s place, where one can be told, the place of the entry, and the report’s content',
    versionKey:
      'job: status, last modified time, whether a later job made up for it; report entries: their content and the hash of their file',
    eventPatterns: [
      { source: ['aws.s3'], 'detail-type': ['Object Created'], detail: { object: { key: [{ suffix: '/analysis.json' }] } } },
      { source: ['aws.sagemaker'], 'detail-type': ['SageMaker Processing Job State Change'] },
    ],
    derivations: [analysisTiming, revisedFacts('sagemaker-clarify.revised-metrics', ['thresholdOutcome', 'violated'], isBounded)],
    read: (connection, scope) => readClarify(connection, scope),
    objects: { below: 'reportLocations', ownerOf: () => null, read: readReport },
    interpret: (item, value) => guarded(item, () => interpret(item, value, settings)),
  };
}

// Explanations have no limit and are never violated.
function isBounded({ kind, facts }: Observation): boolean {
  return kind === 'metric' && facts['section'] !== 'explanations';
}

function interpret(item: RawItem, value: Json, settings: SourceSettings): readonly Interpretation[] | null {
  switch (item.shape) {
    case 'analysis':
      return interpretAnalysis(item, value, settings);
    case 'analysis-config':
      return interpretAnalysisConfig(item, value);
    case 'execution':
      return interpretJob(item, value);
    case 'fmeval':
      return interpretFmeval(item, value, settings);
    default:
      return null;
  }
}

async function* readReport(connection: Connection, scope: Scope, uri: string): AsyncGenerator<Reading> {
  const calls = await openClarifyCalls(connection, scope);
  try {
    yield* readClarifyReport(calls, uri);
  } finally {
    calls.close();
  }
}

async function* readScope(calls: ClarifyCalls): AsyncGenerator<Reading> {
  const done = new Resumption(clarifyParts, calls.scope.resumeAfter);
  yield* readJobs(calls, done);
  yield* readClarifyLocations(calls, done);
  yield* calls.gaps.drain();
}

async function* readClarify(connection: Connection, scope: Scope): AsyncGenerator<Reading> {
  const calls = await openClarifyCalls(connection, scope);
  try {
    yield* onlyForward(readScope(calls), clarifyParts, scope.resumeAfter);
  } finally {
    calls.close();
  }
}
