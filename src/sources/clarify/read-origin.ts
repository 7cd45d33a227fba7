// SPDX-License-Identifier: Apache-2.0
import { arrayAt, type Json, stringAt } from '../../evidence/json.ts';
import { isAbsent, pagesOf, sageMakerGap } from '../report/open-sagemaker.ts';
import type { ClarifyCalls } from './clarify-calls.ts';

/** Who ran a Clarify job: a monitor, a ClarifyCheck step of a pipeline, or somebody directly. */
export async function readOrigin(calls: ClarifyCalls, job: Json, jobArn: string): Promise<'MONITORING' | 'PIPELINE_CHECK' | 'JOB'> {
  if (stringAt(job, 'MonitoringScheduleArn') !== undefined) return 'MONITORING';
  // Pipelines name their jobs `pipelines-<execution>-<step>-…` and file them under an experiment named after the pipeline, a trial named after the execution.
  const pipeline = stringAt(job, 'ExperimentConfig', 'ExperimentName');
  const execution = stringAt(job, 'ExperimentConfig', 'TrialName');
  if (pipeline === undefined || execution === undefined || !stringAt(job, 'ProcessingJobName')?.startsWith('pipelines-')) return 'JOB';
  const PipelineExecutionArn = calls.arn('pipeline', `${pipeline}/execution/${execution}`);
  for await (const page of pagesOf(calls.sageMaker, 'ListPipelineExecutionSteps', { PipelineExecutionArn })) {
    if ('failure' in page) {
      if (!isAbsent(page.failure)) calls.gaps.add(sageMakerGap('ListPipelineExecutionSteps', page.failure).gap);
      return 'JOB';
    }
    const isCheck = (step: Json) => stringAt(step, 'Metadata', 'ClarifyCheck', 'CheckJobArn') === jobArn;
    if (arrayAt(page.value, 'PipelineExecutionSteps').some(isCheck)) return 'PIPELINE_CHECK';
  }
  return 'JOB';
}
