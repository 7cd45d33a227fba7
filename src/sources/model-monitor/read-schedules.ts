// SPDX-License-Identifier: Apache-2.0
import { arrayAt, isJsonObject, type Json, type JsonObject, stringAt } from '../../evidence/json.ts';
import type { Reading } from '../../evidence/observation.ts';
import { markAt, type Resumption } from '../mark.ts';
import { isAbsent, pagesOf, sageMakerGap, type WireText } from '../report/open-sagemaker.ts';
import { inlineDefinition, watchedEndpoint } from './job-definition.ts';
import type { JoinedSchedule } from './joined-schedule.ts';
import { type DescribedDefinition, type MonitorCalls, objectOf } from './monitor-calls.ts';
import { readAlerts } from './read-alerts.ts';
import { readBaselines } from './read-baselines.ts';
import { type MarkRuns, type RunsBefore, readExecutions, runsBefore } from './read-executions.ts';

/** Parts of reading Model Monitor, in order. */
export const monitorParts = ['schedules', 'endpoints', 'locations'] as const;
export type MonitorPart = (typeof monitorParts)[number];

/**
 * Every schedule of the scope, in order of name: its runs with their reports, its definitions and baselines, its state, its alerts. Where
 * reading goes on, a schedule read before is only asked for the endpoint that it watches.
 */
export async function* readSchedules(calls: MonitorCalls, done: Resumption<MonitorPart>): AsyncGenerator<Reading> {
  if (done.isDone('endpoints')) return;
  const summaries = yield* listSchedules(calls);
  const [last = '', runTime] = done.after('schedules')?.split(runMark) ?? [];
  if (done.isIn('schedules')) calls.rememberFirstUsers(done.carried('firstUsers'));
  for (const [name, summary] of summaries) {
    const isDone = done.isDone('schedules') || name < last || (name === last && runTime === undefined);
    if (isDone) {
      await noteScheduled(calls, summary);
      continue;
    }
    const runs = name === last && runTime !== undefined ? runsBefore(done, runTime) : null;
    yield* readSchedule(calls, { name, summary, runs });
    yield markAt('schedules', name, { firstUsers: calls.firstUsers });
  }
  yield* calls.gaps.drain();
  yield markAt('endpoints');
}

// Names are letters, digits and hyphens: what follows is the time of the last run read of a schedule that is not done.
const runMark = '@';

// All names before the first schedule: the service's order of names is not documented, and a mark needs one that we know.
async function* listSchedules(calls: MonitorCalls): AsyncGenerator<Reading, readonly (readonly [string, Json])[]> {
  const found: [string, Json][] = [];
  for await (const page of pagesOf(calls.sageMaker, 'ListMonitoringSchedules', { SortBy: 'Name', SortOrder: 'Ascending' })) {
    if ('failure' in page) {
      calls.areSchedulesKnown = false;
      yield sageMakerGap('ListMonitoringSchedules', page.failure);
      break;
    }
    for (const one of arrayAt(page.value, 'MonitoringScheduleSummaries')) found.push([stringAt(one, 'MonitoringScheduleName') ?? '', one]);
  }
  return found.sort(([a], [b]) => (a < b ? -1 : 1));
}

async function noteScheduled(calls: MonitorCalls, summary: Json): Promise<void> {
  if (stringAt(summary, 'MonitoringScheduleStatus') !== 'Scheduled') return;
  const watched = stringAt(summary, 'EndpointName') ?? watchedEndpoint((await definitionOf(calls, summary))?.answer.value);
  if (watched !== null) calls.scheduled.add(watched);
  else {
    const MonitoringScheduleName = stringAt(summary, 'MonitoringScheduleName');
    const described = await calls.sageMaker.ask('DescribeMonitoringSchedule', { MonitoringScheduleName });
    const endpoint = 'failure' in described ? null : watchedEndpoint(inlineDefinition(described.value));
    if (endpoint !== null) calls.scheduled.add(endpoint);
  }
}

interface ScheduleToRead {
  readonly name: string;
  readonly summary: Json;
  /** What an earlier part read of its runs. */
  readonly runs: RunsBefore | null;
}

async function* readSchedule(calls: MonitorCalls, { name, summary, runs }: ScheduleToRead): AsyncGenerator<Reading> {
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
  const markRuns: MarkRuns = (runTime, carried) =>
    markAt('schedules', `${name}${runMark}${runTime}`, { ...carried, firstUsers: calls.firstUsers });
  const seen = yield* readExecutions(calls, joined, { before: runs, mark: markRuns });
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

/** A schedule as described, with its endpoint and the tags of both. */
export async function joinSchedule(calls: MonitorCalls, schedule: Json): Promise<JoinedSchedule> {
  return await join(calls, schedule, await definitionOf(calls, schedule));
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
