// SPDX-License-Identifier: Apache-2.0
import { at, type JsonObject, stringAt } from '../../evidence/json.ts';
import type { Reading } from '../../evidence/observation.ts';
import { isoTime } from '../report/aws-time.ts';
import { outputPrefixes } from '../report/job-outputs.ts';
import { below } from '../report/open-s3.ts';
import { missingGap, type ReadReport, readReport } from '../report/read-report.ts';
import { recogniseReport } from '../report/recognise-report.ts';
import { violationsBeside } from '../report/violation-entries.ts';
import type { ClarifyCalls } from './clarify-calls.ts';
import type { ClarifyJob } from './clarify-job.ts';
import { readRelease } from './read-releases.ts';
import { timingOf } from './release-span.ts';

/** The analysis.json of a completed job. `explanations_shap/out.csv` beside it holds rows of people and is never read. */
export async function* readAnalyses(calls: ClarifyCalls, job: ClarifyJob): AsyncGenerator<Reading> {
  for (const prefix of outputPrefixes(job.answer.value)) {
    const uri = below(prefix, 'analysis.json');
    const report = await readReport(calls.s3, uri);
    // A monitoring run that had nothing to analyse leaves none; a job of its own always does.
    if (report === 'absent') {
      if (job.context['origin'] !== 'MONITORING') yield { gap: missingGap(uri, job.arn) };
    } else if ('gap' in report) calls.gaps.add(report.gap);
    else if (recogniseReport(report.value)?.shape === 'analysis') {
      yield calls.item(
        'analysis',
        { body: report.text, requestId: report.object.requestId },
        await analysisContext(calls, job, prefix, report),
      );
    }
  }
}

/** What an analysis is read with: its job, the violations beside it, and whether its model was released by then. */
export async function analysisContext(
  calls: ClarifyCalls,
  job: ClarifyJob,
  prefix: string,
  { object, value }: ReadReport,
): Promise<JsonObject> {
  const ended = isoTime(at(job.answer.value, 'ProcessingEndTime'));
  return {
    ...job.context,
    path: object.uri,
    sha256: object.sha256,
    siblings: await violationsOf(calls, job, prefix),
    timing: await timingFor(calls, job, ended, at(value, 'post_training_bias_metrics') !== undefined),
    ...(ended === null ? {} : { effectiveAt: ended }),
    ...(object.lastModified === null ? {} : { lastModified: object.lastModified }),
  };
}

// Only a monitoring run compares with a baseline and lists violations; they are Model Monitor's, and here only say which metrics are counted there.
async function violationsOf(calls: ClarifyCalls, job: ClarifyJob, prefix: string): Promise<JsonObject> {
  if (job.context['origin'] !== 'MONITORING') return {};
  const report = await readReport(calls.s3, below(prefix, 'constraint_violations.json'));
  if (report === 'absent') return {};
  if ('gap' in report) {
    calls.gaps.add(report.gap);
    return {};
  }
  return { violations: violationsBeside({ violations: report.value }) };
}

async function timingFor(calls: ClarifyCalls, { context }: ClarifyJob, ended: string | null, asksModelBias: boolean): Promise<string> {
  const model = stringAt(context, 'modelName');
  if (model === undefined || !asksModelBias || context['origin'] === 'MONITORING') return 'UNKNOWN';
  return timingOf(ended, await readRelease(calls, model));
}
