// SPDX-License-Identifier: Apache-2.0
import { arrayAt, type Json, stringAt } from '../../evidence/json.ts';
import type { Reading } from '../../evidence/observation.ts';
import { markAt, type Resumption } from '../mark.ts';
import { pagesOf, sageMakerGap } from '../report/open-sagemaker.ts';
import type { MonitorCalls } from './monitor-calls.ts';
import type { MonitorPart } from './read-schedules.ts';

/** Endpoints between two marks. */
const endpointsOfMark = 50;

/** Every endpoint of the scope, in order of name: whether its use is captured and whether anything monitors it. Read after all schedules. */
export async function* readEndpoints(calls: MonitorCalls, done: Resumption<MonitorPart>): AsyncGenerator<Reading> {
  if (done.isDone('endpoints')) return;
  const names = yield* listEndpoints(calls);
  const after = done.after('endpoints') ?? '';
  for (const [i, name] of names.filter((one) => one > after).entries()) {
    yield* readEndpoint(calls, name);
    if ((i + 1) % endpointsOfMark !== 0) continue;
    yield* calls.gaps.drain();
    yield markAt('endpoints', name);
  }
  yield* calls.gaps.drain();
  yield markAt('locations');
}

// All names first, in an order that we know: see `listSchedules`.
async function* listEndpoints(calls: MonitorCalls): AsyncGenerator<Reading, readonly string[]> {
  const names: string[] = [];
  for await (const page of pagesOf(calls.sageMaker, 'ListEndpoints', { SortBy: 'Name', SortOrder: 'Ascending' })) {
    if ('failure' in page) {
      yield sageMakerGap('ListEndpoints', page.failure);
      break;
    }
    names.push(...arrayAt(page.value, 'Endpoints').map((summary: Json) => stringAt(summary, 'EndpointName') ?? ''));
  }
  return names.sort();
}

async function* readEndpoint(calls: MonitorCalls, name: string): AsyncGenerator<Reading> {
  const found = await calls.endpoint(name);
  if (found === 'absent' || found === 'unknown') return;
  const endpointTags = await calls.tags(stringAt(found.value, 'EndpointArn') ?? calls.arn('endpoint', name));
  const hasSchedule = calls.scheduled.has(name);
  // "None" may be said only where all schedules were listed.
  const known = hasSchedule || calls.areSchedulesKnown ? { hasSchedule } : {};
  yield calls.item('state', found, { operation: 'DescribeEndpoint', endpointTags, ...known });
}
