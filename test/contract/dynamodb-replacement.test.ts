// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { DynamoDbGenerations } from '../../src/evidence-index/dynamodb-generation.ts';
import { replaceDynamoDbIndex } from '../../src/evidence-index/dynamodb-replacement.ts';
import { removeRetired } from '../../src/evidence-index/dynamodb-retired.ts';
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
  const { keys, next } = await table.keysAfter(null, `${generation}/`);
  if (next !== null) throw new TypeError('more than a page');
  return keys.length;
}

/** More than one page of a scan, of items that are nobody's to remove. */
async function fillPages(table: DynamoDbTable, pages: number): Promise<void> {
  const large = { S: 'x'.repeat(380_000) };
  await table.putMany(Array.from({ length: 3 * pages }, (_, n) => ({ pk: { S: `other/${n}` }, sk: { S: 'x' }, large })));
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

  it('while it catches up, is over, says what is missing, and the next one makes an index anew', async () => {
    const { options, pointer } = await opened();
    const passes: boolean[] = [];
    const stopsInPlace = async (_: unknown, isInPlace: boolean) => {
      passes.push(isInPlace);
      if (isInPlace) throw new RangeError('the vault went away');
    };
    for (const number of [2, 3, 4]) {
      await expect(replaceDynamoDbIndex(options, stopsInPlace)).rejects.toMatchObject({
        code: 'INDEX_UNAVAILABLE',
        message: expect.stringMatching(/new index .* in its place.* until the next self-audit: the vault went away/),
      });
      expect(await pointer()).toMatchObject({ generation: `v1.${number}`, filling: null });
    }
    expect(passes).toEqual([false, true, false, true, false, true]);
    expect((await pointer()).retired).toEqual(['v1.1', 'v1.2', 'v1.3']);
  });

  it('never passes for a rebuild where a damaged index was only given what it lacked', async () => {
    const { options, table, pointer } = await opened();
    const stopped = async (_: unknown, isInPlace: boolean) => (isInPlace ? Promise.reject(new RangeError('no time left')) : null);
    await expect(replaceDynamoDbIndex(options, stopped)).rejects.toMatchObject({ code: 'INDEX_UNAVAILABLE' });
    await table.putMany([{ pk: { S: 'v1.2/damaged' }, sk: { S: 'x' } }]);
    await replaceDynamoDbIndex(options, async () => null);
    const { generation } = await pointer();
    expect([await countIn(table, 'v1.2'), await countIn(table, generation)]).toEqual([1, 0]);
    // Nor where the pointer says that the current generation is being filled.
    await table.putMany([{ pk: { S: `${generation}/damaged` }, sk: { S: 'x' } }]);
    const generations = new DynamoDbGenerations(table);
    await generations.move(await pointer(), { ...(await pointer()), filling: generation });
    await replaceDynamoDbIndex(options, async () => null);
    expect(await countIn(table, (await pointer()).generation)).toBe(0);
  });

  it('ends well where old items are removed while it fills and while it catches up', async () => {
    const { options, pointer } = await opened();
    await replaceDynamoDbIndex(options, async () => null);
    await replaceDynamoDbIndex(options, async () => {
      await removeRetired(options);
    });
    expect(await pointer()).toMatchObject({ generation: 'v1.3', filling: null, retired: [] });
  });

  it('ends in one index where another call filled the same generation, or the answer of the server was lost', async () => {
    const { client, options, pointer } = await opened();
    await replaceDynamoDbIndex(options, async (_, isInPlace) => {
      // The other one begins while this one fills, and goes on with it.
      if (!isInPlace && (await pointer()).filling === 'v1.2') await replaceDynamoDbIndex(options, async () => null);
    });
    expect(await pointer()).toMatchObject({ generation: 'v1.2', filling: null, retired: ['v1.1'] });
    putBetween(client, async (command, input, send) => {
      const sent = await send(input);
      // As the SDK does it where the connection broke before the answer came.
      return command === 'PutItem' ? await send(input) : sent;
    });
    await replaceDynamoDbIndex(options, async () => null);
    expect(await pointer()).toMatchObject({ generation: 'v1.3', filling: null, retired: ['v1.1', 'v1.2'] });
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

  it('goes on after the last page that was done, so that a table too large for one night comes to an end', async () => {
    const { client, options, table, pointer } = await opened();
    await replaceDynamoDbIndex(options, async () => null);
    await fillPages(table, 4);
    await fillGeneration(table, 'v1.1', 5);
    let pages = 0;
    putBetween(client, async (command, input, send) => {
      if (command === 'Scan') pages++;
      return await send(input);
    });
    const inOneNight = async () => {
      let left = 2;
      return await removeRetired(options, () => left-- > 0);
    };
    let removed = 0;
    let nights = 0;
    for (; (await pointer()).retired.length > 0; nights++) removed += await inOneNight();
    expect(nights).toBeGreaterThan(2);
    expect(removed).toBe(5);
    // Two passes, no page twice.
    expect(pages % 2).toBe(0);
    expect(pages).toBeLessThanOrEqual(2 * nights);
    expect(pages).toBeGreaterThanOrEqual(8);
    expect(await table.get({ pk: 'index', sk: 'removal' })).toBeNull();
  });

  it('begins a pass anew for another generation, and where the place it came to cannot be read', async () => {
    const { options, table, pointer } = await opened();
    await replaceDynamoDbIndex(options, async () => null);
    for (const place of [
      { g: 'v1.0', f: 'no', p: '~', s: '~' },
      { g: 'v1.1', f: 'no', p: '~' },
    ]) {
      await fillGeneration(table, 'v1.1', 5);
      const texts = Object.entries(place).map(([name, value]) => [name, { S: value }]);
      await table.putMany([{ pk: { S: 'index' }, sk: { S: 'removal' }, ...Object.fromEntries(texts) }]);
      const before = await pointer();
      expect(await removeRetired(options)).toBe(5);
      await new DynamoDbGenerations(table).move(await pointer(), before);
    }
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
