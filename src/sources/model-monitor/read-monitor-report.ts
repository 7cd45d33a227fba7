// SPDX-License-Identifier: Apache-2.0
import { arrayAt, at, isJsonObject, type JsonObject } from '../../evidence/json.ts';
import type { Reading } from '../../evidence/observation.ts';
import { isoTime } from '../report/aws-time.ts';
import { isAbsent, sageMakerGap } from '../report/open-sagemaker.ts';
import { locatedContext } from '../report/read-locations.ts';
import { readNamedReport } from '../report/read-named-report.ts';
import { reportPlace } from '../report/report-place.ts';
import { monitorTypeOfRun } from './interpret-execution.ts';
import { type MonitorCalls, objectOf } from './monitor-calls.ts';
import { runBefore } from './read-executions.ts';
import { joinSchedule } from './read-schedules.ts';

/**
 * One report that an event named, joined with its schedule and run where its place names them and this account has them: what comes first
 * is what is kept, and a record that knew less of its run would break the chain of violations that repeat.
 */
export async function* readMonitorReport(calls: MonitorCalls, uri: string): AsyncGenerator<Reading> {
  for await (const located of readNamedReport(calls.s3, uri, 'sagemaker-model-monitor')) {
    if ('gap' in located) yield located;
    else {
      const { report, recognised } = located;
      const context = { ...locatedContext(located), ...(await runContext(calls, uri)) };
      yield calls.item(recognised.shape, { body: report.text, requestId: report.object.requestId }, context);
    }
  }
  yield* calls.gaps.drain();
}

async function runContext(calls: MonitorCalls, uri: string): Promise<JsonObject> {
  const { schedule: name, runTime: hour } = reportPlace(uri);
  if (name === null || hour === null) return {};
  const described = await calls.sageMaker.ask('DescribeMonitoringSchedule', { MonitoringScheduleName: name });
  if ('failure' in described) {
    if (!isAbsent(described.failure)) calls.gaps.add(sageMakerGap('DescribeMonitoringSchedule', described.failure).gap);
    return {};
  }
  const joined = await joinSchedule(calls, objectOf(described));
  const run = await runInHour(calls, name, hour);
  const runTime = isoTime(at(run, 'ScheduledTime')) ?? hour;
  const previousRun = await runBefore(calls, joined, runTime);
  const monitorType = monitorTypeOfRun(run, { schedule: joined.schedule });
  return { ...joined.context, monitorType, runTime, ...(previousRun === null ? {} : { previousRun }) };
}

/** The run whose reports lie in the folder of an hour; an empty object where it is not listed. */
async function runInHour(calls: MonitorCalls, name: string, hour: string): Promise<JsonObject> {
  const start = Date.parse(hour);
  const asked = {
    MonitoringScheduleName: name,
    ScheduledTimeAfter: new Date(start - 1_000),
    ScheduledTimeBefore: new Date(start + 3_600_000),
    SortBy: 'ScheduledTime',
    SortOrder: 'Ascending',
    MaxResults: 1,
  };
  const page = await calls.sageMaker.ask('ListMonitoringExecutions', asked);
  if ('failure' in page) {
    calls.gaps.add(sageMakerGap('ListMonitoringExecutions', page.failure).gap);
    return {};
  }
  const [run] = arrayAt(page.value, 'MonitoringExecutionSummaries');
  return isJsonObject(run) ? run : {};
}
