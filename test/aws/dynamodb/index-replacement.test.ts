// SPDX-License-Identifier: Apache-2.0
import { type DynamoDBClient, GetItemCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from '@jest/globals';
import type { DynamoDbIndex } from '../../../src/evidence-index/dynamodb-index.ts';
import { replaceDynamoDbIndex } from '../../../src/evidence-index/dynamodb-replacement.ts';
import { removeRetired } from '../../../src/evidence-index/dynamodb-retired.ts';
import { everyAnswer } from '../../support/dynamodb-answers.ts';
import { expectedAnswers } from '../../support/dynamodb-expected.ts';
import { withMiniStack } from '../../support/dynamodb-server.ts';
import { isEndpoint, newIndex, newTable } from '../../support/dynamodb-tables.ts';
import { numberedSegment } from '../../support/numbered-segment.ts';

const newClient = withMiniStack();
const segments = [numberedSegment(0), numberedSegment(1), numberedSegment(2)];

const fillWith = (some: readonly ReturnType<typeof numberedSegment>[]) => async (index: DynamoDbIndex) => {
  let taken = 0;
  for (const segment of some) {
    if (await index.hasSegment(segment.key)) continue;
    await index.apply(segment);
    taken++;
  }
  return taken;
};

const Key = { pk: { S: 'ledger' }, sk: { S: 'head' } };
const putHead = (client: DynamoDBClient, table: string) =>
  client.send(new PutItemCommand({ TableName: table, Item: { ...Key, size: { N: '7' }, root: { S: 'abc' } } }));
const headOf = async (client: DynamoDBClient, table: string) => (await client.send(new GetItemCommand({ TableName: table, Key }))).Item;

async function partitionsOf(client: DynamoDBClient, table: string): Promise<ReadonlySet<string>> {
  const { Items = [] } = await client.send(new ScanCommand({ TableName: table, ProjectionExpression: 'pk' }));
  return new Set(Items.map((item) => item['pk']?.S?.split('/')[0] ?? ''));
}

async function damage(client: DynamoDBClient, table: string): Promise<void> {
  const { Items = [] } = await client.send(new ScanCommand({ TableName: table }));
  const counters = Items.filter((item) => item['pk']?.S?.includes('/count/'));
  expect(counters.length).toBeGreaterThan(0);
  for (const item of counters) {
    const wrong = Object.fromEntries(Object.entries(item).map(([name, value]) => [name, value.N === undefined ? value : { N: '999' }]));
    await client.send(new PutItemCommand({ TableName: table, Item: wrong as typeof item }));
  }
}

describe('replacing a DynamoDB index', () => {
  it('puts a new index in place of a damaged one and keeps the head of the ledger', async () => {
    const client = newClient();
    const table = await newTable(client);
    await putHead(client, table);
    const index = await newIndex(client, { table });
    await fillWith(segments)(index);
    await damage(client, table);
    expect(await everyAnswer(index)).not.toEqual(await expectedAnswers(segments));
    const options = { client, table, isAiResource: isEndpoint };
    expect(await replaceDynamoDbIndex(options, fillWith(segments))).toBe(3);
    expect(await everyAnswer(await newIndex(client, { table }))).toEqual(await expectedAnswers(segments));
    expect([...(await partitionsOf(client, table))].sort()).toEqual(['index', 'ledger', 'v1.1', 'v1.2']);
    expect(await removeRetired(options)).toBeGreaterThan(400);
    expect([...(await partitionsOf(client, table))].sort()).toEqual(['index', 'ledger', 'v1.2']);
    expect(await headOf(client, table)).toMatchObject({ size: { N: '7' }, root: { S: 'abc' } });
    expect(await everyAnswer(await newIndex(client, { table }))).toEqual(await expectedAnswers(segments));
    expect(await removeRetired(options)).toBe(0);
  }, 120_000);

  it('leaves the old index until the new one is full, and goes on where it was killed', async () => {
    const client = newClient();
    const table = await newTable(client);
    const index = await newIndex(client, { table });
    await fillWith(segments.slice(0, 1))(index);
    const options = { client, table, isAiResource: isEndpoint };
    const killed = async (filling: DynamoDbIndex) => {
      await fillWith(segments.slice(0, 2))(filling);
      throw new RangeError('the vault went away');
    };
    await expect(replaceDynamoDbIndex(options, killed)).rejects.toThrow(RangeError);
    expect(await everyAnswer(await newIndex(client, { table }))).toEqual(await expectedAnswers(segments.slice(0, 1)));
    expect(await replaceDynamoDbIndex(options, fillWith(segments))).toBe(1);
    expect(await everyAnswer(await newIndex(client, { table }))).toEqual(await expectedAnswers(segments));
  }, 120_000);

  it('loses nothing that was taken in meanwhile, and has writers and readers follow', async () => {
    const client = newClient();
    const table = await newTable(client);
    let now = 0;
    const live = await newIndex(client, { table, clock: () => now });
    await live.apply(numberedSegment(0));
    let fills = 0;
    await replaceDynamoDbIndex({ client, table, isAiResource: isEndpoint }, async (index) => {
      // The first time the vault is listed before the second segment comes.
      await fillWith(segments.slice(0, fills++ === 0 ? 1 : 2))(index);
      if (fills === 1) await live.apply(numberedSegment(1));
    });
    expect(fills).toBe(2);
    expect(await live.hasSegment(numberedSegment(2).key)).toBe(false);
    await live.apply(numberedSegment(2));
    await removeRetired({ client, table, isAiResource: isEndpoint });
    now += 60_001;
    expect(await everyAnswer(live)).toEqual(await expectedAnswers(segments));
  }, 120_000);

  it('lets two rebuilds at once end in one index', async () => {
    const client = newClient();
    const table = await newTable(client);
    const options = { client, table, isAiResource: isEndpoint };
    const rebuild = () => replaceDynamoDbIndex(options, fillWith(segments));
    const [one, other] = await Promise.allSettled([rebuild(), rebuild()]);
    const refused = [one, other].filter((result) => result.status === 'rejected');
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'INDEX_UNAVAILABLE' });
    expect(refused.length).toBeLessThan(2);
    expect(await everyAnswer(await newIndex(client, { table }))).toEqual(await expectedAnswers(segments));
  }, 120_000);

  it('refuses an index of a newer version, and one of an older until it is replaced', async () => {
    const client = newClient();
    const table = await newTable(client);
    await (await newIndex(client, { table })).apply(numberedSegment(0));
    const point = (g: string) =>
      client.send(
        new PutItemCommand({
          TableName: table,
          Item: { pk: { S: 'index' }, sk: { S: 'current' }, g: { S: g }, f: { S: '' }, r: { S: '' } },
        }),
      );
    await point('v2.7');
    await expect(newIndex(client, { table })).rejects.toMatchObject({ code: 'INDEX_NEWER' });
    await expect(replaceDynamoDbIndex({ client, table, isAiResource: isEndpoint }, fillWith(segments))).rejects.toMatchObject({
      code: 'INDEX_NEWER',
    });
    await point('v0.7');
    await expect(newIndex(client, { table })).rejects.toMatchObject({ code: 'INDEX_DAMAGED' });
    await replaceDynamoDbIndex({ client, table, isAiResource: isEndpoint }, fillWith(segments));
    expect(await everyAnswer(await newIndex(client, { table }))).toEqual(await expectedAnswers(segments));
  }, 120_000);
});
