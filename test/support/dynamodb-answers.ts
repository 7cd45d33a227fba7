// SPDX-License-Identifier: Apache-2.0
import type { EvidenceIndex, EvidenceQuery } from '../../src/evidence-index/evidence-index.ts';
import { countLines, dayLines, listAll } from './index-views.ts';

/** What is asked of the list: each filter alone, and several at once. */
const queries: readonly Omit<EvidenceQuery, 'limit'>[] = [
  {},
  { source: 'macie' },
  { kind: 'gap' },
  { source: 'macie', kind: 'receipt' },
  { run: 'run-1' },
  { run: 'a run with a name that is no plain part of a key', kind: 'plan' },
  { control: '9.1' },
  { control: 'A.6.2.4', strength: 'direct' },
  { control: 'A.7.4', source: 'macie', polarity: 'exception' },
  { polarity: 'supports' },
  { strength: 'partial', run: 'run-2' },
  { aiSystem: 'credit' },
  { aiSystem: 'support', control: '9.1' },
  { resource: 'arn:aws:s3:::models' },
  { resource: 'arn:aws:s3:::models', aiSystem: 'credit', source: 'cloudtrail' },
  { since: '2026-10-13T00:00:00Z', until: '2026-10-14T06:00:00Z' },
  { control: '9.1', since: '2026-10-13T00:00:00Z' },
];

/** Everything that an index can be asked, as one value that can be compared with another adapter's. Ties that the port leaves open are settled. */
export async function everyAnswer(index: EvidenceIndex): Promise<unknown> {
  const all = await listAll(index, {}, 500);
  const ids = all.map(({ id }) => id);
  const lists = [];
  for (const query of queries) lists.push([query, (await listAll(index, query, 7)).map(({ id }) => id)]);
  const series = [];
  for (const findingKey of new Set(all.map((entry) => entry.findingKey ?? 'none'))) {
    for (const before of ['2026-10-14T00:00:00.000Z', '9999']) {
      series.push([findingKey, before, await index.series(findingKey, { before, limit: 3 })]);
    }
  }
  const segments: string[] = [];
  for await (const key of index.segments()) segments.push(key);
  const plans = (await index.unfinishedPlans()).map(({ id, collectedAt }) => `${collectedAt} ${id}`);
  return {
    all,
    lists,
    series,
    segments,
    plans: plans.sort(),
    gaps: await index.openGaps(),
    counts: await countLines(index),
    days: await dayLines(index),
    someDays: await index.countsByDay({ control: '9.1', since: '2026-10-13', until: '2026-10-14' }),
    totals: await index.totals(),
    accounts: [...(await index.accountsWithAi())],
    places: [...(await index.locate([...ids, 'no id']))].sort(),
    prefixes: await index.idsWithPrefix('5', 100),
    first: await index.idsWithPrefix('', 3),
  };
}
