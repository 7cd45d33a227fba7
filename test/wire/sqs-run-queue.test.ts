// SPDX-License-Identifier: Apache-2.0
import { createServer, type Server } from 'node:http';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { noEarlierParts, type PlannedRun, type QueuedRun } from '../../src/collect/run-queue.ts';
import { sqsRunQueue } from '../../src/runtime/aws/sqs-run-queue.ts';
import { collectMessageSchema } from '../../src/runtime/deployment/collect-message.ts';

const batchSchema = z.object({
  QueueUrl: z.string(),
  Entries: z.array(z.object({ Id: z.string(), MessageBody: z.string(), MessageGroupId: z.string(), MessageDeduplicationId: z.string() })),
});
type Batch = z.infer<typeof batchSchema>;
type Answer = { readonly status: number; readonly body: unknown };

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

/** SendMessageBatch of SQS (JSON protocol, 2012-11-05) on a loopback port; `answer` decides what a batch gets. */
async function serve(answer: (batch: Batch, call: number) => Answer) {
  const batches: Batch[] = [];
  const server = createServer(async (request, response) => {
    expect(request.headers['x-amz-target']).toBe('AmazonSQS.SendMessageBatch');
    const batch = batchSchema.parse(JSON.parse(Buffer.concat(await request.toArray()).toString()));
    batches.push(batch);
    const { status, body } = answer(batch, batches.length);
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0', connection: 'close' });
    response.end(JSON.stringify(body));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  const client = new SQSClient({
    region: 'eu-west-1',
    endpoint: `http://127.0.0.1:${address.port}`,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
    md5: false,
  });
  const urlOf = (source: string) => (source === 'macie' ? 'https://sqs.eu-west-1.amazonaws.com/111122223333/macie.fifo' : undefined);
  return { queue: sqsRunQueue({ client, urlOf, pauseMs: 1 }), batches };
}

const taken = ({ Entries }: Batch, failed: readonly string[] = []): Answer => ({
  status: 200,
  body: {
    Successful: Entries.filter(({ Id }) => !failed.includes(Id)).map(({ Id }) => ({ Id, MessageId: `m${Id}`, MD5OfMessageBody: '' })),
    Failed: failed.map((Id) => ({ Id, Code: 'InternalError', SenderFault: false, Message: 'try again' })),
  },
});

function runs(count: number, more: Partial<PlannedRun> = {}): QueuedRun[] {
  return Array.from({ length: count }, (_, n) => {
    const run: PlannedRun = {
      run: `run-${n}`,
      source: 'macie',
      partition: 'aws',
      account: '111122223333',
      region: 'eu-west-1',
      window: { since: '2026-11-20T00:00:00.000Z', until: '2026-11-21T00:00:00.000Z' },
      memory: { lastSweep: null, owedSince: null, owedTriedAt: null },
      sweptAt: '2026-11-21T00:00:00.000Z',
      resumeAfter: null,
      part: 1,
      earlier: noEarlierParts,
      ...more,
    };
    return { run, deduplicationId: run.run };
  });
}

describe('the queue of runs on SQS', () => {
  it('sends ten at a time, each with its group and deduplication id, and they read as messages', async () => {
    const { queue, batches } = await serve((batch) => taken(batch));
    expect(await queue.send(runs(23))).toEqual([]);
    expect(batches.map(({ Entries }) => Entries.length)).toEqual([10, 10, 3]);
    const [first] = batches[0]?.Entries ?? [];
    expect(first).toMatchObject({ MessageGroupId: 'macie/111122223333/eu-west-1', MessageDeduplicationId: 'run-0' });
    const { version, ...message } = collectMessageSchema.parse(JSON.parse(first?.MessageBody ?? ''));
    expect({ version, message }).toEqual({ version: 1, message: runs(1)[0]?.run });
  });

  it('never sends more bytes at once than SQS takes', async () => {
    const { queue, batches } = await serve((batch) => taken(batch));
    const held = 'x'.repeat(120 * 1024);
    expect(await queue.send(runs(5, { earlier: { ...noEarlierParts, held } }))).toEqual([]);
    expect(batches.map(({ Entries }) => Entries.length)).toEqual([2, 2, 1]);
  });

  it('sends again what a batch refused in part, and only that', async () => {
    const { queue, batches } = await serve((batch, call) => taken(batch, call === 1 ? ['1', '2'] : []));
    expect(await queue.send(runs(4))).toEqual([]);
    expect(batches.map(({ Entries }) => Entries.map(({ Id }) => Id))).toEqual([
      ['0', '1', '2', '3'],
      ['1', '2'],
    ]);
  });

  it('names what was refused to the end, with the reason, and sends the rest', async () => {
    const { queue } = await serve((batch) =>
      taken(
        batch,
        batch.Entries.map(({ Id }) => Id).filter((id) => id === '1'),
      ),
    );
    const refused = await queue.send(runs(3));
    expect(refused.map(({ run, reason }) => [run.run, reason])).toEqual([['run-1', 'InternalError: try again']]);
  });

  it('tries a call again that failed as a whole, with the same deduplication ids, as it may have taken effect', async () => {
    const throttled: Answer = { status: 403, body: { __type: 'com.amazonaws.sqs#OverLimit', message: 'the queue is full' } };
    const { queue, batches } = await serve((batch, call) => (call === 1 ? throttled : taken(batch)));
    expect(await queue.send(runs(2))).toEqual([]);
    expect(batches[1]).toEqual(batches[0]);
    const full = await serve(() => throttled);
    expect((await full.queue.send(runs(2))).map(({ reason }) => reason)).toEqual(
      Array(2).fill(expect.stringContaining('the queue is full')),
    );
    expect(full.batches).toHaveLength(5);
  });

  it('refuses a source that has no queue', async () => {
    const { queue, batches } = await serve((batch) => taken(batch));
    const [refused] = await queue.send(runs(1, { source: 'cloudtrail' }));
    expect(refused?.reason).toContain('no queue');
    expect(batches).toEqual([]);
  });
});
