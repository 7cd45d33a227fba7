// SPDX-License-Identifier: Apache-2.0
import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { DynamoDbIndex } from '../../../src/evidence-index/dynamodb-index.ts';
import { replaceDynamoDbIndex } from '../../../src/evidence-index/dynamodb-replacement.ts';
import { removeRetired } from '../../../src/evidence-index/dynamodb-retired.ts';
import type { EvidenceIndex } from '../../../src/evidence-index/evidence-index.ts';
import {
  indexMethodActions,
  indexReadActions,
  indexReplaceActions,
  indexWriteActions,
} from '../../../src/runtime/deployment/index-actions.ts';
import { putBetween } from '../../support/dynamodb-faults.ts';
import { withMiniStack } from '../../support/dynamodb-server.ts';
import { isEndpoint, newIndex, newTable } from '../../support/dynamodb-tables.ts';
import { gapRecord, idOf, indexRecord, indexSegment } from '../../support/index-record.ts';

const newClient = withMiniStack();
const controls = [{ control: '9.1', rule: 'r', strength: 'partial', polarity: 'supports' }] as const;
const own = { source: 'macie', run: 'r' } as const;
const resources = Array.from({ length: 400 }, (_, n) => ({ arn: `arn:aws:s3:::${'b'.repeat(50)}-${n}`, type: 'AWS::S3::Bucket' }));

// A better copy takes the place of a finding's newest state, and an end that of a plan without one: every kind of write is made.
const segments = [
  indexSegment('s1', [
    indexRecord({ name: 'large', controls, resources, aiSystems: ['x'] }),
    indexRecord({ name: 'a', kind: 'state', findingKey: 'k', collectedAt: '2026-11-02T00:00:00Z', controls }),
    indexRecord({ ...own, name: 'p', kind: 'plan', detail: {} }),
    gapRecord({ ...own, name: 'g' }, { what: 'w' }),
  ]),
  indexSegment('s2', [indexRecord({ name: 'a', kind: 'state', findingKey: 'l', collectedAt: '2026-11-01T00:00:00Z', controls })]),
  indexSegment('s3', [indexRecord({ ...own, name: 'e', kind: 'receipt', detail: {} })]),
  indexSegment('s4', [indexRecord({ ...own, run: 'q', name: 'q', kind: 'plan', detail: {} })]),
];

/** The IAM actions that a call needs. */
function actionsOf(command: string, input: unknown): readonly string[] {
  if (command !== 'TransactWriteItems') return [`dynamodb:${command}`];
  const { TransactItems: items = [] } = input as { readonly TransactItems?: readonly TransactWriteItem[] };
  return items
    .flatMap((item) => Object.keys(item))
    .map((kind) => (kind === 'ConditionCheck' ? 'dynamodb:ConditionCheckItem' : `dynamodb:${kind}Item`));
}

const asked: Readonly<Record<Exclude<keyof EvidenceIndex, 'apply' | 'close'>, (index: DynamoDbIndex) => Promise<unknown>>> = {
  hasSegment: (index) => index.hasSegment(segments[0]?.key ?? ''),
  segments: (index) => Array.fromAsync(index.segments()),
  locate: (index) => index.locate([idOf('a')]),
  list: (index) => index.list({ limit: 10 }),
  entry: (index) => index.entry(idOf('large')),
  idsWithPrefix: (index) => index.idsWithPrefix('a', 1),
  series: (index) => index.series('l', { before: '9999', limit: 1 }),
  counts: (index) => index.counts(),
  countsByDay: (index) => index.countsByDay({}),
  totals: (index) => index.totals(),
  accountsWithAi: (index) => index.accountsWithAi(),
  openGaps: (index) => index.openGaps(),
  unfinishedPlans: (index) => index.unfinishedPlans(),
};

describe('IAM actions of the index', () => {
  it('are those that are declared for each method, no more and no fewer', async () => {
    const client = newClient();
    const table = await newTable(client);
    let seen = new Set<string>();
    putBetween(client, (command, input, send) => {
      for (const action of actionsOf(command, input)) seen.add(action);
      return send(input);
    });
    const called: Record<string, readonly string[]> = {};
    const record = async (name: string, work: () => Promise<unknown>) => {
      seen = new Set();
      const answer = await work();
      expect([name, answer instanceof Map ? answer.size : answer]).not.toEqual([name, 0]);
      called[name] = [...seen].sort();
    };
    await record('open', () => newIndex(client, { table }));
    const index = await newIndex(client, { table });
    await record('apply', async () => {
      for (const segment of segments) await index.apply(segment);
    });
    for (const [name, ask] of Object.entries(asked)) await record(name, () => ask(index));
    const options = { client, table, isAiResource: isEndpoint };
    await record('replace', async () => {
      await replaceDynamoDbIndex(options, async (filling) => {
        for (const segment of segments) await filling.apply(segment);
      });
      await removeRetired(options);
    });
    expect(called).toEqual(Object.fromEntries(Object.entries(indexMethodActions).map(([name, actions]) => [name, [...actions].sort()])));
    const reading = Object.keys(asked).flatMap((name) => called[name] ?? []);
    expect([...new Set(reading)].sort()).toEqual([...indexReadActions].sort());
    const all = [...indexReadActions, ...indexWriteActions, ...indexReplaceActions];
    expect([...new Set(Object.values(called).flat())].sort()).toEqual([...all].sort());
  }, 120_000);

  it('cover every method of the index', () => {
    const methods = Object.getOwnPropertyNames(DynamoDbIndex.prototype);
    for (const name of Object.keys(asked)) expect(methods).toContain(name);
    expect(Object.keys(indexMethodActions).sort()).toEqual([...Object.keys(asked), 'apply', 'open', 'replace'].sort());
  });
});
