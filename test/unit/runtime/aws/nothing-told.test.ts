// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { securityHubImported } from '../../../fixtures/events/samples.ts';
import { FunctionHome, record } from '../../../support/function-home.ts';
import { scripted } from '../../../support/scripted-source.ts';

const configuration = { sources: ['securityhub' as const], regions: ['eu-west-1'] };
const now = () => new Date('2026-11-21T01:00:00Z');

/** Open gaps of a home, without those of scopes. */
async function itemGaps(functions: FunctionHome) {
  await functions.project();
  return (await functions.index.openGaps()).filter(({ what }) => what.startsWith('EventBridge event') || what.startsWith('securityhub '));
}

describe('a deployed home that is given nothing', () => {
  it('by an event without findings, keeps that as a gap', async () => {
    const functions = new FunctionHome({ configuration, now });
    const body = JSON.stringify({ ...securityHubImported({}), detail: { findings: [] } });
    expect(await functions.handle('securityhub', [record({ id: 'm-1', body, receives: 1 }, 'securityhub-events')])).toEqual({
      batchItemFailures: [],
    });
    expect(await itemGaps(functions)).toMatchObject([{ what: 'EventBridge event', reason: 'unsupported' }]);
  });

  it('by an answer that its source makes nothing of, keeps that as a gap', async () => {
    const source = scripted(() => [{ find: 'a' }]);
    const functions = new FunctionHome({ configuration, now, source: (made) => ({ ...source(made), interpret: () => [] }) });
    await functions.plan('securityhub', '2026-11-21T01:00:00Z');
    await functions.collect('securityhub');
    expect(await itemGaps(functions)).toMatchObject([{ what: 'securityhub finding', reason: 'unsupported' }]);
  });

  it('and keeps none where the same answer is evidence', async () => {
    const functions = new FunctionHome({ configuration, now, source: scripted(() => [{ find: 'a' }]) });
    await functions.plan('securityhub', '2026-11-21T01:00:00Z');
    await functions.collect('securityhub');
    expect(await itemGaps(functions)).toEqual([]);
  });
});
