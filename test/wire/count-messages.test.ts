// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { countMessages } from '../../src/runtime/aws/count-messages.ts';
import { type SampleServer, startSampleServer } from '../../src/sample/server.ts';
import { sampleWorld } from '../../src/sample/world.ts';
import { type FakeDepth, fakeSqs } from '../support/fake-stack.ts';
import { RecordedTelemetry } from '../support/recorded-telemetry.ts';

const depths = new Map<string, FakeDepth>([
  ['runs-dead.fifo', [3, 1, 2]],
  ['events-dead', 'denied'],
  ['notices-dead', [0, 0, 0]],
]);
let server: SampleServer;

beforeAll(async () => {
  server = await startSampleServer(sampleWorld(), { sqs: fakeSqs(depths) }, { throttleOneIn: 0 });
});
afterAll(() => server.close());

describe('messages of several queues', () => {
  it('are counted each by itself, whatever state they are in; one that does not answer is told and hides no other', async () => {
    const telemetry = new RecordedTelemetry();
    const url = (queue: string) => `${server.endpoint}/111122223333/${queue}`;
    const urls = { MacieRuns: url('runs-dead.fifo'), MacieEvents: url('events-dead'), Project: url('notices-dead') };
    const config = { region: 'eu-west-1', endpoint: server.endpoint, credentials: server.credentials('111122223333'), maxAttempts: 1 };
    expect(Object.fromEntries(await countMessages(urls, config, telemetry))).toEqual({ MacieRuns: 6, MacieEvents: null, Project: 0 });
    expect(telemetry.problems).toMatchObject([{ what: 'queue not counted', fields: { queue: 'MacieEvents' } }]);
  });
});
