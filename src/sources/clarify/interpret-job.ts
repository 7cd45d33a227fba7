// SPDX-License-Identifier: Apache-2.0
import { at, isJsonObject, type Json, stringAt } from '../../evidence/json.ts';
import type { Interpretation, RawItem } from '../../evidence/observation.ts';
import { isoTime, timePart } from '../report/aws-time.ts';
import { resource, sageMakerArn } from '../report/report-file.ts';
import { unreadable } from '../report/unreadable.ts';

const ended = ['Failed', 'Stopped'];

/** Whether a job ended without its analysis. */
export function isUnfinished(status: string | undefined): boolean {
  return status !== undefined && ended.includes(status);
}

/** A DescribeProcessingJob answer of a Clarify job. Context: `rerunCompleted` for a failed or stopped one, `origin`, `modelName`, `tags`. */
export function interpretJob(item: RawItem, value: Json): readonly Interpretation[] {
  const { context } = item;
  const name = stringAt(value, 'ProcessingJobName');
  if (!isJsonObject(value) || name === undefined) return [unreadable(item, 'processing job', 'ProcessingJobName')];
  const arn = stringAt(value, 'ProcessingJobArn') ?? sageMakerArn(context, 'processing-job', name);
  const status = stringAt(value, 'ProcessingJobStatus');
  const rerun = isUnfinished(status) ? { rerunCompleted: at(context, 'rerunCompleted') === true } : {};
  const model = stringAt(context, 'modelName');
  const models =
    model === undefined ? [] : [resource(sageMakerArn(context, 'model', model), 'AWS::SageMaker::Model', at(context, 'modelTags'))];
  return [
    {
      observation: {
        source: 'sagemaker-clarify',
        kind: 'execution',
        partition: context.partition,
        account: context.account,
        region: context.region,
        sourceIdentity: `processing-job:${arn}`,
        // A later job that makes up for this one changes nothing in this answer.
        versionKey: [status ?? '', timePart(at(value, 'LastModifiedTime')), ...(rerun.rerunCompleted === true ? ['rerunCompleted'] : [])],
        findingKey: `sagemaker-clarify:processing-job:${arn}`,
        occurredAt: isoTime(at(value, 'ProcessingEndTime')) ?? isoTime(at(value, 'CreationTime')),
        observedAt: isoTime(at(value, 'LastModifiedTime')),
        title: `Clarify job ${name}: ${status ?? 'unknown status'}`,
        severity: null,
        resources: [resource(arn, 'AWS::SageMaker::ProcessingJob', at(context, 'tags')), ...models],
        detail: value,
        text: item.text,
        facts: {
          origin: stringAt(context, 'origin') ?? (at(value, 'MonitoringScheduleArn') === undefined ? 'JOB' : 'MONITORING'),
          ...rerun,
        },
      },
    },
  ];
}
