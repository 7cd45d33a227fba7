// SPDX-License-Identifier: Apache-2.0
import { arrayAt, isJsonObject, type Json, type JsonObject, stringAt } from '../../evidence/json.ts';
import type { Reading } from '../../evidence/observation.ts';
import { isAbsent, pagesOf, sageMakerGap, type WireText } from '../report/open-sagemaker.ts';
import { inlineDefinition, watchedEndpoint } from './job-definition.ts';
import type { JoinedSchedule } from './joined-schedule.ts';
import { type DescribedDefinition, type MonitorCalls, objectOf } from './monitor-calls.ts';
import { readAlerts } from './read-alerts.ts';
import { readBaselines } from './read-baselines.ts';
import { readExecutions } from './read-executions.ts';

/** Every schedule of the scope: its runs with their reports, its definitions and baselines, its state, its alerts. */
export async function* readSchedules(calls: MonitorCalls): AsyncGenerator<Reading> {
  for await (const page of pagesOf(calls.sageMaker, 'ListMonitoringSchedules', { SortBy: 'Name', SortOrder: 'Ascending' })) {
    if ('failure' in page) {
      calls.areSchedulesKnown = false;
      yield sageMakerGap('ListMonitoringSchedules', page.failure);
      return;
    }
    for (const summary of arrayAt(page.value, 'MonitoringScheduleSummaries')) yield* readSchedule(calls, summary);
  }
}

async function* readSchedule(calls: MonitorCalls, summary: Json): AsyncGenerator<Reading> {
  const name = stringAt(summary, 'MonitoringScheduleName') ?? '';
  const described = await calls.sageMaker.ask('DescribeMonitoringSchedule', { MonitoringScheduleName: name });
  if ('failure' in described) {
    // Deleted between list and describe: nothing to say of it any more.
    if (isAbsent(described.failure)) return;
    yield sageMakerGap('DescribeMonitoringSchedule', described.failure);
  }
  const answer = 'failure' in described ? null : described;
  const schedule = answer === null ? summary : objectOf(answer);
  const definition = await definitionOf(calls, schedule);
  const joined = await join(calls, schedule, definition);
  const seen = yield* readExecutions(calls, joined);
  if (definition !== null) seen.definitions.set(nameOf(definition), definition);
  yield* readBaselines(calls, joined, [...seen.definitions.values()]);
  if (answer !== null)
    yield stateOf(calls, joined, answer, { newestRun: seen.newestRun, definition: definition === null ? null : definition.answer.value });
  yield* readAlerts(calls, joined);
  yield* calls.gaps.drain();
}

async function definitionOf(calls: MonitorCalls, schedule: Json): Promise<DescribedDefinition | null> {
  const name =
    stringAt(schedule, 'MonitoringScheduleConfig', 'MonitoringJobDefinitionName') ?? stringAt(schedule, 'MonitoringJobDefinitionName');
  const type = stringAt(schedule, 'MonitoringType') ?? stringAt(schedule, 'MonitoringScheduleConfig', 'MonitoringType');
  return name === undefined ? null : calls.definition(name, type);
}

function nameOf(definition: DescribedDefinition): string {
  return stringAt(definition.answer.value, 'JobDefinitionName') ?? '';
}

async function join(calls: MonitorCalls, schedule: Json, definition: DescribedDefinition | null): Promise<JoinedSchedule> {
  const name = stringAt(schedule, 'MonitoringScheduleName') ?? '';
  const arn = stringAt(schedule, 'MonitoringScheduleArn') ?? calls.arn('monitoring-schedule', name);
  const endpointName = stringAt(schedule, 'EndpointName') ?? watchedEndpoint(definition?.answer.value ?? inlineDefinition(schedule));
  if (endpointName !== null && stringAt(schedule, 'MonitoringScheduleStatus') === 'Scheduled') calls.scheduled.add(endpointName);
  const endpoint = endpointName === null ? {} : await endpointContext(calls, endpointName);
  return {
    name,
    arn,
    schedule: isJsonObject(schedule) ? schedule : {},
    context: { scheduleName: name, scheduleArn: arn, scheduleTags: await calls.tags(arn), ...endpoint },
  };
}

async function endpointContext(calls: MonitorCalls, endpointName: string): Promise<JsonObject> {
  const found = await calls.endpoint(endpointName);
  if (found === 'absent') return { endpointName, endpointStatus: 'absent' };
  const endpointTags = await calls.tags(calls.arn('endpoint', endpointName));
  const status = found === 'unknown' ? undefined : stringAt(found.value, 'EndpointStatus');
  return status === undefined ? { endpointName, endpointTags } : { endpointName, endpointTags, endpointStatus: status };
}

function stateOf(
  calls: MonitorCalls,
  joined: JoinedSchedule,
  answer: WireText,
  more: { readonly newestRun: string | null; readonly definition: Json },
): Reading {
  return calls.item('state', answer, {
    ...joined.context,
    operation: 'DescribeMonitoringSchedule',
    ...(more.newestRun === null ? {} : { newestRun: more.newestRun }),
    ...(more.definition === null ? {} : { definition: more.definition }),
  });
}
