// SPDX-License-Identifier: Apache-2.0
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { everyAnswer } from '../../support/dynamodb-answers.ts';
import { expectedAnswers } from '../../support/dynamodb-expected.ts';
import { putBetween } from '../../support/dynamodb-faults.ts';
import { withMiniStack } from '../../support/dynamodb-server.ts';
import { newIndex, newTable } from '../../support/dynamodb-tables.ts';
import { gapRecord, idOf, indexRecord, indexSegment } from '../../support/index-record.ts';

const newClient = withMiniStack();
const controls = [{ control: '9.1', rule: 'r', strength: 'partial', polarity: 'supports' }] as const;

describe('a record that is too large for one item', () => {
  const facts = { note: 'ä'.repeat(700_000) };
  const resources = Array.from({ length: 6_000 }, (_, n) => ({
    arn: `arn:aws:s3:::a-bucket-with-a-name-as-long-as-they-come-${n}/${'x'.repeat(40)}`,
    type: 'AWS::S3::Bucket',
  }));

  it('is held, listed and given back whole', async () => {
    const client = newClient();
    const index = await newIndex(client);
    const large = indexRecord({ name: 'large', controls, resources, findingKey: 'k', kind: 'state', facts });
    const segments = [indexSegment('s', [large, indexRecord({ name: 'small', controls })])];
    for (const segment of segments) await index.apply(segment);
    expect((await index.entry(idOf('large')))?.resources).toEqual(resources);
    expect(await index.series('k', { before: '9999', limit: 1 })).toMatchObject([{ recordId: idOf('large'), facts }]);
    const { records } = await index.list({ resource: resources[5_999]?.arn ?? '', limit: 5 });
    expect(records.map(({ title }) => title)).toEqual(['large']);
    expect(await everyAnswer(index)).toEqual(await expectedAnswers(segments));
  }, 120_000);

  it('gives way to a better copy, large or small', async () => {
    const client = newClient();
    const index = await newIndex(client);
    const copy = (day: number, title: string, more: object) =>
      indexRecord({ name: 'a', title, kind: 'state', findingKey: 'k', controls, collectedAt: `2026-11-0${day}T00:00:00Z`, ...more });
    const segments = [
      indexSegment('s1', [copy(4, 'small, late', { facts: { n: 1 } })]),
      indexSegment('s2', [copy(3, 'large', { facts, resources })]),
      indexSegment('s3', [copy(2, 'large too', { facts: { note: 'b'.repeat(900_000) }, resources: resources.slice(3) })]),
      indexSegment('s4', [copy(1, 'small, early', { facts: { n: 2 } })]),
    ];
    for (const [n, segment] of segments.entries()) {
      await index.apply(segment);
      expect(await everyAnswer(index)).toEqual(await expectedAnswers(segments.slice(0, n + 1)));
    }
  }, 240_000);

  it('names more gaps than its item has room for', async () => {
    const client = newClient();
    const own = (name: string, run: string, day: number) =>
      ({ name, run, source: 'macie', collectedAt: `2026-10-0${day}T00:00:00Z` }) as const;
    const gaps = Array.from({ length: 9_000 }, (_, n) => idOf(`gap ${n}`));
    const gap = gapRecord(own('gap 8999', 'r1', 1), { what: 'w' });
    const receipt = (name: string, run: string, day: number, named: readonly string[]) =>
      indexRecord({ ...own(name, run, day), kind: 'receipt', detail: { gaps: [...named] } });
    const index = await newIndex(client);
    const segments = [
      indexSegment('s1', [gap, receipt('first', 'r2', 2, gaps)]),
      indexSegment('s2', [receipt('second', 'r3', 3, gaps.slice(0, 8_999))]),
    ];
    await index.apply(segments[0] ?? indexSegment('', []));
    expect(await index.openGaps()).toHaveLength(1);
    for (const segment of segments) await index.apply(segment);
    expect(await index.openGaps()).toEqual([]);
    expect(await everyAnswer(index)).toEqual(await expectedAnswers(segments));
  }, 120_000);
});

describe('a record that claims everything', () => {
  it('fits into one transaction with what it takes the place of', async () => {
    const client = newClient();
    let most = 0;
    putBetween(client, (command, input, send) => {
      const { TransactItems: items = [] } = input as { readonly TransactItems?: readonly unknown[] };
      if (command === 'TransactWriteItems') most = Math.max(most, items.length);
      return send(input);
    });
    const all = (polarity: 'supports' | 'exception', shift: number) =>
      Array.from({ length: 70 }, (_, n) => ({ control: `A.${n}.${shift}`, rule: 'r', strength: 'direct', polarity }) as const);
    const state = (name: string, day: number, more: object) =>
      indexRecord({ name, kind: 'state', occurredAt: `2026-10-0${day}T00:00:00Z`, aiSystems: ['x'], ...more });
    const segments = [
      indexSegment('s1', [state('other', 1, { findingKey: 'k', controls: all('supports', 0) })]),
      indexSegment('s2', [state('third', 2, { findingKey: 'l', controls: all('exception', 1) })]),
      indexSegment('s3', [state('a', 3, { findingKey: 'k', account: '1', controls: all('exception', 2) })]),
      // The copy that wins is of another finding, day and account, and claims other controls: all that can change at once.
      indexSegment('s4', [
        state('a', 4, { findingKey: 'l', account: '2', controls: all('supports', 3), collectedAt: '2026-01-01T00:00:00Z', run: 'early' }),
      ]),
    ];
    const index = await newIndex(client);
    for (const segment of segments) await index.apply(segment);
    expect(await everyAnswer(index)).toEqual(await expectedAnswers(segments));
    expect(most).toBeGreaterThan(30);
    expect(most).toBeLessThanOrEqual(100);
  }, 240_000);

  it('is refused where it claims more than one transaction can count, and nothing of it is taken in', async () => {
    const client = newClient();
    const index = await newIndex(client);
    const many = Array.from({ length: 2_000 }, (_, n) => ({ ...controls[0], control: `c${n}` }));
    await index.apply(indexSegment('s1', [indexRecord({ name: 'a', controls })]));
    await expect(index.apply(indexSegment('s2', [indexRecord({ name: 'b', controls: many })]))).rejects.toThrow(RangeError);
    expect((await index.list({ limit: 5 })).records.map(({ title }) => title)).toEqual(['a']);
  });
});

describe('a segment of the largest size', () => {
  it('is taken in in parts that fill a transaction, over partitions none of which takes most', async () => {
    const client = newClient();
    const table = await newTable(client);
    const sizes: number[] = [];
    putBetween(client, (command, input, send) => {
      const { TransactItems: items = [] } = input as { readonly TransactItems?: readonly unknown[] };
      if (command === 'TransactWriteItems') sizes.push(items.length);
      return send(input);
    });
    const records = Array.from({ length: 5_000 }, (_, n) =>
      indexRecord({
        name: `record ${n}`,
        kind: 'finding',
        source: 'securityhub',
        findingKey: `finding ${n % 3_000}`,
        occurredAt: new Date(Date.UTC(2026, 9, 1) + ((n * 7_919) % 86_400) * 1_000).toISOString(),
        controls,
        resources: [{ arn: `arn:aws:s3:::bucket-${n % 400}`, type: 'AWS::S3::Bucket' }],
      }),
    );
    const index = await newIndex(client, { table });
    await index.apply(indexSegment('s', records));
    expect(await index.totals()).toEqual([{ source: 'securityhub', kind: 'finding', records: 5_000 }]);
    expect(await index.counts()).toMatchObject([{ control: '9.1', observations: 5_000, findings: 3_000 }]);
    expect((await index.locate(records.map(({ core }) => core.id))).size).toBe(5_000);
    expect(sizes.reduce((sum, size) => sum + size, 0) / sizes.length).toBeGreaterThan(80);
    const counts = new Map<string, number>();
    for (let start: Record<string, never> | undefined, isFirst = true; isFirst || start !== undefined; isFirst = false) {
      const page = await client.send(new ScanCommand({ TableName: table, ProjectionExpression: 'pk', ExclusiveStartKey: start }));
      for (const { pk } of page.Items ?? []) counts.set(pk?.S ?? '', (counts.get(pk?.S ?? '') ?? 0) + 1);
      start = page.LastEvaluatedKey as typeof start;
    }
    const items = [...counts.values()].reduce((sum, count) => sum + count, 0);
    expect(items).toBeGreaterThan(25_000);
    // The largest is the run's: one run is one collector.
    expect(Math.max(...[...counts].filter(([pk]) => !pk.includes('/list/run/')).map(([, count]) => count))).toBeLessThan(items / 8);
  }, 300_000);
});
