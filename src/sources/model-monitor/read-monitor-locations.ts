// SPDX-License-Identifier: Apache-2.0
import type { Reading } from '../../evidence/observation.ts';
import { markAt, type Resumption } from '../mark.ts';
import { locatedContext, readLocations } from '../report/read-locations.ts';
import type { MonitorCalls } from './monitor-calls.ts';
import type { MonitorPart } from './read-schedules.ts';

/** Reports of this format below declared prefixes, whoever wrote them; gaps of the prefixes are told here, once for both sources that read them. */
export async function* readMonitorLocations(calls: MonitorCalls, done: Resumption<MonitorPart>): AsyncGenerator<Reading> {
  const before = { after: done.after('locations'), strangers: done.carried('strangers') };
  for await (const located of readLocations(calls.s3, calls.scope, before)) {
    if ('gap' in located) yield located;
    else if ('after' in located) yield markAt('locations', located.after, { strangers: located.strangers });
    else if (located.recognised.source === 'sagemaker-model-monitor') {
      const { report, recognised } = located;
      yield calls.item(recognised.shape, { body: report.text, requestId: report.object.requestId }, locatedContext(located));
    }
  }
}
