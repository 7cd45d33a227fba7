// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ProjectedSegment } from '../../../src/evidence-index/evidence-index.ts';
import { everyAnswer } from '../../support/dynamodb-answers.ts';
import { expectedAnswers } from '../../support/dynamodb-expected.ts';
import { putBetween } from '../../support/dynamodb-faults.ts';
import { history } from '../../support/dynamodb-histories.ts';
import { withMiniStack } from '../../support/dynamodb-server.ts';
import { newIndex, newTable } from '../../support/dynamodb-tables.ts';
import { indexRecord, indexSegment } from '../../support/index-record.ts';

const newClient = withMiniStack();

interface Interleaved {
  readonly slow: ProjectedSegment;
  /** Taken in by another process just before the slow one's chosen transaction, from 1. */
  readonly meanwhile: readonly ProjectedSegment[];
  readonly before?: number;
  /** Taken in before all of that. */
  readonly first?: ProjectedSegment;
}

/** Has another process come between what the slow one read and what it writes. Gives the index and how often the slow one was refused. */
async function interleave({ slow, meanwhile, before = 1, first }: Interleaved) {
  const table = await newTable(newClient());
  const fast = await newIndex(newClient(), { table });
  if (first !== undefined) await fast.apply(first);
  const client = newClient();
  let [transactions, refused] = [0, 0];
  putBetween(client, async (command, input, send) => {
    if (command !== 'TransactWriteItems') return send(input);
    if (++transactions === before) for (const segment of meanwhile) await fast.apply(segment);
    try {
      return await send(input);
    } catch (error) {
      refused++;
      throw error;
    }
  });
  await (await newIndex(client, { table, recordsPerPart: 2 })).apply(slow);
  return { index: fast, refused };
}

const own = { source: 'macie', run: 'r' } as const;
const controls = [{ control: '9.1', rule: 'r', strength: 'partial', polarity: 'supports' }] as const;
const state = (name: string, day: number) =>
  indexRecord({ name, kind: 'state', findingKey: 'k', occurredAt: `2026-10-0${day}T00:00:00Z`, controls });
const copy = (day: number, run: string) => indexRecord({ name: 'a', run, controls, collectedAt: `2026-10-0${day}T00:00:00Z` });

describe('another process that comes between reading and writing', () => {
  const cases: Readonly<Record<string, Interleaved>> = {
    'with a better copy': { slow: indexSegment('s2', [copy(2, 'late')]), meanwhile: [indexSegment('s1', [copy(1, 'early')])] },
    'with a worse copy': { slow: indexSegment('s1', [copy(1, 'early')]), meanwhile: [indexSegment('s2', [copy(2, 'late')])] },
    'with a newer state of the same finding': {
      slow: indexSegment('s1', [state('a', 1)]),
      meanwhile: [indexSegment('s2', [state('b', 2)])],
    },
    'with an older state of the same finding': {
      slow: indexSegment('s1', [state('b', 2)]),
      meanwhile: [indexSegment('s2', [state('a', 1)])],
    },
    'with the end of the same run': {
      slow: indexSegment('s1', [indexRecord({ ...own, name: 'p', kind: 'plan', detail: {} })]),
      meanwhile: [indexSegment('s2', [indexRecord({ ...own, name: 'e', kind: 'receipt', detail: {} })])],
    },
    'with the same segment': { slow: indexSegment('s1', [state('a', 1)]), meanwhile: [indexSegment('s1', [state('a', 1)])] },
  };

  it('has the slow one refused, and decide again', async () => {
    for (const [name, interleaved] of Object.entries(cases)) {
      const { index, refused } = await interleave(interleaved);
      expect([name, refused]).toEqual([name, 1]);
      expect(await everyAnswer(index)).toEqual(await expectedAnswers([interleaved.slow, ...interleaved.meanwhile]));
    }
  }, 120_000);

  it('never has a marker go back', async () => {
    const records = ['1', '2', '3', '4', '5'].map((name) => indexRecord({ name, collectedAt: '2026-10-01T00:00:00Z' }));
    const later = indexSegment(
      's2',
      records.map((record) => ({ ...record, core: { ...record.core, collectedAt: '2026-10-02T00:00:00Z' } })),
    );
    // Nothing of the second segment is better than what is held: its parts are their marker alone.
    const { index, refused } = await interleave({ slow: later, meanwhile: [later], first: indexSegment('s1', records) });
    expect(refused).toBe(1);
    expect(await index.hasSegment(later.key)).toBe(true);
    expect(await everyAnswer(index)).toEqual(await expectedAnswers([indexSegment('s1', records), later]));
  }, 120_000);

  it('changes nothing, whatever both take in', async () => {
    let refusals = 0;
    await fc.assert(
      fc.asyncProperty(history, fc.integer({ min: 1, max: 3 }), async ({ arrivals }, before) => {
        const [slow, ...meanwhile] = arrivals;
        if (slow === undefined) return;
        const { index, refused } = await interleave({ slow, meanwhile, before });
        refusals += refused;
        // Where the slow one made fewer transactions, nobody came between.
        for (const segment of meanwhile) await index.apply(segment);
        expect(await everyAnswer(index)).toEqual(await expectedAnswers(arrivals));
      }),
      { numRuns: 40, endOnFailure: true },
    );
    expect(refusals).toBeGreaterThan(5);
  }, 600_000);
});
