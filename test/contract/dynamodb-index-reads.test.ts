// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DynamoDbTable } from '../../src/evidence-index/dynamodb-table.ts';
import { everyAnswer } from '../support/dynamodb-answers.ts';
import { withDynalite } from '../support/dynamodb-dynalite.ts';
import { expectedAnswers } from '../support/dynamodb-expected.ts';
import { putBetween, writing } from '../support/dynamodb-faults.ts';
import { fillTable, markersOf } from '../support/dynamodb-fill.ts';
import { history } from '../support/dynamodb-histories.ts';
import { newIndex, newTable } from '../support/dynamodb-tables.ts';
import { gapRecord, idOf, indexRecord, indexSegment } from '../support/index-record.ts';
import { listAll } from '../support/index-views.ts';
import { numberedSegment } from '../support/numbered-segment.ts';

const { client } = withDynalite();
const controls = [{ control: '9.1', rule: 'r', strength: 'partial', polarity: 'supports' }] as const;

async function filled(segments: Parameters<typeof fillTable>[1]) {
  const name = await newTable(client());
  const table = new DynamoDbTable({ client: client(), table: name });
  await fillTable(table, segments);
  return { index: await newIndex(client(), { table: name }), table };
}

describe('reading a DynamoDB index', () => {
  it('answers as SQLite does, whatever the items came from', async () => {
    await fc.assert(
      fc.asyncProperty(history, async ({ arrivals }) => {
        const { index } = await filled(arrivals);
        expect(await everyAnswer(index)).toEqual(await expectedAnswers(arrivals));
      }),
      { numRuns: 12, endOnFailure: true },
    );
  }, 300_000);

  it('pages through what does not fit into one answer of DynamoDB', async () => {
    const { index, table } = await filled([numberedSegment(0)]);
    const keys = Array.from({ length: 5_000 }, (_, n) => `written=2026-11-12/source=cloudtrail/${idOf(String(n))}.ndjson.zst`).sort();
    // More than 1 MB of markers, every second of them of a segment that is half taken in.
    await table.putMany(keys.flatMap((key) => markersOf(table, { key, sha256: 'a'.repeat(64) })));
    const found = await Array.fromAsync(index.segments());
    expect(found).toEqual([numberedSegment(0).key, ...keys]);
    const large = Array.from({ length: 120 }, (_, n) =>
      indexRecord({
        name: `large ${n}`,
        findingKey: 'many',
        kind: 'state',
        occurredAt: new Date(Date.UTC(2026, 9, 1, n)).toISOString(),
        facts: { note: 'x'.repeat(15_000) },
      }),
    );
    const { index: other } = await filled([indexSegment('large', large)]);
    const series = await other.series('many', { before: '9999', limit: 1_000 });
    expect(series.map(({ recordId }) => recordId)).toEqual(large.map(({ core }) => core.id).reverse());
  }, 120_000);

  it('gives a short page with a cursor where several filters leave little of much', async () => {
    const others = [{ ...controls[0], control: '7.5' }];
    // Much of each filter, and only the very oldest record is of both.
    const records = Array.from({ length: 2_600 }, (_, n) =>
      indexRecord({
        name: `${n}`,
        occurredAt: new Date(Date.UTC(2026, 9, 1) + n * 1_000).toISOString(),
        controls: n % 2 === 0 ? controls : others,
        aiSystems: n % 2 === 1 || n === 0 ? ['credit'] : [],
      }),
    );
    const { index } = await filled([indexSegment('s', records)]);
    const query = { control: '9.1', aiSystem: 'credit' };
    const first = await index.list({ ...query, limit: 10 });
    expect([first.records, typeof first.cursor]).toEqual([[], 'string']);
    expect((await listAll(index, query, 10)).map((entry) => entry.title)).toEqual(['0']);
  }, 120_000);

  it('walks the narrower of two filters', async () => {
    const records = Array.from({ length: 1_500 }, (_, n) =>
      indexRecord({ name: `${n}`, controls, aiSystems: n === 700 ? ['rare'] : ['x'] }),
    );
    const { index } = await filled([indexSegment('s', records)]);
    const page = await index.list({ control: '9.1', aiSystem: 'rare', limit: 10 });
    expect([page.records.map(({ title }) => title), page.cursor]).toEqual([['700'], null]);
  }, 120_000);

  it('asks for no more as evidence grows', async () => {
    const calls = async (count: number) => {
      const records = Array.from({ length: count }, (_, n) =>
        indexRecord({ name: `${n}`, occurredAt: new Date(Date.UTC(2026, 9, 1) + n * 60_000).toISOString(), controls, findingKey: 'k' }),
      );
      const { index } = await filled([indexSegment('s', records)]);
      const made: Record<string, number> = {};
      for (const [name, ask] of [
        ['page', () => index.list({ limit: 20 })],
        ['page of a control', () => index.list({ control: '9.1', limit: 20 })],
        ['old page', () => index.list({ until: '2026-10-01T01:40:00Z', limit: 20 })],
        ['counts', () => index.counts()],
        ['locate', () => index.locate(['0', '1', '2'].map(idOf))],
        ['series', () => index.series('k', { before: '9999', limit: 5 })],
      ] as const) {
        let count = 0;
        putBetween(client(), (_, input, send) => {
          count++;
          return send(input);
        });
        await ask();
        made[name] = count;
      }
      return made;
    };
    const few = await calls(200);
    expect(few['page']).toBeGreaterThan(1);
    // One call more where a page needs one more line of one of its lists.
    for (const [name, count] of Object.entries(await calls(3_000))) expect([name, count <= (few[name] ?? 0) + 1]).toEqual([name, true]);
  }, 120_000);

  it('writes nothing', async () => {
    const own = { source: 'macie', run: 'r' } as const;
    const plan = indexRecord({ ...own, name: 'p', kind: 'plan', detail: {} });
    const { index } = await filled([numberedSegment(0), indexSegment('own', [plan, gapRecord({ ...own, name: 'g' }, { what: 'w' })])]);
    const commands = new Set<string>();
    putBetween(client(), (command, input, send) => {
      commands.add(command);
      return send(input);
    });
    await everyAnswer(index);
    expect(await index.openGaps()).toHaveLength(1);
    expect([...commands].sort()).toEqual(['BatchGetItem', 'Query']);
    expect([...commands].filter((command) => writing.has(command))).toEqual([]);
  }, 120_000);
});
