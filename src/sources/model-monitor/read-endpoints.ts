// SPDX-License-Identifier: Apache-2.0
import { arrayAt, stringAt } from '../../evidence/json.ts';
import type { Reading } from '../../evidence/observation.ts';
import { pagesOf, sageMakerGap } from '../report/open-sagemaker.ts';
import type { MonitorCalls } from './monitor-calls.ts';

/** Every endpoint of the scope: whether its use is captured and whether anything monitors it. Read after all schedules. */
export async function* readEndpoints(calls: MonitorCalls): AsyncGenerator<Reading> {
  for await (const page of pagesOf(calls.sageMaker, 'ListEndpoints', { SortBy: 'Name', SortOrder: 'Ascending' })) {
    if ('failure' in page) {
      yield sageMakerGap('ListEndpoints', page.failure);
      return;
    }
    for (const summary of arrayAt(page.value, 'Endpoints')) {
      const name = stringAt(summary, 'EndpointName') ?? '';
      const found = await calls.endpoint(name);
      if (found === 'absent' || found === 'unknown') continue;
      const endpointTags = await calls.tags(stringAt(found.value, 'EndpointArn') ?? calls.arn('endpoint', name));
      const hasSchedule = calls.scheduled.has(name);
      // "None" may be said only where all schedules were listed.
      const known = hasSchedule || calls.areSchedulesKnown ? { hasSchedule } : {};
      yield calls.item('state', found, { operation: 'DescribeEndpoint', endpointTags, ...known });
    }
    yield* calls.gaps.drain();
  }
}
