// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { SqliteIndex } from '../../../../src/evidence-index/sqlite-index.ts';
import { FunctionHome, type FunctionHomeOptions, record } from '../../../support/function-home.ts';
import { sensitiveFinding } from '../../../support/macie.ts';
import { MemoryVault } from '../../../support/memory-vault.ts';
import { scripted } from '../../../support/scripted-source.ts';

const account = '111122223333';

/** One home whose configuration changes: it reads Macie in one Region, or in two. Its clock stands until it is set. */
function changingHome(schedules: Readonly<Record<string, string>> = {}) {
  const [vault, index] = [new MemoryVault(), SqliteIndex.open({ path: ':memory:', isAiResource: () => false })];
  const clock = { at: '2026-11-21T02:00:00.000Z' };
  const home = (regions: readonly string[], options: FunctionHomeOptions = {}) =>
    new FunctionHome({
      vault,
      index,
      source: scripted(() => [{ find: 'a' }]),
      // A second later: what is stored is later than what it was stored for.
      now: () => new Date(Date.parse(clock.at) + 1_000),
      ...options,
      configuration: { sources: ['macie'], regions: [...regions], schedules },
    });
  const [one, two] = [home(['eu-west-1']), home(['eu-west-1', 'us-east-1'])];
  const plan = async (functions: FunctionHome, at: string) => {
    clock.at = at;
    await functions.plan('macie', at);
    await functions.project();
  };
  const collect = async (functions: FunctionHome, at: string) => {
    await plan(functions, at);
    await functions.collect('macie');
    await functions.project();
  };
  /** Regions that no plan came for, as open gaps after an audit. */
  const audit = async (functions: FunctionHome, at: string) => {
    clock.at = at;
    await functions.audit(at);
    await functions.project();
    return await absent();
  };
  const absent = async () => (await index.openGaps()).filter(({ what }) => what.startsWith('schedule')).map(({ region }) => region);
  return { one, two, home, clock, index, plan, collect, audit, absent };
}

const day = (n: number, time = '02:50') => `2026-11-${n}T${time}:00.000Z`;

describe('what the self-audit expects plans for', () => {
  it('is not a Region that was added since the last audit; it is the night after', async () => {
    const { one, two, collect, audit } = changingHome();
    await collect(one, day(21, '02:00'));
    expect(await audit(one, day(21))).toEqual([]);
    await collect(one, day(22, '02:00'));
    expect(await audit(two, day(22))).toEqual([]);
    await collect(one, day(23, '02:00'));
    expect(await audit(two, day(23))).toEqual(['us-east-1']);
  });

  it('is so too where two intervals of the schedule are the time between two audits', async () => {
    const { one, two, collect, audit } = changingHome({ macie: 'rate(12 hours)' });
    await collect(one, day(21, '02:00'));
    expect(await audit(two, day(21))).toEqual([]);
    await collect(one, day(22, '02:00'));
    expect(await audit(two, day(22))).toEqual(['us-east-1']);
  });

  it('is not a Region that was left out and came back since the last audit; it is the night after', async () => {
    const { one, two, collect, audit } = changingHome();
    await collect(two, day(21, '02:00'));
    expect(await audit(two, day(21))).toEqual([]);
    await collect(one, day(22, '02:00'));
    expect(await audit(one, day(22))).toEqual([]);
    await collect(one, day(23, '02:00'));
    expect(await audit(two, day(23))).toEqual([]);
    await collect(one, day(24, '02:00'));
    expect(await audit(two, day(24))).toEqual(['us-east-1']);
  });

  it('is what was planned before there was an audit', async () => {
    const { one, collect, audit } = changingHome();
    await collect(one, day(21, '02:00'));
    expect(await audit(one, day(22))).toEqual(['eu-west-1']);
  });

  it('is not what a run still waits or reads for', async () => {
    const { one, plan, collect, audit } = changingHome();
    await collect(one, day(21, '02:00'));
    expect(await audit(one, day(21))).toEqual([]);
    await plan(one, day(21, '23:00'));
    // Planned nearly four hours ago where an hour is the schedule: the planner skips what is under way.
    expect(await audit(one, day(22))).toEqual([]);
    await one.collect('macie');
    await one.project();
    expect(await audit(one, day(22, '03:00'))).toEqual(['eu-west-1']);
  });

  it('is told as one gap for one outage, which the next planned run closes and no event does', async () => {
    const { one, clock, index, collect, audit, absent } = changingHome();
    await collect(one, day(21, '02:00'));
    await audit(one, day(21));
    expect(await audit(one, day(22))).toEqual(['eu-west-1']);
    const event = { id: 'e', account, region: 'eu-west-1', source: 'aws.macie', 'detail-type': 'Macie Finding', detail: sensitiveFinding };
    clock.at = day(22, '10:00');
    await one.handle('macie', [record({ id: 'e', body: JSON.stringify(event), receives: 1 }, 'macie-events')]);
    await one.project();
    expect(await absent()).toEqual(['eu-west-1']);
    expect(await audit(one, day(23))).toEqual(['eu-west-1']);
    expect((await index.list({ kind: 'gap', limit: 10 })).records).toHaveLength(1);
    expect(await index.unfinishedPlans()).toEqual([]);
    await collect(one, day(23, '04:00'));
    expect(await absent()).toEqual([]);
  });
});

describe('the gap of a message that nobody can read', () => {
  const poison = record({ id: 'poison', body: '{', receives: 1 }, 'macie.fifo');

  it('is closed by the audit that finds no dead letter any more, and not before it must be one', async () => {
    const { one, home, clock, index, collect, audit } = changingHome();
    const full = home(['eu-west-1'], { deadLetters: 1 });
    const open = async () => (await index.openGaps()).map(({ what }) => what);
    await collect(one, day(21, '02:00'));
    await one.handle('macie', [poison]);
    clock.at = day(21, '02:10');
    await one.handle('macie', [record({ id: 'other', body: '[', receives: 1 }, 'macie.fifo')]);
    await one.project();
    const both = ['queue message other', 'queue message poison'];
    expect(await open()).toEqual(both);
    await collect(one, day(21, '08:00'));
    await audit(one, day(21, '09:00'));
    expect(await open()).toEqual(both);
    await collect(one, day(22, '02:00'));
    await audit(full, day(22));
    expect(await open()).toEqual(both);
    await audit(one, day(22, '03:00'));
    expect(await open()).toEqual([]);
    expect(await index.unfinishedPlans()).toEqual([]);
  });
});
