// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type AskedWindow, nextWindow, type PlannedWindow, planWindow, type WindowTarget } from '../../../src/collect/window.ts';
import { ScopeRuns } from '../../support/scope-runs.ts';

const hour = 3_600_000;
const day = 24 * hour;
const start = '2026-11-21T00:00:00.000Z';
const later = (ms: number) => new Date(Date.parse(start) + ms).toISOString();

const target = (retentionDays: number, patienceHours = 24): WindowTarget => ({
  source: { id: 'macie', window: { overlapHours: 1, retentionDays, fullSweepDays: 7 } },
  account: '111122223333',
  region: 'eu-west-1',
  patienceHours,
});

/** Plans the window of a run and ends it. */
async function run(
  runs: ScopeRuns,
  at: string,
  how: 'complete' | 'standing' | 'passing',
  one = target(90),
): Promise<PlannedWindow['window']> {
  const planned = await planWindow(runs.index, one, at);
  runs.end(planned, how);
  return planned.window;
}

describe('the next window', () => {
  it('reaches back thirty days where nothing was read before, or as far as AWS keeps the data', async () => {
    const { index } = new ScopeRuns(target(90));
    expect(await planWindow(index, target(90), start)).toMatchObject({ window: { since: later(-30 * day), until: start }, isFirst: true });
    expect((await planWindow(index, target(10), start)).window).toEqual({ since: later(-10 * day), until: start });
  });

  it('starts where the last run ended, less the overlap', async () => {
    const runs = new ScopeRuns(target(90));
    await run(runs, start, 'complete');
    expect(await run(runs, later(6 * hour), 'complete')).toEqual({ since: later(-hour), until: later(6 * hour) });
    expect(await run(runs, later(12 * hour), 'complete')).toEqual({ since: later(5 * hour), until: later(12 * hour) });
  });

  it('sweeps again when the last sweep is a week old', async () => {
    const runs = new ScopeRuns(target(90));
    await run(runs, start, 'complete');
    await run(runs, later(6 * day), 'complete');
    expect((await run(runs, later(7 * day), 'complete')).since).toBe(later(-23 * day));
    expect((await run(runs, later(8 * day), 'complete')).since).toBe(later(7 * day - hour));
  });

  it('reaches back at once over what a gap hid that passes', async () => {
    const runs = new ScopeRuns(target(90));
    await run(runs, start, 'complete');
    await run(runs, later(6 * hour), 'passing');
    expect((await run(runs, later(12 * hour), 'passing')).since).toBe(later(-hour));
    expect((await run(runs, later(18 * hour), 'complete')).since).toBe(later(-hour));
    expect((await run(runs, later(24 * hour), 'complete')).since).toBe(later(17 * hour));
  });

  it('reaches back over what a standing gap hides once a day, and at once when it is over', async () => {
    const runs = new ScopeRuns(target(90));
    await run(runs, start, 'standing');
    expect((await run(runs, later(6 * hour), 'standing')).since).toBe(later(-hour));
    expect((await run(runs, later(23 * hour), 'standing')).since).toBe(later(5 * hour));
    expect((await run(runs, later(24 * hour), 'standing')).since).toBe(later(-30 * day));
    expect((await run(runs, later(30 * hour), 'complete')).since).toBe(later(23 * hour));
    expect((await run(runs, later(36 * hour), 'complete')).since).toBe(later(-30 * day));
    expect((await run(runs, later(42 * hour), 'complete')).since).toBe(later(35 * hour));
  });

  it('does not wait where a person runs the collection', async () => {
    const runs = new ScopeRuns(target(90, 0));
    await run(runs, start, 'standing', target(90, 0));
    expect((await run(runs, later(hour), 'standing', target(90, 0))).since).toBe(later(-30 * day));
  });

  it('is what a person asked for, and remembers all the same what is owed', async () => {
    const runs = new ScopeRuns(target(90, 0));
    await run(runs, start, 'standing');
    const asked: AskedWindow = { since: later(-2 * day), until: later(-day) };
    const planned = await nextWindow(runs.index, target(90), asked, later(hour));
    expect(planned.window).toEqual(asked);
    runs.end(planned, 'complete');
    expect((await planWindow(runs.index, target(90), later(2 * hour))).window.since).toBe(later(-30 * day));
  });

  it('is not of negative length where the clock went backwards', async () => {
    const runs = new ScopeRuns(target(90));
    await run(runs, start, 'complete');
    expect((await planWindow(runs.index, target(90), later(-2 * hour))).window).toEqual({
      since: later(-2 * hour),
      until: later(-2 * hour),
    });
  });
});

describe('whatever runs see and do not see', () => {
  const steps = fc.array(fc.record({ hours: fc.integer({ min: 1, max: 40 }), how: fc.constantFrom('complete', 'standing', 'passing') }), {
    minLength: 2,
    maxLength: 40,
  });

  it('no time between two runs is left out, and what was hidden is read again before it is forgotten', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const runs = new ScopeRuns(target(365));
        // Two runs that see all at the end: the second reaches back over whatever the first did not.
        const ended = [...all, { hours: 1, how: 'complete' as const }, { hours: 1, how: 'complete' as const }];
        let hidden: number[] = [];
        let at = 0;
        let last: PlannedWindow['window'] | null = null;
        for (const { hours, how } of ended) {
          at += hours * hour;
          const window = await run(runs, later(at), how, target(365));
          if (last !== null) expect(Date.parse(window.since)).toBeLessThanOrEqual(Date.parse(last.until));
          const since = Date.parse(window.since);
          hidden = how === 'complete' ? hidden.filter((one) => one < since) : [...hidden, since];
          last = window;
        }
        expect({ hidden, owed: runs.owed() }).toEqual({ hidden: [], owed: null });
      }),
    );
  });
});
