// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { gapRecord, idOf, indexRecord, indexSegment } from '../support/index-record.ts';
import type { OpenIndex } from './evidence-index.contract.ts';

const what = 'macie2:GetMacieSession';
const onDay = (day: number) => `2026-10-${String(day).padStart(2, '0')}T00:00:00.000Z`;
const window = (since: number, until: number) => ({ since: onDay(since), until: onDay(until) });

/** Plan and receipt of a run on one day, over a window and from a place where given. */
function run(name: string, day: number, more: { window?: object; from?: string; gaps?: readonly string[]; account?: string } = {}) {
  const { window: span = null, from, gaps = [], account = '111122223333' } = more;
  const own = { run: name, collectedAt: onDay(day), source: 'macie', account } as const;
  const place = from === undefined ? {} : { from };
  return {
    plan: indexRecord({ ...own, name: `plan ${name}`, kind: 'plan', detail: { run: name, window: { ...span }, ...place } }),
    receipt: indexRecord({ ...own, name: `receipt ${name}`, kind: 'receipt', detail: { run: name, window: { ...span }, gaps: [...gaps] } }),
    gap: (gapName: string) => gapRecord({ ...own, name: gapName }, { what, reason: 'denied', message: 'not allowed' }),
  };
}

/** Open gaps and unfinished plans. */
export function evidenceIndexGapsContract(adapter: string, open: OpenIndex): void {
  const openAfter = async (...records: readonly ReturnType<typeof indexRecord>[]) => {
    const index = await open();
    // One record a segment, newest first: what is open must not depend on the order of arrival.
    for (const [n, record] of [...records].reverse().entries()) await index.apply(indexSegment(`s${n}`, [record]));
    const gaps = await index.openGaps();
    await index.close();
    return gaps.map((gap) => gap.id);
  };

  describe(`${adapter} tells open gaps`, () => {
    it('tells what a gap is about', async () => {
      const index = await open();
      await index.apply(indexSegment('s1', [run('r1', 1).gap('g'), indexRecord({ name: 'x' })]));
      expect(await index.openGaps()).toEqual([
        {
          id: idOf('g'),
          source: 'macie',
          account: '111122223333',
          region: 'eu-west-1',
          reason: 'denied',
          extent: 'scope',
          what,
          message: 'not allowed',
          run: 'r1',
          collectedAt: onDay(1),
        },
      ]);
      await index.close();
    });

    it('keeps a gap open after the receipt of its own run', async () => {
      const r1 = run('r1', 1, { gaps: [idOf('g')] });
      expect(await openAfter(r1.plan, r1.gap('g'), r1.receipt)).toEqual([idOf('g')]);
      const late = indexRecord({ name: 'late', kind: 'receipt', run: 'r1', source: 'macie', collectedAt: onDay(2), detail: {} });
      expect(await openAfter(r1.gap('g'), late)).toEqual([idOf('g')]);
    });

    it('closes a gap with the receipt of a later run that does not name it', async () => {
      expect(await openAfter(run('r1', 1).gap('g'), run('r2', 2).receipt)).toEqual([]);
    });

    it('does not close a gap with a run of another account, an earlier run, or a plan', async () => {
      const { gap } = run('r1', 2);
      expect(await openAfter(gap('g'), run('r2', 3, { account: '444455556666' }).receipt)).toEqual([idOf('g')]);
      expect(await openAfter(gap('g'), run('r0', 1).receipt)).toEqual([idOf('g')]);
      expect(await openAfter(gap('g'), run('r2', 3).plan)).toEqual([idOf('g')]);
    });

    it('keeps a gap open that a later receipt names again', async () => {
      const again = run('r2', 2, { gaps: [idOf('g')] });
      expect(await openAfter(run('r1', 1).gap('g'), again.plan, again.receipt)).toEqual([idOf('g')]);
      expect(await openAfter(run('r1', 1).gap('g'), again.receipt, run('r3', 3).receipt)).toEqual([]);
    });

    it('tells one thing that could not be seen twice as one open gap, the newest', async () => {
      expect(await openAfter(run('r1', 1).gap('g1'), run('r2', 2).gap('g2'))).toEqual([idOf('g2')]);
    });

    it('closes a gap only with a window that covers its own', async () => {
      const denied = run('r1', 10, { window: window(1, 10) });
      const next = run('r2', 11, { window: window(9, 11) });
      const full = run('r3', 12, { window: window(1, 12) });
      expect(await openAfter(denied.plan, denied.gap('g'), denied.receipt, next.plan, next.receipt)).toEqual([idOf('g')]);
      expect(await openAfter(denied.plan, denied.gap('g'), next.receipt, full.receipt)).toEqual([]);
    });

    it('closes a gap of a moment with a window around it, not with one that ended before, began after, or is empty', async () => {
      const missed = run('r1', 10, { window: window(8, 8), from: 'logs' });
      const start = [missed.plan, missed.gap('g')];
      const later = (since: number, until: number) => run('r2', 11, { window: window(since, until), from: 'logs' });
      for (const [since, until] of [
        [1, 7],
        [9, 11],
      ] as const) {
        const { plan, receipt } = later(since, until);
        expect(await openAfter(...start, plan, receipt)).toEqual([idOf('g')]);
      }
      // The receipt of a part that another one continues, where the whole was to end at that very moment.
      expect(await openAfter(...start, later(1, 8).plan, later(8, 8).receipt)).toEqual([idOf('g')]);
      expect(await openAfter(...start, later(1, 8).plan, later(1, 8).receipt)).toEqual([]);
      expect(await openAfter(...start, later(7, 11).plan, later(7, 11).receipt)).toEqual([]);
    });

    it('closes a gap only with a run that read from the same place', async () => {
      const first = run('r1', 1, { from: 'logs' });
      const elsewhere = run('r2', 2, { from: 'other' });
      const again = run('r3', 3, { from: 'logs' });
      const start = [first.plan, first.gap('g'), first.receipt];
      expect(await openAfter(...start, elsewhere.plan, elsewhere.receipt)).toEqual([idOf('g')]);
      expect(await openAfter(...start, again.plan, again.receipt)).toEqual([]);
    });
  });

  describe(`${adapter} tells unfinished plans`, () => {
    it('tells a plan until its receipt comes', async () => {
      const index = await open();
      const [one, two] = [run('r1', 1), run('r2', 2)];
      await index.apply(indexSegment('s1', [two.plan, one.plan]));
      expect((await index.unfinishedPlans()).map((plan) => plan.run)).toEqual(['r1', 'r2']);
      await index.apply(indexSegment('s2', [one.receipt]));
      expect((await index.unfinishedPlans()).map((plan) => plan.run)).toEqual(['r2']);
      await index.close();
    });

    it('tells a plan no more once an interrupted gap stands for it', async () => {
      const index = await open();
      const { plan, gap } = run('r1', 1);
      await index.apply(indexSegment('s1', [plan, gap('denied once')]));
      expect(await index.unfinishedPlans()).toHaveLength(1);
      const interrupted = gapRecord(
        { name: 'i', run: 'r1', source: 'macie', collectedAt: onDay(2) },
        { what: 'run r1', reason: 'interrupted', message: 'ended early' },
      );
      await index.apply(indexSegment('s2', [interrupted]));
      expect(await index.unfinishedPlans()).toEqual([]);
      await index.close();
    });
  });
}
