// SPDX-License-Identifier: Apache-2.0
import type { Reading } from '../../evidence/observation.ts';
import { markAt, type Resumption } from '../mark.ts';
import { locatedContext, readLocations } from '../report/read-locations.ts';
import type { ClarifyCalls } from './clarify-calls.ts';
import type { ClarifyPart } from './read-jobs.ts';

/** Reports of Clarify and fmeval below declared prefixes. Gaps of the prefixes are told by Model Monitor's reader, which reads the same. */
export async function* readClarifyLocations(calls: ClarifyCalls, done: Resumption<ClarifyPart>): AsyncGenerator<Reading> {
  const before = { after: done.after('locations'), strangers: undefined };
  for await (const located of readLocations(calls.s3, calls.scope, before)) {
    if ('after' in located) yield markAt('locations', located.after);
    if ('gap' in located || 'after' in located || located.recognised.source !== 'sagemaker-clarify') continue;
    const { report, recognised } = located;
    yield calls.item(recognised.shape, { body: report.text, requestId: report.object.requestId }, locatedContext(located));
  }
}
