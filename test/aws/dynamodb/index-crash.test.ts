// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EvidenceIndex } from '../../../src/evidence-index/evidence-index.ts';
import { everyAnswer } from '../../support/dynamodb-answers.ts';
import { expectedAnswers } from '../../support/dynamodb-expected.ts';
import { putBetween, sdkError, writing } from '../../support/dynamodb-faults.ts';
import { history } from '../../support/dynamodb-histories.ts';
import { withMiniStack } from '../../support/dynamodb-server.ts';
import { newIndex, newTable } from '../../support/dynamodb-tables.ts';
import { PlannedFailure, WritePlan } from '../../support/failing.ts';
import { indexSegment } from '../../support/index-record.ts';
import { listAll } from '../../support/index-views.ts';
import { numberedSegment } from '../../support/numbered-segment.ts';

const newClient = withMiniStack();
const moment = fc.constantFrom('before' as const, 'after' as const);

/** Counts are those of the records that can be seen, whole segments or not. */
async function agreesWithItself(index: EvidenceIndex): Promise<number> {
  const entries = await listAll(index, {}, 500);
  const totals = await index.totals();
  expect(totals.reduce((sum, { records }) => sum + records, 0)).toBe(entries.length);
  for (const { control, strength, polarity, observations } of await index.counts()) {
    expect(await listAll(index, { control, strength, polarity }, 500)).toHaveLength(observations);
  }
  return entries.length;
}

/** A process that dies at the chosen write: that one takes effect or not, and no later one is made. */
function dyingClient(at: number, when: 'before' | 'after') {
  const client = newClient();
  const plan = new WritePlan(at, when);
  putBetween(client, (command, input, send) => {
    if (!writing.has(command)) return send(input);
    if (plan.writes >= at) throw new PlannedFailure('the process is dead');
    return plan.around(command, () => send(input));
  });
  return { client, plan };
}

describe('a process killed at any write', () => {
  it('leaves counts that are those of its records, and another process ends the work', async () => {
    const client = newClient();
    let deaths = 0;
    await fc.assert(
      fc.asyncProperty(history, fc.integer({ min: 1, max: 40 }), moment, async ({ arrivals }, at, when) => {
        const table = await newTable(client);
        const dying = await newIndex(dyingClient(at, when).client, { table, recordsPerPart: 2 });
        for (const segment of arrivals) {
          const died = await dying.apply(segment).then(
            () => false,
            (error: unknown) => error instanceof PlannedFailure || Promise.reject(error),
          );
          if (!died) continue;
          deaths++;
          break;
        }
        const next = await newIndex(client, { table, recordsPerPart: 3 });
        await agreesWithItself(next);
        for (const segment of arrivals) await next.apply(segment);
        expect(await everyAnswer(next)).toEqual(await expectedAnswers(arrivals));
      }),
      { numRuns: 60, endOnFailure: true },
    );
    expect(deaths).toBeGreaterThan(20);
  }, 600_000);

  it('leaves a large segment half taken in, which is not said to be taken in, and goes on where it stopped', async () => {
    const client = newClient();
    const table = await newTable(client);
    const segment = numberedSegment(0);
    const { client: mortal } = dyingClient(30, 'before');
    await expect((await newIndex(mortal, { table, recordsPerPart: 20 })).apply(segment)).rejects.toThrow(PlannedFailure);
    const index = await newIndex(client, { table });
    expect(await index.hasSegment(segment.key)).toBe(false);
    const half = await agreesWithItself(index);
    expect(half).toBeGreaterThan(0);
    expect(half).toBeLessThan(200);
    await expect(index.apply({ ...segment, sha256: 'f'.repeat(64) })).rejects.toMatchObject({ code: 'INDEX_DAMAGED' });
    await index.apply(segment);
    expect([await index.hasSegment(segment.key), await agreesWithItself(index)]).toEqual([true, 200]);
    expect(await everyAnswer(index)).toEqual(await expectedAnswers([segment]));
  }, 120_000);
});

describe('a write whose answer is lost', () => {
  it('is made once, whether it took effect or not', async () => {
    const client = newClient();
    let lost = 0;
    await fc.assert(
      fc.asyncProperty(history, fc.integer({ min: 1, max: 30 }), moment, async ({ arrivals }, at, when) => {
        const table = await newTable(client);
        const flaky = newClient();
        const plan = new WritePlan(at, when, () => {
          lost++;
          throw sdkError('TimeoutError');
        });
        putBetween(flaky, (command, input, send) => (writing.has(command) ? plan.around(command, () => send(input)) : send(input)));
        const index = await newIndex(flaky, { table, recordsPerPart: 2 });
        for (const segment of arrivals) await index.apply(segment);
        expect(await everyAnswer(index)).toEqual(await expectedAnswers(arrivals));
      }),
      { numRuns: 40, endOnFailure: true },
    );
    expect(lost).toBeGreaterThan(10);
  }, 600_000);

  it('is made once for every write of two segments that share records', async () => {
    const segments = [numberedSegment(1), indexSegment('late', [...numberedSegment(0).records].slice(60))];
    const client = newClient();
    const table = await newTable(client);
    const flaky = newClient();
    let lost = 0;
    const failed = new Set<string>();
    putBetween(flaky, async (command, input, send) => {
      const sent = await send(input);
      // Each transaction's answer is lost once: the next try finds it done.
      const name = JSON.stringify(input);
      if (command !== 'TransactWriteItems' || failed.has(name)) return sent;
      failed.add(name);
      lost++;
      throw sdkError('TimeoutError');
    });
    const index = await newIndex(flaky, { table });
    for (const segment of segments) await index.apply(segment);
    expect(lost).toBeGreaterThan(5);
    expect(await everyAnswer(index)).toEqual(await expectedAnswers(segments));
  }, 120_000);
});
