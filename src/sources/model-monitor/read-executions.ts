// SPDX-License-Identifier: Apache-2.0

import { arrayAt, at, type Json, type JsonObject, stringAt } from '../../evidence/json.ts';
import { sliceElements } from '../../evidence/json-slices.ts';
import type { Reading } from '../../evidence/observation.ts';
import { isoTime, laterOf } from '../report/aws-time.ts';
import { callsAtOnce, gather, inOrder } from '../report/in-order.ts';
import { isAbsent, pagesOf, sageMakerGap, type WireText } from '../report/open-sagemaker.ts';
import { hasResult, monitorTypeOfRun } from './interpret-execution.ts';
import type { JoinedSchedule, ListedRun } from './joined-schedule.ts';
import { type DescribedDefinition, type MonitorCalls, objectOf } from './monitor-calls.ts';
import { readRunReports } from './read-run-reports.ts';

/** What the runs of a schedule showed: the newest one, and the definitions they ran with. */
export interface RunsSeen {
  newestRun: string | null;
  readonly definitions: Map<string, DescribedDefinition>;
}

/** What an earlier part of the reading read of a schedule's runs. */
export interface RunsBefore {
  /** Scheduled time of the last run it read. */
  readonly runTime: string;
  /** The last run with a result, null where there was none, undefined where it was not looked for. */
  readonly previousRun: string | null | undefined;
  readonly definitions: readonly string[];
}

/** Makes the mark that says that all runs up to a scheduled time were yielded. */
export type MarkRuns = (runTime: string, carried: JsonObject) => Reading;

/** Reads out of a mark what `MarkRuns` was given. */
export function runsBefore(done: { carried(name: string): Json | undefined }, runTime: string): RunsBefore {
  const previous = done.carried('previousRun');
  const definitions = done.carried('definitions');
  return {
    runTime,
    previousRun: typeof previous === 'string' || previous === null ? previous : undefined,
    definitions: Array.isArray(definitions) ? definitions.filter((name: Json) => typeof name === 'string') : [],
  };
}

interface RunsToRead {
  readonly before: RunsBefore | null;
  readonly mark: MarkRuns;
}

/** Runs of one schedule that changed in the window, oldest first, each after the reports it left; with a mark after each page. */
export async function* readExecutions(
  calls: MonitorCalls,
  joined: JoinedSchedule,
  { before, mark }: RunsToRead,
): AsyncGenerator<Reading, RunsSeen> {
  const seen: RunsSeen = { newestRun: before?.runTime ?? null, definitions: await definitionsBefore(calls, before) };
  const { since, until } = calls.scope.window;
  let previousRun = before?.previousRun;
  const asked = {
    LastModifiedTimeAfter: new Date(since),
    LastModifiedTimeBefore: new Date(until),
    // The filter leaves the time itself out: runs of the same second are read again.
    ...(before === null ? {} : { ScheduledTimeAfter: new Date(Date.parse(before.runTime) - 1_000) }),
    SortBy: 'ScheduledTime',
    SortOrder: 'Ascending',
  };
  for await (const page of pagesOf(calls.sageMaker, 'ListMonitoringExecutions', { MonitoringScheduleName: joined.name, ...asked })) {
    if ('failure' in page) {
      if (!isAbsent(page.failure)) yield sageMakerGap('ListMonitoringExecutions', page.failure);
      break;
    }
    const listed = await listedRuns(calls, joined, page, previousRun);
    previousRun = listed.findLast(({ run }) => hasResult(statusOf(run)))?.runTime ?? previousRun;
    for (const { runTime } of listed) seen.newestRun = laterOf(seen.newestRun, runTime);
    for await (const read of inOrder(listed, callsAtOnce, (run) => gather(readRun(calls, run, seen)))) yield* read.items;
    if (stringAt(page.value, 'NextToken') === undefined || seen.newestRun === null) continue;
    yield* calls.gaps.drain();
    yield mark(seen.newestRun, {
      definitions: [...seen.definitions.keys()],
      ...(previousRun === undefined ? {} : { previousRun }),
    });
  }
  seen.newestRun ??= await newestRun(calls, joined);
  return seen;
}

async function definitionsBefore(calls: MonitorCalls, before: RunsBefore | null): Promise<Map<string, DescribedDefinition>> {
  const found = new Map<string, DescribedDefinition>();
  for (const name of before?.definitions ?? []) {
    const described = await calls.definition(name, undefined);
    if (described !== null) found.set(name, described);
  }
  return found;
}

// Which run with a result came before each, so that repeats can be counted; the one before the first stands outside the window.
async function listedRuns(
  calls: MonitorCalls,
  joined: JoinedSchedule,
  page: WireText,
  before: string | null | undefined,
): Promise<ListedRun[]> {
  const texts = sliceElements(page.body, 'MonitoringExecutionSummaries');
  let previousRun = before;
  const listed: ListedRun[] = [];
  for (const [i, run] of arrayAt(page.value, 'MonitoringExecutionSummaries').entries()) {
    const runTime = isoTime(at(run, 'ScheduledTime'));
    const isResult = hasResult(statusOf(run));
    if (previousRun === undefined && runTime !== null && isResult) previousRun = await runBefore(calls, joined, runTime);
    listed.push({
      joined,
      run,
      answer: { body: texts[i] ?? JSON.stringify(run), requestId: page.requestId },
      runTime,
      previousRun: previousRun ?? null,
    });
    if (isResult) previousRun = runTime;
  }
  return listed;
}

async function* readRun(calls: MonitorCalls, listed: ListedRun, seen: RunsSeen): AsyncGenerator<Reading> {
  const { joined, run, answer } = listed;
  const name = stringAt(run, 'MonitoringJobDefinitionName');
  const described = name === undefined ? null : await calls.definition(name, monitorTypeOfRun(run, { schedule: joined.schedule }));
  if (name !== undefined && described !== null) seen.definitions.set(name, described);
  // The answer of the schedule carries its newest run: what a run is joined with must not change with the next one.
  const { LastMonitoringExecutionSummary: _newest, ...schedule } = joined.schedule;
  const definition = described === null ? {} : { definition: described.answer.value, definitionOperation: described.operation };
  const context: JsonObject = { ...joined.context, schedule, ...definition };
  const job = hasResult(statusOf(run)) ? await jobOf(calls, run) : null;
  const report =
    job === null ? { read: false } : yield* readRunReports(calls, listed, { job, monitorType: monitorTypeOfRun(run, context) });
  const exitMessage = stringAt(job ?? {}, 'ExitMessage');
  yield calls.item('execution', answer, {
    ...context,
    operation: 'ListMonitoringExecutions',
    report: { ...report },
    ...(exitMessage === undefined ? {} : { exitMessage }),
  });
}

function statusOf(run: Json): string | undefined {
  return stringAt(run, 'MonitoringExecutionStatus');
}

async function jobOf(calls: MonitorCalls, run: Json): Promise<JsonObject | null> {
  const name = stringAt(run, 'ProcessingJobArn')?.split('/').at(-1);
  if (name === undefined) return null;
  const asked = await calls.sageMaker.ask('DescribeProcessingJob', { ProcessingJobName: name });
  if (!('failure' in asked)) return objectOf(asked);
  if (!isAbsent(asked.failure)) calls.gaps.add(sageMakerGap('DescribeProcessingJob', asked.failure).gap);
  return null;
}

/**
 * The run with a result before a time. One page back: a hundred failed runs in a row before this one end the search, and the count of repeats
 * starts anew.
 */
export async function runBefore(calls: MonitorCalls, { name }: JoinedSchedule, runTime: string): Promise<string | null> {
  const asked = {
    MonitoringScheduleName: name,
    ScheduledTimeBefore: new Date(runTime),
    SortBy: 'ScheduledTime',
    SortOrder: 'Descending',
    MaxResults: 100,
  };
  const page = await calls.sageMaker.ask('ListMonitoringExecutions', asked);
  if ('failure' in page) {
    calls.gaps.add(sageMakerGap('ListMonitoringExecutions', page.failure).gap);
    return null;
  }
  const times = arrayAt(page.value, 'MonitoringExecutionSummaries')
    .filter((run) => hasResult(statusOf(run)))
    .map((run) => isoTime(at(run, 'ScheduledTime')));
  return times.find((time) => time !== null && time < runTime) ?? null;
}

async function newestRun(calls: MonitorCalls, { name, schedule }: JoinedSchedule): Promise<string | null> {
  const last = isoTime(at(schedule, 'LastMonitoringExecutionSummary', 'ScheduledTime'));
  if (last !== null) return last;
  const asked = { MonitoringScheduleName: name, SortBy: 'ScheduledTime', SortOrder: 'Descending', MaxResults: 1 };
  const page = await calls.sageMaker.ask('ListMonitoringExecutions', asked);
  return 'failure' in page ? null : isoTime(at(arrayAt(page.value, 'MonitoringExecutionSummaries')[0], 'ScheduledTime'));
}
