// SPDX-License-Identifier: Apache-2.0
import { sliceAt } from '../../evidence/json-slices.ts';
import type { Reading } from '../../evidence/observation.ts';
import type { Asked, HubCalls } from './hub-calls.ts';

/** What one of the two services says of itself: items and gaps, and whether it is worth asking further. */
export interface HubReading {
  readonly readings: readonly Reading[];
  readonly isOn: boolean;
}

/** Asks whether Security Hub CSPM is enabled. Refused is not off: then the findings are asked for all the same. */
export async function readHub(calls: HubCalls): Promise<HubReading> {
  const asked = await calls.ask<object>('DescribeHub', new calls.sdk.DescribeHubCommand({}));
  return hubReading(calls, asked, 'DescribeHub', {});
}

/** Asks whether the newer Security Hub is enabled. With CSPM on beside it, every control finding exists in both forms. */
export async function readHubV2(calls: HubCalls, isCspmOn: boolean): Promise<HubReading> {
  const asked = await calls.ask<object>('DescribeSecurityHubV2', new calls.sdk.DescribeSecurityHubV2Command({}));
  return hubReading(calls, asked, 'DescribeSecurityHubV2', { besideCspm: isCspmOn });
}

function hubReading(calls: HubCalls, asked: Asked<object>, operation: string, context: Readonly<Record<string, boolean>>): HubReading {
  if ('gap' in asked) return { readings: [{ gap: asked.gap }], isOn: asked.gap.reason !== 'off' };
  const { body, requestId } = asked.answer;
  const text = sliceAt(body) ?? body;
  return { readings: [{ item: calls.item('state', text, requestId, { operation, ...context }) }], isOn: true };
}
