// SPDX-License-Identifier: Apache-2.0
import { at, stringAt } from '../../evidence/json.ts';
import type { Resource } from '../../evidence/observation.ts';
import { type ReportFile, resource, sageMakerArn } from '../report/report-file.ts';

/** Who wrote a report: told by the reader; a file that no job is known for is FILE. */
export function originOf(report: ReportFile): string {
  return stringAt(report.context, 'origin') ?? 'FILE';
}

/** The job, the model and, for a monitoring run, the schedule and endpoint that a report is about; for a report of no known job, its place. */
export function clarifyResources({ context, place, path }: ReportFile): readonly Resource[] {
  const job = stringAt(context, 'jobArn') ?? (place.schedule === null ? path : undefined);
  const schedule =
    stringAt(context, 'scheduleArn') ??
    (place.schedule === null ? undefined : sageMakerArn(context, 'monitoring-schedule', place.schedule));
  const model = stringAt(context, 'modelName');
  const endpoint = stringAt(context, 'endpointName') ?? place.endpoint ?? undefined;
  const tags = at(context, 'tags');
  return [
    ...(job === undefined ? [] : [resource(job, 'AWS::SageMaker::ProcessingJob', tags)]),
    ...(model === undefined ? [] : [resource(sageMakerArn(context, 'model', model), 'AWS::SageMaker::Model', at(context, 'modelTags'))]),
    ...(schedule === undefined ? [] : [resource(schedule, 'AWS::SageMaker::MonitoringSchedule', tags)]),
    ...(endpoint === undefined ? [] : [resource(sageMakerArn(context, 'endpoint', endpoint), 'AWS::SageMaker::Endpoint', tags)]),
  ];
}
