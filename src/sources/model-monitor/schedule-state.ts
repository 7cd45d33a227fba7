// SPDX-License-Identifier: Apache-2.0
import { at, type Json, type JsonObject, stringAt } from '../../evidence/json.ts';
import type { ItemContext, RawItem } from '../../evidence/observation.ts';
import { hoursBetween, isoTime, laterOf, timePart } from '../report/aws-time.ts';
import { resource, sageMakerArn } from '../report/report-file.ts';
import { monitorTypeOfRun } from './interpret-execution.ts';
import { baselineState, inlineDefinition } from './job-definition.ts';
import { intervalHours, isRunMissing } from './schedule-interval.ts';
import type { StateParts } from './state-parts.ts';

const inService = ['InService', 'Updating', 'SystemUpdating', 'RollingBack'];

/**
 * A DescribeMonitoringSchedule answer. Context: `definition`, `newestRun` (ISO time of the newest run that any list showed),
 * `endpointName`, and `endpointStatus` of what it watches (`absent` where AWS says it does not exist).
 */
export function scheduleState(item: RawItem, schedule: JsonObject): StateParts {
  const { context } = item;
  const name = stringAt(schedule, 'MonitoringScheduleName');
  const status = stringAt(schedule, 'MonitoringScheduleStatus');
  const timing = timingOf(schedule, context);
  const targetInService = targetState(stringAt(context, 'endpointStatus'));
  const definition = at(context, 'definition') ?? inlineDefinition(schedule);
  return {
    identity: name === undefined ? null : `schedule:${scheduleArnOf(schedule, name, context)}`,
    version: [
      status ?? '',
      timePart(at(schedule, 'LastModifiedTime')),
      `targetInService=${targetInService}`,
      ...(timing.runMissing ? [`runMissing since ${timing.newest ?? 'creation'}`] : []),
    ],
    lasts: true,
    occurredAt: isoTime(at(schedule, 'LastModifiedTime')),
    title: `Monitoring schedule ${name ?? ''}: ${status ?? 'unknown status'}`,
    resources: scheduleResources(schedule, name ?? '', context),
    facts: {
      monitorType: monitorTypeOfRun({}, { ...context, schedule }),
      baseline: baselineState(definition),
      targetInService,
      runMissing: timing.runMissing,
      ...(timing.interval === null ? {} : { intervalHours: timing.interval }),
      ...(timing.hours === null ? {} : { hoursSinceLastRun: timing.hours }),
    },
  };
}

function timingOf(
  schedule: Json,
  context: ItemContext,
): { interval: number | null; hours: number | null; newest: string | null; runMissing: boolean } {
  const config = at(schedule, 'MonitoringScheduleConfig', 'ScheduleConfig');
  const interval = intervalHours(stringAt(config, 'ScheduleExpression'));
  const last = isoTime(at(schedule, 'LastMonitoringExecutionSummary', 'ScheduledTime'));
  const newest = laterOf(last, stringAt(context, 'newestRun') ?? null);
  const from = newest ?? isoTime(at(schedule, 'CreationTime'));
  const hours = from === null ? null : hoursBetween(from, context.sweptAt);
  return { interval, hours, newest, runMissing: isRunMissing(stringAt(schedule, 'MonitoringScheduleStatus'), interval, hours) };
}

function targetState(endpointStatus: string | undefined): 'YES' | 'NO' | 'UNKNOWN' {
  if (endpointStatus === undefined) return 'UNKNOWN';
  return inService.includes(endpointStatus) ? 'YES' : 'NO';
}

function scheduleArnOf(schedule: Json, name: string, context: ItemContext): string {
  return stringAt(schedule, 'MonitoringScheduleArn') ?? sageMakerArn(context, 'monitoring-schedule', name);
}

function scheduleResources(schedule: Json, name: string, context: ItemContext) {
  const own = resource(scheduleArnOf(schedule, name, context), 'AWS::SageMaker::MonitoringSchedule', at(context, 'scheduleTags'));
  const endpoint = stringAt(context, 'endpointName') ?? stringAt(schedule, 'EndpointName');
  if (endpoint === undefined) return [own];
  return [own, resource(sageMakerArn(context, 'endpoint', endpoint), 'AWS::SageMaker::Endpoint', at(context, 'endpointTags'))];
}
