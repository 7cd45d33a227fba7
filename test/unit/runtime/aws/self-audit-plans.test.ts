// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { SqliteIndex } from '../../../../src/evidence-index/sqlite-index.ts';
import { FunctionHome, type FunctionHomeOptions, lambdaContext, record } from '../../../support/function-home.ts';
import { sensitiveFinding } from '../../../support/macie.ts';
import { MemoryVault } from '../../../support/memory-vault.ts';
import { type Step, scripted } from '../../../support/scripted-source.ts';

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

  it('stays a gap when a run ends that was planned before, and when a part of a later one does', async () => {
    const { home, clock, index, plan, collect, audit, absent } = changingHome();
    let steps: readonly Step[] = [{ find: 'a' }];
    const source = scripted(() => steps);
    const one = home(['eu-west-1'], { source, reserve: { markMs: 60_000, stopMs: 1_000 } });
    await collect(one, day(21, '02:00'));
    await audit(one, day(21));
    await plan(one, day(21, '14:00'));
    // Nobody took it from its queue for more than eight hours.
    expect(await audit(one, day(22))).toEqual(['eu-west-1']);
    clock.at = day(22, '03:00');
    await one.collect('macie');
    await one.project();
    expect(one.queue.waiting).toEqual([]);
    expect(await absent()).toEqual(['eu-west-1']);
    steps = [{ find: 'a' }, { mark: '1' }, { find: 'b' }];
    await plan(one, day(22, '03:10'));
    const short = lambdaContext(() => 50_000);
    await one.collect('macie', { context: short });
    await one.project();
    expect(one.queue.waiting).toHaveLength(1);
    expect(await absent()).toEqual(['eu-west-1']);
    await one.collect('macie', { context: short });
    await one.project();
    expect(await absent()).toEqual([]);
    // The plan that only tells what is missing is none of the schedule.
    expect(
      (await index.series(`plan|macie|${account}|eu-west-1`, { before: '9999', limit: 10 })).map(({ occurredAt }) => occurredAt),
    ).toEqual(expect.not.arrayContaining([day(22)]));
  });

  it('stays a gap when the first part of a run ends that was planned in the moment of the audit', async () => {
    const { home, clock, plan, collect, audit, absent } = changingHome();
    let steps: readonly Step[] = [{ find: 'a' }];
    const one = home(['eu-west-1'], { source: scripted(() => steps), reserve: { markMs: 60_000, stopMs: 1_000 } });
    await collect(one, day(21, '02:00'));
    expect(await audit(one, day(22))).toEqual(['eu-west-1']);
    steps = [{ find: 'a' }, { mark: '1' }, { find: 'b' }];
    await plan(one, day(22));
    const context = lambdaContext(() => 50_000);
    clock.at = day(22, '02:55');
    for (const open of [['eu-west-1'], []]) {
      await one.collect('macie', { context });
      await one.project();
      expect(await absent()).toEqual(open);
    }
  });

  it('is closed by the runs of the sample account, whose present stands still', async () => {
    const { home, collect, audit, absent } = changingHome();
    const one = home(['eu-west-1'], {
      kind: 'sample',
      connect: async ({ region }) => ({ connection: { region, clientConfig: {}, channel: 'sample' }, readAs: 'arn:x' }),
    });
    await collect(one, day(21, '02:00'));
    expect(await audit(one, day(22))).toEqual(['eu-west-1']);
    await collect(one, day(22, '03:00'));
    expect(await absent()).toEqual([]);
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
