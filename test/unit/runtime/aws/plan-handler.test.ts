// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { Gap } from '../../../../src/evidence/gap.ts';
import type { SourceId } from '../../../../src/evidence/observation.ts';
import { collectMessageSchema } from '../../../../src/runtime/deployment/collect-message.ts';
import { failingVault, WritePlan } from '../../../support/failing.ts';
import { FunctionHome, type FunctionHomeOptions, lambdaContext } from '../../../support/function-home.ts';
import { listAll } from '../../../support/index-views.ts';
import { MemoryVault } from '../../../support/memory-vault.ts';
import { type Step, scripted } from '../../../support/scripted-source.ts';

const at = '2026-11-21T02:00:00.000Z';
const twoByTwo: FunctionHomeOptions = {
  configuration: { accounts: ['111122223333', '444455556666'], regions: ['eu-west-1', 'us-east-1'] },
};

const messages = (functions: FunctionHome) => functions.queue.waiting.map(({ body }) => collectMessageSchema.parse(JSON.parse(body)));
const kinds = async (functions: FunctionHome) => (await listAll(functions.index, {}, 100)).map(({ kind, run }) => `${kind} ${run}`).sort();

describe('the plan function', () => {
  it('plans the home’s own account and Region where nothing else is configured', async () => {
    const functions = new FunctionHome();
    expect(await functions.plan('macie', at)).toEqual({ planned: 1, gaps: 0, ended: 0, held: 0, underWay: 0 });
    expect(messages(functions)).toMatchObject([
      {
        source: 'macie',
        account: '111122223333',
        region: 'eu-west-1',
        window: { since: '2026-10-22T02:00:00.000Z', until: at },
        sweptAt: at,
        resumeAfter: null,
        part: 1,
      },
    ]);
  });

  it('plans every account and Region, and seals the plans in one segment', async () => {
    const functions = new FunctionHome(twoByTwo);
    expect(await functions.plan('macie', at)).toMatchObject({ planned: 4 });
    expect(new Set(functions.queue.waiting.map(({ group }) => group)).size).toBe(4);
    expect(await Array.fromAsync(functions.vault.list(''))).toHaveLength(1);
    await functions.project();
    expect(await functions.index.unfinishedPlans()).toHaveLength(4);
  });

  it('plans the same runs when it is run twice for one time, and others for the next', async () => {
    const functions = new FunctionHome(twoByTwo);
    await functions.plan('macie', at);
    await functions.plan('macie', at);
    expect(functions.queue.waiting).toHaveLength(4);
    await functions.project();
    expect((await kinds(functions)).length).toBe(4);
    expect(await functions.plan('macie', '2026-11-21T05:00:00.000Z')).toMatchObject({ planned: 4 });
    expect(new Set(messages(functions).map(({ run }) => run)).size).toBe(8);
  });

  it('queues nothing behind a reading that is under way, however many parts it takes, nor for ever behind one that is stuck', async () => {
    const steps: Step[] = [{ find: 'a' }, { mark: '1' }, { find: 'b' }];
    const now = () => new Date('2026-11-21T02:50:00.000Z');
    const functions = new FunctionHome({ now, source: scripted(() => steps), reserve: { markMs: 60_000, stopMs: 1_000 } });
    await functions.plan('macie', at);
    await functions.project();
    expect(await functions.plan('macie', '2026-11-21T03:00:00.000Z')).toMatchObject({ planned: 0, underWay: 1 });
    await functions.collect('macie', { context: lambdaContext(() => 50_000) });
    await functions.project();
    expect(await functions.plan('macie', '2026-11-21T05:30:00.000Z')).toMatchObject({ planned: 0, underWay: 1 });
    expect(await functions.plan('macie', '2026-11-21T06:00:00.000Z')).toMatchObject({ planned: 1, underWay: 0 });
  });

  it('leaves alone what ended already when an old time comes again', async () => {
    const functions = new FunctionHome({ source: scripted(() => [{ find: 'a' }]) });
    await functions.plan('macie', at);
    await functions.collect('macie');
    await functions.project();
    functions.queue.forgetSent();
    expect(await functions.plan('macie', at)).toEqual({ planned: 0, gaps: 0, ended: 1, held: 0, underWay: 0 });
    expect(functions.queue.waiting).toEqual([]);
  });

  it('goes on where the last complete run ended, less the overlap, and never backwards when a clock was ahead', async () => {
    const functions = new FunctionHome({ source: scripted(() => [{ find: 'a' }]) });
    await functions.plan('macie', at);
    await functions.collect('macie');
    await functions.project();
    await functions.plan('macie', '2026-11-21T05:00:00.000Z');
    expect(messages(functions)[0]?.window).toEqual({ since: '2026-11-21T01:00:00.000Z', until: '2026-11-21T05:00:00.000Z' });
    await functions.plan('macie', '2026-11-20T00:00:00.000Z');
    expect(messages(functions)[1]?.window).toEqual({ since: '2026-11-20T00:00:00.000Z', until: '2026-11-20T00:00:00.000Z' });
  });

  it('seals what the organisation does not tell of its accounts, and plans the others', async () => {
    const gap = {
      reason: 'denied',
      extent: 'scope',
      what: 'organizations:ListAccounts',
      message: '',
      code: 'AccessDenied',
      detail: {},
    } as const;
    let gaps: readonly Gap[] = [gap];
    const functions = new FunctionHome({
      configuration: { accounts: { organization: true } },
      source: scripted(() => [{ find: 'a' }]),
      listAccounts: async () => ({ accounts: ['111122223333'], gaps }),
    });
    expect(await functions.plan('macie', at)).toEqual({ planned: 1, gaps: 1, ended: 0, held: 0, underWay: 0 });
    await functions.collect('macie');
    await functions.project();
    expect(await functions.index.openGaps()).toMatchObject([{ reason: 'denied', what: 'organizations:ListAccounts' }]);
    expect(await functions.index.unfinishedPlans()).toEqual([]);
    gaps = [];
    await functions.plan('macie', '2026-11-21T03:00:00.000Z');
    await functions.project();
    expect(await functions.index.openGaps()).toEqual([]);
  });

  it.each(['before', 'after'] as const)(
    'sends nothing when the vault fails %s the plans are stored, and all when it runs again',
    async (moment) => {
      const vault = new MemoryVault();
      const functions = new FunctionHome({ ...twoByTwo, vault: failingVault(vault, new WritePlan(1, moment)) });
      await expect(functions.plan('macie', at)).rejects.toThrow('planned failure');
      expect(functions.queue.waiting).toEqual([]);
      await functions.plan('macie', at);
      expect(functions.queue.waiting).toHaveLength(4);
      await functions.project();
      expect(await functions.index.unfinishedPlans()).toHaveLength(4);
    },
  );

  it('has its plans sealed when the queue is full, says so, and queues them when it runs again', async () => {
    const functions = new FunctionHome(twoByTwo);
    functions.queue.refuses = 'macie';
    await expect(functions.plan('macie', at)).rejects.toMatchObject({ code: 'RUNS_NOT_QUEUED' });
    await functions.project();
    expect(await functions.index.unfinishedPlans()).toHaveLength(4);
    functions.queue.refuses = null;
    await functions.plan('macie', at);
    expect(functions.queue.waiting).toHaveLength(4);
    await functions.project();
    expect(await functions.index.unfinishedPlans()).toHaveLength(4);
  });

  it('lets what is account-wide wait in a new home until the sources that tell AI accounts have run, and plans it then at once', async () => {
    const sources: SourceId[] = ['cloudtrail', 'sagemaker-clarify', 'securityhub'];
    const functions = new FunctionHome({ configuration: { sources }, source: scripted(() => [{ find: 'a' }]) });
    expect(await functions.plan('cloudtrail', at)).toMatchObject({ planned: 0, held: 1 });
    await functions.plan('sagemaker-clarify', at);
    await functions.project();
    expect(await functions.plan('cloudtrail', '2026-11-21T02:15:00.000Z')).toMatchObject({ planned: 0, held: 1 });
    expect(functions.queue.waiting.map(({ source }) => source)).toEqual(['sagemaker-clarify']);
    await functions.collect('sagemaker-clarify');
    await functions.project();
    await functions.plan('cloudtrail', '2026-11-21T02:30:00.000Z');
    expect(functions.queue.waiting.map(({ source }) => source)).toEqual(['cloudtrail', 'securityhub']);
    await functions.project();
    await functions.plan('cloudtrail', '2026-11-21T02:45:00.000Z');
    expect(functions.queue.waiting.map(({ source }) => source)).toEqual(['cloudtrail', 'securityhub']);
  });

  it('waits no more than two hours for a run that was planned', async () => {
    const functions = new FunctionHome({ configuration: { sources: ['cloudtrail', 'sagemaker-clarify'] } });
    await functions.plan('sagemaker-clarify', at);
    await functions.project();
    expect(await functions.plan('cloudtrail', '2026-11-21T03:45:00.000Z')).toMatchObject({ planned: 0, held: 1 });
    expect(await functions.plan('cloudtrail', '2026-11-21T04:00:00.000Z')).toMatchObject({ planned: 1, held: 0 });
  });

  it('refuses an event that is no timer', async () => {
    const functions = new FunctionHome();
    await expect(functions.plan('macie', 'yesterday')).rejects.toMatchObject({ name: 'ZodError' });
    expect(functions.telemetry.problems).toMatchObject([{ what: 'plan failed' }]);
    expect(functions.telemetry.flushes).toBe(1);
  });
});
