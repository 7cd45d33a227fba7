// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { EvidenceIndex } from '../../../../src/evidence-index/evidence-index.ts';
import { SqliteIndex } from '../../../../src/evidence-index/sqlite-index.ts';
import { type FailureMoment, failingVault, PlannedFailure, WritePlan } from '../../../support/failing.ts';
import { createdNotice, FunctionHome, lambdaContext } from '../../../support/function-home.ts';
import { listAll } from '../../../support/index-views.ts';
import { MemoryVault } from '../../../support/memory-vault.ts';
import { scripted, stepsInParts } from '../../../support/scripted-source.ts';

const short = () => lambdaContext(() => 50_000);

/** Two Regions, read in parts; `vault` and `index` fail once, and everything is tried again as AWS does. */
async function collected(vault: WritePlan, index: EvidenceIndex, forgets: boolean): Promise<FunctionHome> {
  const functions = new FunctionHome({
    vault: failingVault(new MemoryVault(), vault),
    index,
    configuration: { regions: ['eu-west-1', 'us-east-1'] },
    source: scripted(() => stepsInParts),
    reserve: { markMs: 60_000, stopMs: 1_000 },
  });
  await tried(() => functions.plan('macie', '2026-11-21T02:00:00.000Z'));
  for (let rounds = 0; functions.queue.waiting.length > 0; rounds++) {
    if (rounds > 60) throw new Error('the queue is never empty');
    await tried(() => functions.collect('macie', { most: 1 + (rounds % 3), context: short() }));
    if (forgets) functions.queue.forgetSent();
  }
  for (const { key } of await Array.fromAsync(functions.vault.list(''))) await tried(() => projectOne(functions, key));
  return functions;
}

async function tried(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof PlannedFailure)) throw error;
    await work();
  }
}

async function projectOne(functions: FunctionHome, key: string): Promise<void> {
  const answer = await functions.project();
  if (answer.batchItemFailures.length === 0) return;
  // The notice comes again.
  expect(
    await functions.notice([
      createdNotice(`vault/${key}`),
      ...answer.batchItemFailures.map(({ itemIdentifier }) => createdNotice(itemIdentifier.slice('notice '.length))),
    ]),
  ).toEqual({ batchItemFailures: [] });
}

async function lasting(functions: FunctionHome) {
  const { index } = functions;
  const findings = await listAll(index, { kind: 'finding' }, 100);
  return {
    findings: findings.map(({ id, region, title }) => [id, region, title].join()).sort(),
    counts: (await index.totals()).filter(({ kind }) => kind === 'finding'),
    openGaps: (await index.openGaps()).map(({ region, what }) => `${region} ${what}`),
    unfinished: (await index.unfinishedPlans()).length,
  };
}

const noFailure = () => new WritePlan(0, 'before');
const plainIndex = () => SqliteIndex.open({ path: ':memory:', isAiResource: () => false });

describe('functions that are killed', () => {
  it('leave what they leave when nobody kills them', async () => {
    const functions = await collected(noFailure(), plainIndex(), false);
    const expected = await lasting(functions);
    expect(expected.findings).toHaveLength(6);
    expect(expected.openGaps).toEqual(['eu-west-1 macie2:GetFindings', 'us-east-1 macie2:GetFindings']);
    expect(expected.unfinished).toBe(0);
  });

  const moments: readonly FailureMoment[] = ['before', 'after'];
  it.each(moments.flatMap((moment) => [false, true].map((forgets) => ({ moment, forgets }))))(
    'at any put of the vault, $moment it took effect, lose nothing and double nothing (the queue forgets what it was sent: $forgets)',
    async ({ moment, forgets }) => {
      const expected = await lasting(await collected(noFailure(), plainIndex(), false));
      const counter = noFailure();
      await collected(counter, plainIndex(), false);
      expect(counter.writes).toBeGreaterThan(8);
      for (let at = 1; at <= counter.writes; at++) {
        const functions = await collected(new WritePlan(at, moment), plainIndex(), forgets);
        expect({ at, ...(await lasting(functions)) }).toEqual({ at, ...expected });
      }
    },
  );

  it.each(moments)('at any write of the index, %s it took effect, end in the same index', async (moment) => {
    const expected = await lasting(await collected(noFailure(), plainIndex(), false));
    for (let at = 1; at <= 8; at++) {
      const plan = new WritePlan(at, moment);
      const index = plainIndex();
      const apply = index.apply.bind(index);
      index.apply = (segment) => plan.around('apply', () => apply(segment));
      expect({ at, ...(await lasting(await collected(noFailure(), index, false))) }).toEqual({ at, ...expected });
    }
  });
});
