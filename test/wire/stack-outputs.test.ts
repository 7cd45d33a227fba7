// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readQueueStates } from '../../src/runtime/aws/queue-state.ts';
import { readStackOutputs } from '../../src/runtime/aws/stack-outputs.ts';
import { type SampleServer, startSampleServer } from '../../src/sample/server.ts';
import { sampleWorld } from '../../src/sample/world.ts';
import { type FakeDepth, fakeCloudFormation, fakeSqs, type Outputs, stackOutputs } from '../support/fake-stack.ts';

const keys = {
  signing: 'arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-4000-8000-000000000001',
  secret: 'arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-4000-8000-000000000002',
};
const stacks = new Map<string, Outputs>();
const depths = new Map<string, FakeDepth>();
let server: SampleServer;
let config: Readonly<Record<string, unknown>>;

beforeAll(async () => {
  const services = { cloudformation: fakeCloudFormation(stacks, 'Secret'), sqs: fakeSqs(depths) };
  server = await startSampleServer(sampleWorld(), services, { throttleOneIn: 0 });
  config = { region: 'eu-west-1', endpoint: server.endpoint, credentials: server.credentials('111122223333'), maxAttempts: 1 };
  stacks.set('AimsEvidence', stackOutputs(server.endpoint, keys));
});
afterAll(() => server.close());

describe('the outputs of a stack', () => {
  it('name every part of the home, its topic and its queues', async () => {
    const { names, topicArn, queues } = await readStackOutputs('AimsEvidence', config);
    expect(names).toEqual({
      bucket: 'evidence-111122223333',
      vaultKeyArn: null,
      lockMode: 'GOVERNANCE',
      retentionDays: 1_100,
      table: 'AimsEvidence-Index',
      signingKeyArn: keys.signing,
      previousSigningKeyArn: null,
      secretKeyArn: keys.secret,
      kind: 'real',
    });
    expect(topicArn).toMatch(/^arn:aws:sns:/);
    expect(queues).toMatchObject({ macie: { queue: `${server.endpoint}/111122223333/macie.fifo` } });
  });

  it('of a stack that an older version deployed name no queues of the home, and the rest all the same', async () => {
    const { HomeQueueUrls: _, ...older } = stackOutputs(server.endpoint, keys);
    stacks.set('Older', older);
    expect(await readStackOutputs('Older', config)).toMatchObject({ homeQueues: {}, queues: { macie: {} } });
  });

  it('name the key that is being replaced, and the customer’s own encryption key, where there are', async () => {
    const more = { PreviousSigningKeyArn: keys.secret, VaultKeyArn: keys.signing };
    stacks.set('Replacing', { ...stackOutputs(server.endpoint, keys), ...more });
    const { names } = await readStackOutputs('Replacing', config);
    expect(names).toMatchObject({ previousSigningKeyArn: keys.secret, vaultKeyArn: keys.signing });
  });

  it('of a stack that is not there, or not one of ours, are not guessed', async () => {
    await expect(readStackOutputs('Nowhere', config)).rejects.toMatchObject({
      code: 'AWS_NO_STACK',
      message: expect.stringContaining('no home aws:Nowhere in eu-west-1'),
    });
    stacks.set('Website', { Url: 'https://example.com' });
    await expect(readStackOutputs('Website', config)).rejects.toMatchObject({
      code: 'AWS_NO_STACK',
      message: expect.stringContaining('has no output VaultBucket'),
    });
  });

  it('that nobody may see are denied by the name of the action', async () => {
    await expect(readStackOutputs('Secret', config)).rejects.toMatchObject({
      code: 'AWS_DENIED',
      message: expect.stringContaining('cloudformation:DescribeStacks on stack Secret'),
    });
  });

  it('cannot be read without credentials that AWS accepts, nor where nobody answers', async () => {
    const credentials = { accessKeyId: 'AKIANOBODY', secretAccessKey: 'x' };
    await expect(readStackOutputs('AimsEvidence', { ...config, credentials })).rejects.toMatchObject({ code: 'AWS_NO_IDENTITY' });
    const endpoint = 'http://127.0.0.1:1';
    await expect(readStackOutputs('AimsEvidence', { ...config, endpoint })).rejects.toMatchObject({ code: 'AWS_UNAVAILABLE' });
  });

  it.each([
    ['LockMode', 'SOMETIMES'],
    ['RetentionDays', 'many'],
    ['SigningKeyArn', 'my-key'],
    ['HomeKind', 'both'],
    ['QueueUrls', '{"macie":{"queue":"nowhere"}}'],
    ['QueueUrls', 'not JSON'],
    ['HomeQueueUrls', '{"Plan":{}}'],
  ])('with a wrong %s (%s) are refused by its name', async (output, value) => {
    stacks.set('Wrong', { ...stackOutputs(server.endpoint, keys), [output]: value });
    await expect(readStackOutputs('Wrong', config)).rejects.toMatchObject({
      code: 'HOME_NAMES_INVALID',
      message: expect.stringContaining(`output ${output} of stack Wrong`),
    });
  });
});

describe('the queues of a home', () => {
  it('say what waits, what is in flight and what is dead', async () => {
    depths.set('macie.fifo', [3, 1, 2]);
    depths.set('macie-dead.fifo', [1, 0, 1]);
    depths.set('macie-events', [0, 0, 0]);
    depths.set('macie-events-dead', [0, 0, 0]);
    depths.set('notices', [5, 0, 0]);
    depths.set('notices-dead', [0, 0, 0]);
    depths.set('plan-failures', [1, 0, 0]);
    expect(await readQueueStates(await readStackOutputs('AimsEvidence', config), config)).toEqual([
      { source: 'macie', of: 'runs', waiting: 4, inFlight: 2, deadLetters: 2, problem: null },
      { source: 'macie', of: 'events', waiting: 0, inFlight: 0, deadLetters: 0, problem: null },
      { source: 'Project', of: 'notices', waiting: 5, inFlight: 0, deadLetters: 0, problem: null },
      { source: 'Plan', of: 'failures', waiting: 0, inFlight: 0, deadLetters: 1, problem: null },
    ]);
  });

  it('that cannot be read say why, and hide nothing of the others', async () => {
    depths.set('macie.fifo', [3, 1, 2]);
    depths.set('macie-dead.fifo', 'denied');
    depths.set('macie-events', 'absent');
    depths.set('macie-events-dead', [0, 0, 0]);
    const { queues } = await readStackOutputs('AimsEvidence', config);
    expect(await readQueueStates({ queues, homeQueues: {} }, config)).toMatchObject([
      { of: 'runs', waiting: 4, deadLetters: null, problem: expect.stringContaining('AWS_DENIED: sqs:GetQueueAttributes on http') },
      { of: 'events', waiting: null, deadLetters: 0, problem: expect.stringContaining('QueueDoesNotExist') },
    ]);
  });
});
