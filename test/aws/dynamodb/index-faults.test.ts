// SPDX-License-Identifier: Apache-2.0
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from '@jest/globals';
import type { EvidenceIndex } from '../../../src/evidence-index/evidence-index.ts';
import { everyAnswer } from '../../support/dynamodb-answers.ts';
import { expectedAnswers } from '../../support/dynamodb-expected.ts';
import { putBetween, sdkError } from '../../support/dynamodb-faults.ts';
import { withMiniStack } from '../../support/dynamodb-server.ts';
import { isEndpoint, newIndex, newTable } from '../../support/dynamodb-tables.ts';
import { indexRecord, indexSegment } from '../../support/index-record.ts';
import { numberedSegment } from '../../support/numbered-segment.ts';

const newClient = withMiniStack();
const segments = [numberedSegment(0), numberedSegment(1)];

async function applyAll(index: EvidenceIndex): Promise<EvidenceIndex> {
  for (const segment of segments) await index.apply(segment);
  return index;
}

type Requests = Record<string, readonly unknown[] | { readonly Keys: readonly unknown[] }>;

describe('what DynamoDB leaves undone', () => {
  it('is written and read again until it is done', async () => {
    const client = newClient();
    const undone = { BatchWriteItem: 0, BatchGetItem: 0 };
    putBetween(client, async (command, input, send) => {
      const { RequestItems: requests = {} } = input as { readonly RequestItems?: Requests };
      const [[table = '', request] = []] = Object.entries(requests);
      if (command === 'BatchWriteItem' && Array.isArray(request) && request.length > 1) {
        undone.BatchWriteItem++;
        const sent = await send({ ...(input as object), RequestItems: { [table]: request.slice(0, 1) } });
        return { output: { ...sent.output, UnprocessedItems: { [table]: request.slice(1) } } };
      }
      if (command === 'BatchGetItem' && request !== undefined && 'Keys' in request && request.Keys.length > 1) {
        undone.BatchGetItem++;
        const half = Math.ceil(request.Keys.length / 2);
        const sent = await send({ ...(input as object), RequestItems: { [table]: { ...request, Keys: request.Keys.slice(0, half) } } });
        return { output: { ...sent.output, UnprocessedKeys: { [table]: { ...request, Keys: request.Keys.slice(half) } } } };
      }
      return send(input);
    });
    const index = await applyAll(await newIndex(client));
    expect(await everyAnswer(index)).toEqual(await expectedAnswers(segments));
    expect(undone.BatchWriteItem).toBeGreaterThan(20);
    expect(undone.BatchGetItem).toBeGreaterThan(10);
  }, 300_000);

  it('is given up when nothing is ever done', async () => {
    const client = newClient();
    const index = await newIndex(client);
    await index.apply(numberedSegment(0));
    const waits: number[] = [];
    const patient = await newIndex(client, {
      table: await newTable(client),
      wait: async (milliseconds) => void waits.push(milliseconds),
    });
    putBetween(client, async (command, input, send) =>
      command === 'BatchWriteItem'
        ? { output: { UnprocessedItems: (input as { readonly RequestItems: Requests }).RequestItems } }
        : send(input),
    );
    await expect(patient.apply(numberedSegment(0))).rejects.toMatchObject({ code: 'INDEX_UNAVAILABLE' });
    expect(waits.length).toBeGreaterThan(5);
    expect(Math.max(...waits)).toBeLessThanOrEqual(5_000);
    expect(await patient.totals()).toEqual([]);
  });
});

describe('transactions in each other’s way', () => {
  const conflict = () =>
    sdkError('TransactionCanceledException', 'cancelled', { CancellationReasons: [{ Code: 'None' }, { Code: 'TransactionConflict' }] });

  it('are begun again with another part of the counters', async () => {
    const client = newClient();
    const counters = new Set<string>();
    let conflicts = 0;
    putBetween(client, async (command, input, send) => {
      if (command !== 'TransactWriteItems') return send(input);
      for (const counter of JSON.stringify(input).match(/\/count\/\d/g) ?? []) counters.add(counter);
      if (++conflicts % 3 !== 0) throw conflict();
      return send(input);
    });
    const index = await newIndex(client, { recordsPerPart: 50 });
    await index.apply(numberedSegment(0));
    expect(counters.size).toBeGreaterThan(4);
    expect(await everyAnswer(index)).toEqual(await expectedAnswers([numberedSegment(0)]));
  });

  it('are given up when others are always first', async () => {
    const client = newClient();
    const index = await newIndex(client);
    let tries = 0;
    putBetween(client, async (command, input, send) => {
      if (command !== 'TransactWriteItems') return send(input);
      tries++;
      throw conflict();
    });
    await expect(index.apply(numberedSegment(0))).rejects.toMatchObject({ code: 'INDEX_UNAVAILABLE' });
    expect(tries).toBeGreaterThan(20);
    expect(await index.totals()).toEqual([]);
  });

  it('are not tried again where no try can pass', async () => {
    const client = newClient();
    const index = await newIndex(client);
    let tries = 0;
    putBetween(client, async (command, input, send) => {
      if (command !== 'TransactWriteItems') return send(input);
      tries++;
      throw sdkError('TransactionCanceledException', 'cancelled', { CancellationReasons: [{ Code: 'ValidationError' }] });
    });
    await expect(index.apply(numberedSegment(0))).rejects.toMatchObject({ code: 'INDEX_DAMAGED' });
    expect(tries).toBe(1);
  });
});

describe('a table that cannot be used', () => {
  const message = 'User: arn:aws:sts::1:assumed-role/x is not authorized to perform: dynamodb:Query on resource: y';
  const methods: readonly (readonly [string, (index: EvidenceIndex) => Promise<unknown>])[] = [
    ['locate', (index) => index.locate(['a'.repeat(64)])],
    ['list', (index) => index.list({ limit: 1 })],
    ['counts', (index) => index.counts()],
    ['apply', (index) => index.apply(indexSegment('s', [indexRecord({ name: 'a' })]))],
  ];

  it('is said to be denied, with the action that is missing', async () => {
    for (const [name, ask] of methods) {
      const client = newClient();
      const index = await newIndex(client);
      putBetween(client, async () => {
        throw sdkError('AccessDeniedException', message);
      });
      const failure = { code: 'INDEX_UNAVAILABLE', message: expect.stringContaining('dynamodb:Query') };
      await expect(ask(index)).rejects.toMatchObject(name === 'list' || name === 'counts' ? failure : { code: 'INDEX_UNAVAILABLE' });
    }
  });

  it('is given up after some tries when it throttles, and used again when it does not', async () => {
    for (const [, ask] of methods) {
      const client = newClient();
      let throttled = 0;
      const index = await newIndex(client);
      putBetween(client, async (_, input, send) => {
        if (throttled < 0) return send(input);
        throttled++;
        throw sdkError('ThrottlingException');
      });
      await expect(ask(index)).rejects.toMatchObject({ code: 'INDEX_UNAVAILABLE' });
      expect(throttled).toBeGreaterThan(5);
      throttled = -1;
      await ask(index);
    }
  });

  it('is told where it is absent, or has other keys', async () => {
    const client = newClient();
    await expect(newIndex(client, { table: 'no-such-table' })).rejects.toMatchObject({ code: 'INDEX_UNAVAILABLE' });
    const index = await newIndex(client);
    putBetween(client, async () => {
      throw sdkError('ValidationException', 'The provided key element does not match the schema');
    });
    await expect(index.list({ limit: 1 })).rejects.toMatchObject({ code: 'INDEX_DAMAGED' });
  });
});

describe('an item that is not as it was written', () => {
  it('is damage, and says so', async () => {
    const client = newClient();
    const table = await newTable(client);
    const index = await newIndex(client, { table, isAiResource: isEndpoint });
    await index.apply(indexSegment('s', [indexRecord({ name: 'a' })]));
    const [id = ''] = await index.idsWithPrefix('', 1);
    const Key = { pk: { S: `v1.1/id/${id.slice(0, 2)}` }, sk: { S: id } };
    const { Item } = await client.send(new GetItemCommand({ TableName: table, Key }));
    expect(await index.entry(id)).toMatchObject({ title: 'a' });
    for (const body of ['no JSON', '[]']) {
      await client.send(new PutItemCommand({ TableName: table, Item: { ...Item, b: { S: body } } }));
      await expect(index.entry(id)).rejects.toMatchObject({ code: 'INDEX_DAMAGED' });
    }
    await client.send(new PutItemCommand({ TableName: table, Item: { ...Key, b: { S: '[]' } } }));
    await expect(index.locate([id])).rejects.toMatchObject({ code: 'INDEX_DAMAGED' });
  });
});
