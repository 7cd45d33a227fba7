// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { DynamoDbGenerations } from '../../src/evidence-index/dynamodb-generation.ts';
import { removeRetired, replaceDynamoDbIndex } from '../../src/evidence-index/dynamodb-replacement.ts';
import { DynamoDbTable } from '../../src/evidence-index/dynamodb-table.ts';
import { withDynalite } from '../support/dynamodb-dynalite.ts';
import { putBetween } from '../support/dynamodb-faults.ts';
import { isEndpoint, newTable } from '../support/dynamodb-tables.ts';

const dynalite = withDynalite();

async function opened() {
  const client = dynalite.newClient();
  const options = { client, table: await newTable(client), isAiResource: isEndpoint };
  const table = new DynamoDbTable(options);
  return { client, options, table, pointer: () => new DynamoDbGenerations(table).readAny() };
}

/** Items of a generation, in so many partitions. */
async function fillGeneration(table: DynamoDbTable, generation: string, items: number): Promise<void> {
  await table.putMany(Array.from({ length: items }, (_, n) => ({ pk: { S: `${generation}/record/${n}` }, sk: { S: 'x' } })));
}

async function countIn(table: DynamoDbTable, generation: string): Promise<number> {
  return (await Array.fromAsync(table.keysIn(`${generation}/`))).flat().length;
}

describe('a rebuild of a DynamoDB index that is stopped', () => {
  it('while it fills, goes on with the same generation', async () => {
    const { options, pointer } = await opened();
    const stopped = () => Promise.reject(new RangeError('no time left'));
    await expect(replaceDynamoDbIndex(options, stopped)).rejects.toThrow(RangeError);
    expect(await pointer()).toMatchObject({ generation: 'v1.1', filling: 'v1.2', retired: [] });
    let fills = 0;
    expect(await replaceDynamoDbIndex(options, async () => ++fills)).toBe(1);
    expect([fills, await pointer()]).toMatchObject([2, { generation: 'v1.2', filling: null, retired: ['v1.1'] }]);
  });

  it('while it catches up, only catches up, however often that takes', async () => {
    const { options, pointer } = await opened();
    let fills = 0;
    const stopsAfterFirst = async () => (++fills === 1 ? 'filled' : Promise.reject(new RangeError('no time left')));
    for (const calls of [2, 3, 4]) {
      await expect(replaceDynamoDbIndex(options, stopsAfterFirst)).rejects.toThrow(RangeError);
      expect(fills).toBe(calls);
      expect(await pointer()).toMatchObject({ generation: 'v1.2', filling: 'v1.2', retired: ['v1.1'] });
    }
    // What was replaced may go in between.
    await removeRetired(options);
    expect(await replaceDynamoDbIndex(options, async () => 'caught up')).toBe('caught up');
    expect(await pointer()).toMatchObject({ generation: 'v1.2', filling: null, retired: [] });
    await replaceDynamoDbIndex(options, async () => null);
    expect(await pointer()).toMatchObject({ generation: 'v1.3', filling: null, retired: ['v1.2'] });
  });

  it('ends well where the old items are removed while it catches up', async () => {
    const { options, pointer } = await opened();
    let fills = 0;
    await replaceDynamoDbIndex(options, async () => {
      if (++fills === 2) await removeRetired(options);
    });
    expect(await pointer()).toMatchObject({ generation: 'v1.2', filling: null, retired: [] });
  });

  it('begins anew where a program of an older version began it, and retires its generation once', async () => {
    const { options, table, pointer } = await opened();
    const generations = new DynamoDbGenerations(table);
    await generations.move(await pointer(), { generation: 'v0.4', filling: 'v0.4', retired: [] });
    await replaceDynamoDbIndex(options, async () => null);
    expect(await pointer()).toMatchObject({ generation: 'v1.5', filling: null, retired: ['v0.4'] });
    await generations.move(await pointer(), { generation: 'v0.4', filling: 'v0.6', retired: [] });
    await replaceDynamoDbIndex(options, async () => null);
    expect(await pointer()).toMatchObject({ generation: 'v1.7', filling: null, retired: ['v0.6', 'v0.4'] });
  });
});

describe('removing what was replaced', () => {
  it('stops where time ends, and goes on at the next call', async () => {
    const { options, table, pointer } = await opened();
    await replaceDynamoDbIndex(options, async () => null);
    await fillGeneration(table, 'v1.1', 60);
    await fillGeneration(table, 'v1.2', 10);
    expect(await removeRetired(options, () => false)).toBe(0);
    expect([await countIn(table, 'v1.1'), (await pointer()).retired]).toEqual([60, ['v1.1']]);
    expect(await removeRetired(options, () => true)).toBe(60);
    expect([await countIn(table, 'v1.1'), await countIn(table, 'v1.2'), (await pointer()).retired]).toEqual([0, 10, []]);
  });

  it('forgets a generation only after a consistent pass that found nothing of it', async () => {
    const { client, options, table, pointer } = await opened();
    await replaceDynamoDbIndex(options, async () => null);
    await fillGeneration(table, 'v1.1', 30);
    const late = new DynamoDbTable({ ...options, client: dynalite.client() });
    let passes = 0;
    putBetween(client, async (command, input, send) => {
      const sent = await send(input);
      if (command !== 'Scan') return sent;
      expect(input).toMatchObject({ ConsistentRead: true });
      // A writer that was under way puts an item behind each of the first two passes.
      if (++passes <= 2) await late.putMany([{ pk: { S: `v1.1/late/${passes}` }, sk: { S: 'x' } }]);
      return sent;
    });
    expect(await removeRetired(options)).toBe(32);
    expect(passes).toBe(4);
    expect([await countIn(table, 'v1.1'), (await pointer()).retired]).toEqual([0, []]);
  });
});
