// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { decodeRecord } from '../../../../src/evidence/decode-record.ts';
import type { IndexEntry } from '../../../../src/evidence-index/evidence-index.ts';
import type { Source } from '../../../../src/sources/source.ts';
import { openSegment } from '../../../../src/vault/open-segment.ts';
import { failingVault, WritePlan } from '../../../support/failing.ts';
import { FunctionHome, type FunctionHomeOptions, lambdaContext, record } from '../../../support/function-home.ts';
import { listAll } from '../../../support/index-views.ts';
import { MemoryVault } from '../../../support/memory-vault.ts';
import { refusedGap, type Step, scripted } from '../../../support/scripted-source.ts';

const at = '2026-11-21T02:00:00.000Z';
const twoRegions = { regions: ['eu-west-1', 'us-east-1'] };

/** A home whose next run of Macie is planned. */
async function planned(steps: readonly Step[], options: FunctionHomeOptions = {}): Promise<FunctionHome> {
  const functions = new FunctionHome({ source: scripted(() => steps), ...options });
  await functions.plan('macie', at);
  return functions;
}

async function entries(functions: FunctionHome, kind: string): Promise<readonly IndexEntry[]> {
  await functions.project();
  return await listAll(functions.index, { kind }, 100);
}

const findings = async (functions: FunctionHome) => (await entries(functions, 'finding')).map(({ title }) => title).sort();

describe('the collector function', () => {
  it('reads a run, ends it with a receipt, and puts both into one segment', async () => {
    const functions = await planned([{ find: 'a' }, { find: 'b' }]);
    expect(await functions.collect('macie')).toEqual({ batchItemFailures: [] });
    expect(await findings(functions)).toEqual(['a', 'b']);
    expect(await functions.index.unfinishedPlans()).toEqual([]);
    // The plan's, and one for two findings and a receipt.
    expect(await Array.fromAsync(functions.vault.list(''))).toHaveLength(2);
    expect(functions.telemetry.lines.find(({ what }) => what === 'run')?.fields).toMatchObject({
      recordsStored: 2,
      complete: true,
      gaps: 0,
    });
    expect(JSON.stringify(functions.telemetry.lines)).not.toContain('"a"');
    expect([functions.telemetry.sum('recordsStored'), functions.telemetry.sum('runsComplete')]).toEqual([2, 1]);
  });

  it('puts small runs of one invocation into one segment', async () => {
    const functions = await planned([{ find: 'a' }], { configuration: twoRegions });
    await functions.collect('macie');
    expect(await Array.fromAsync(functions.vault.list(''))).toHaveLength(2);
    expect((await entries(functions, 'receipt')).map(({ region }) => region).sort()).toEqual(['eu-west-1', 'us-east-1']);
  });

  it('stores nothing twice that the index knows', async () => {
    const functions = await planned([{ find: 'a' }, { find: 'b' }]);
    await functions.collect('macie');
    await functions.project();
    await functions.plan('macie', '2026-11-21T03:00:00.000Z');
    await functions.collect('macie');
    const [, second] = functions.telemetry.lines.filter(({ what }) => what === 'run');
    expect(second?.fields).toMatchObject({ itemsRead: 2, recordsStored: 0, duplicates: 2 });
    expect(await findings(functions)).toEqual(['a', 'b']);
  });

  it('knows within an invocation what it stored, though nothing projects it', async () => {
    const functions = await planned([{ find: 'a' }, { find: 'a' }], { configuration: twoRegions });
    await functions.collect('macie');
    const runs = functions.telemetry.lines.filter(({ what }) => what === 'run');
    expect(runs.map(({ fields }) => [fields['recordsStored'], fields['duplicates']])).toEqual([
      [1, 1],
      [1, 1],
    ]);
  });

  it('ends a run that could not connect with a gap, and reads the others', async () => {
    const connect = async ({ region }: { readonly region: string }) =>
      region === 'us-east-1'
        ? { gap: refusedGap('sts:AssumeRole') }
        : { connection: { region, clientConfig: {}, channel: 'api' as const }, readAs: 'arn:x' };
    const functions = await planned([{ find: 'a' }], { configuration: twoRegions, connect });
    expect(await functions.collect('macie')).toEqual({ batchItemFailures: [] });
    expect(await findings(functions)).toEqual(['a']);
    expect(await functions.index.openGaps()).toMatchObject([{ region: 'us-east-1', what: 'sts:AssumeRole', reason: 'denied' }]);
    expect(await functions.index.unfinishedPlans()).toEqual([]);
  });

  it('tells what expired credentials hid mid-page, keeps what came before, and reads that window again', async () => {
    let steps: readonly Step[] = [{ find: 'a' }, { gap: refusedGap('macie2:GetFindings') }];
    const windows: string[] = [];
    const source = scripted(
      () => steps,
      ({ window }) => void windows.push(window.since),
    );
    const functions = await planned([], { source });
    await functions.collect('macie');
    expect(await findings(functions)).toEqual(['a']);
    expect(await functions.index.openGaps()).toMatchObject([{ what: 'macie2:GetFindings' }]);
    steps = [{ find: 'a' }, { find: 'b' }];
    await functions.plan('macie', '2026-11-21T03:00:00.000Z');
    await functions.collect('macie');
    expect(await findings(functions)).toEqual(['a', 'b']);
    expect(windows).toEqual(['2026-10-22T02:00:00.000Z', '2026-10-22T02:00:00.000Z']);
    expect(await functions.index.openGaps()).toEqual([]);
  });
});

describe('a collector that is delivered a run again', () => {
  it('does not read it when a receipt says that it was read to its end', async () => {
    const functions = await planned([{ find: 'a' }]);
    const [message] = functions.queue.receive('macie', 1);
    if (message === undefined) throw new Error('nothing planned');
    await functions.handle('macie', [record(message, 'macie.fifo')]);
    await functions.project();
    expect(await functions.handle('macie', [record(message, 'macie.fifo')])).toEqual({ batchItemFailures: [] });
    expect(functions.telemetry.lines.map(({ fields }) => fields['end'])).toContain('known');
    expect(await entries(functions, 'receipt')).toHaveLength(1);
  });

  it('doubles nothing in the index when it was killed after the vault’s put and before anyone knew', async () => {
    const functions = await planned([{ find: 'a' }, { find: 'b' }]);
    const [message] = functions.queue.receive('macie', 1);
    if (message === undefined) throw new Error('nothing planned');
    // Never acknowledged, never projected in between: as after a kill.
    await functions.handle('macie', [record(message, 'macie.fifo')]);
    await functions.handle('macie', [record(message, 'macie.fifo')]);
    expect(await Array.fromAsync(functions.vault.list(''))).toHaveLength(3);
    expect(await findings(functions)).toEqual(['a', 'b']);
    expect(await functions.index.totals()).toContainEqual({ source: 'macie', kind: 'finding', records: 2 });
    expect(await functions.index.unfinishedPlans()).toEqual([]);
  });

  it.each(['before', 'after'] as const)(
    'fails every run when the vault fails %s a put, and has all when they come again',
    async (moment) => {
      const vault = new MemoryVault();
      // The first put is the plans'.
      const functions = await planned([{ find: 'a' }], { configuration: twoRegions, vault: failingVault(vault, new WritePlan(2, moment)) });
      await expect(functions.collect('macie')).rejects.toThrow('planned failure');
      expect(functions.telemetry.problems).toMatchObject([{ what: 'collect failed' }]);
      expect(functions.queue.waiting).toHaveLength(2);
      expect(await functions.collect('macie')).toEqual({ batchItemFailures: [] });
      expect(await findings(functions)).toEqual(['a', 'a']);
      expect(await functions.index.unfinishedPlans()).toEqual([]);
    },
  );
});

describe('a collector whose vault loses a segment while it reads on', () => {
  it('fails every run, also the earlier one whose receipt the vault would take by then', async () => {
    const large = (name: string) => ({ find: `${name} ${'x'.repeat(1_500_000)}` });
    const functions = await planned([], {
      configuration: twoRegions,
      // Two records do not fit one segment: the first is written while the second is read, and only the other run learns that it was lost.
      source: scripted(({ region }) => (region === 'eu-west-1' ? [large('a'), large('b')] : [large('c')])),
      vault: failingVault(new MemoryVault(), new WritePlan(2, 'before')),
    });
    await expect(functions.collect('macie')).rejects.toThrow('planned failure');
    expect(await entries(functions, 'receipt')).toEqual([]);
    expect(functions.queue.waiting).toHaveLength(2);
    expect(await functions.collect('macie')).toEqual({ batchItemFailures: [] });
    expect((await findings(functions)).map(([first]) => first)).toEqual(['a', 'b', 'c']);
    expect(await entries(functions, 'receipt')).toHaveLength(2);
  });
});

describe('a collector that fails at one run', () => {
  const broken = (region: string) =>
    scripted((scope) => (scope.region === region ? [{ find: 'a' }, { throw: new TypeError('a fault of ours') }] : [{ find: 'b' }]));

  it('fails that message only, and the receipt of the other stands', async () => {
    const functions = await planned([], { configuration: twoRegions, source: broken('eu-west-1') });
    expect((await functions.collect('macie')).batchItemFailures).toHaveLength(1);
    expect((await entries(functions, 'receipt')).map(({ region }) => region)).toEqual(['us-east-1']);
    expect((await functions.index.unfinishedPlans()).map(({ region }) => region)).toEqual(['eu-west-1']);
    expect(functions.telemetry.sum('runsFailed')).toBe(1);
  });

  it('keeps the order of its group: a later run of the same account and Region waits', async () => {
    const functions = await planned([], { source: broken('eu-west-1') });
    await functions.plan('macie', '2026-11-21T03:00:00.000Z');
    expect((await functions.collect('macie')).batchItemFailures).toHaveLength(2);
    const codes = functions.telemetry.problems.map(({ error }) => (Error.isError(error) && 'code' in error ? error.code : null));
    expect(codes).toEqual([null, 'RUN_GROUP_STOPPED']);
  });

  it('makes the run a gap before the message becomes a dead letter', async () => {
    const functions = await planned([], { source: broken('eu-west-1') });
    for (let receive = 1; receive < 5; receive++) await functions.collect('macie');
    expect(functions.queue.deadLetters).toEqual([]);
    await functions.project();
    expect(await functions.index.openGaps()).toEqual([]);
    await functions.collect('macie');
    expect(functions.queue.deadLetters).toHaveLength(1);
    await functions.project();
    expect(await functions.index.openGaps()).toMatchObject([{ reason: 'interrupted', what: expect.stringMatching(/^run 2026/) }]);
    expect(await functions.index.unfinishedPlans()).toEqual([]);
    expect(await findings(functions)).toEqual(['a']);
  });
});

describe('a message that is no run', () => {
  const poison = (body: string) => record({ id: 'poison', body, receives: 1 }, 'macie.fifo');

  it.each([
    ['no JSON', '{'],
    ['of a version that is not known', '{"version":2}'],
  ])('%s: is one gap without its words, fails each time, and leaves the others alone', async (_name, body) => {
    const functions = await planned([{ find: 'a' }]);
    const [message] = functions.queue.receive('macie', 1);
    if (message === undefined) throw new Error('nothing planned');
    const batch = [poison(body), record(message, 'macie.fifo')];
    expect(await functions.handle('macie', batch)).toEqual({ batchItemFailures: [{ itemIdentifier: 'poison' }] });
    expect(await findings(functions)).toEqual(['a']);
    expect(await functions.handle('macie', [poison(body)])).toEqual({ batchItemFailures: [{ itemIdentifier: 'poison' }] });
    const gaps = await entries(functions, 'gap');
    expect(gaps).toMatchObject([{ title: 'malformed: queue message poison' }]);
    expect(functions.telemetry.sum('messagesMalformed')).toBe(2);
  });

  it('is one of another source’s', async () => {
    const functions = new FunctionHome();
    await functions.plan('cloudtrail', at);
    const [message] = functions.queue.receive('cloudtrail', 1);
    if (message === undefined) throw new Error('nothing planned');
    expect((await functions.handle('macie', [record(message, 'macie.fifo')])).batchItemFailures).toHaveLength(1);
  });
});

describe('a collector short of time', () => {
  const reserve = { markMs: 60_000, stopMs: 1_000 };
  const short = lambdaContext(() => 50_000);

  it('goes on in another run at the next mark, which knows what was stored though the index does not', async () => {
    const steps: Step[] = [{ find: 'a' }, { mark: '1' }, { find: 'a' }, { find: 'b' }, { mark: '2' }, { find: 'c' }];
    const functions = await planned(steps, { reserve });
    await functions.collect('macie', { context: short });
    expect(functions.queue.waiting).toHaveLength(1);
    await functions.collect('macie', { context: short });
    await functions.collect('macie', { context: short });
    expect(functions.queue.waiting).toEqual([]);
    const runs = functions.telemetry.lines.filter(({ what }) => what === 'run').map(({ fields }) => fields);
    expect(runs.map(({ part, recordsStored, duplicates, complete }) => ({ part, recordsStored, duplicates, complete }))).toEqual([
      { part: 1, recordsStored: 1, duplicates: 0, complete: false },
      { part: 2, recordsStored: 1, duplicates: 1, complete: false },
      { part: 3, recordsStored: 1, duplicates: 0, complete: true },
    ]);
    expect(await findings(functions)).toEqual(['a', 'b', 'c']);
    expect(await functions.index.unfinishedPlans()).toEqual([]);
  });

  it('begins the next window where the whole reading ended, not where a part did', async () => {
    const functions = await planned([{ find: 'a' }, { mark: '1' }, { find: 'b' }], { reserve });
    await functions.collect('macie', { context: short });
    await functions.project();
    expect(await functions.plan('macie', '2026-11-21T03:00:00.000Z')).toMatchObject({ planned: 0, underWay: 1 });
    await functions.collect('macie');
    await functions.project();
    await functions.plan('macie', '2026-11-21T06:00:00.000Z');
    expect(functions.queue.waiting.at(-1)?.body).toContain('"since":"2026-11-21T01:00:00.000Z"');
  });

  it('leaves open in its last receipt what an earlier part could not see', async () => {
    const steps: Step[] = [{ gap: refusedGap('macie2:ListFindings') }, { mark: '1' }, { find: 'b' }];
    const functions = await planned(steps, { reserve });
    await functions.collect('macie', { context: short });
    await functions.collect('macie', { context: short });
    await functions.project();
    expect(await functions.index.openGaps()).toMatchObject([{ what: 'macie2:ListFindings' }]);
    const runs = functions.telemetry.lines.filter(({ what }) => what === 'run');
    expect(runs.at(-1)?.fields).toMatchObject({ part: 2, complete: false });
  });

  it('says how many items it decided early, as a message cannot hand them on', async () => {
    const atEnd =
      (steps: readonly Step[]) =>
      (made: Source): Source => ({
        ...scripted(() => steps)(made),
        derivations: [{ id: 'at-end', when: 'run-end', concerns: () => true, derive: async (observation) => observation }],
      });
    const receiptOf = async (find: string) => {
      const functions = await planned([], { reserve, source: atEnd([{ find: 'a' }, { find }, { mark: '1' }, { find: 'c' }]) });
      await functions.collect('macie', { context: short });
      await functions.collect('macie', { context: short });
      const [last] = functions.telemetry.lines.filter(({ what }) => what === 'run').slice(-1);
      expect(last?.fields).toMatchObject({ part: 2, complete: true });
      expect((await findings(functions)).map(([first]) => first)).toEqual(['a', find[0], 'c']);
      const details: unknown[] = [];
      for (const { segment, line } of await entries(functions, 'receipt')) {
        const text = (await openSegment(segment, await functions.vault.get(segment)))[line] ?? '';
        details.push(decodeRecord(text).raw.detail);
      }
      return { functions, details };
    };
    const few = await receiptOf('b');
    expect(await few.functions.index.openGaps()).toEqual([]);
    expect(few.details).not.toContainEqual(expect.objectContaining({ decidedEarly: expect.anything() }));
    const many = await receiptOf(`b${randomBytes(100_000).toString('hex')}`);
    expect(await many.functions.index.openGaps()).toMatchObject([{ reason: 'unsupported', extent: 'item' }]);
    expect(many.details).toContainEqual(expect.objectContaining({ decidedEarly: 2, counts: expect.objectContaining({ itemGaps: 1 }) }));
  });

  it('closes no older gap with a part, and closes it with the last one', async () => {
    let steps: readonly Step[] = [{ gap: refusedGap('macie2:ListFindings') }];
    const functions = await planned([], { reserve, source: scripted(() => steps) });
    await functions.collect('macie');
    await functions.project();
    expect(await functions.index.openGaps()).toHaveLength(1);
    steps = [{ find: 'a' }, { mark: '1' }, { find: 'b' }];
    await functions.plan('macie', '2026-11-21T03:00:00.000Z');
    await functions.collect('macie', { context: short });
    await functions.project();
    expect(await functions.index.openGaps()).toHaveLength(1);
    await functions.collect('macie', { context: short });
    await functions.project();
    expect(await functions.index.openGaps()).toEqual([]);
  });

  it('says what is left where the source came to no mark, and the next window covers it', async () => {
    const functions = await planned([{ find: 'a' }, { wait: true }], { reserve });
    await functions.collect('macie', { context: lambdaContext(() => 1_050) });
    expect(functions.queue.waiting).toEqual([]);
    expect(await findings(functions)).toEqual(['a']);
    expect(await functions.index.openGaps()).toMatchObject([{ reason: 'interrupted', what: 'macie window' }]);
    expect(await functions.index.unfinishedPlans()).toEqual([]);
    await functions.plan('macie', '2026-11-21T03:00:00.000Z');
    expect(functions.queue.waiting.at(-1)?.body).toContain('"since":"2026-10-22T02:00:00.000Z"');
  });

  it('goes on from the last mark when the service throttles it until time is out', async () => {
    const steps: Step[] = [{ find: 'a' }, { mark: '1' }, { find: 'b' }, { wait: true }];
    const functions = await planned(steps, { reserve: { markMs: 1_010, stopMs: 1_000 } });
    await functions.collect('macie', { context: lambdaContext(() => 1_050) });
    expect(functions.queue.waiting.map(({ body }) => JSON.parse(body).resumeAfter)).toEqual(['1']);
    expect(await findings(functions)).toEqual(['a', 'b']);
  });

  it('does not go round for ever where the next part comes no further', async () => {
    const steps: Step[] = [{ mark: '1' }, { find: 'b' }, { wait: true }];
    const functions = await planned(steps, { reserve: { markMs: 1_010, stopMs: 1_000 } });
    const context = lambdaContext(() => 1_050);
    await functions.collect('macie', { context });
    await functions.collect('macie', { context });
    expect(functions.queue.waiting).toEqual([]);
    await functions.project();
    expect(await functions.index.openGaps()).toMatchObject([{ reason: 'interrupted', what: 'macie window' }]);
  });

  it('queues again what it had no time to begin', async () => {
    const functions = await planned([{ find: 'a' }], { configuration: twoRegions, reserve });
    expect(await functions.collect('macie', { context: short })).toEqual({ batchItemFailures: [] });
    expect(functions.queue.waiting.map(({ receives }) => receives)).toEqual([0]);
    await functions.collect('macie', { context: short });
    expect(functions.queue.waiting).toEqual([]);
    expect(await findings(functions)).toEqual(['a', 'a']);
  });

  it('fails where the queue refuses the rest, and reads the part again', async () => {
    const functions = await planned([{ find: 'a' }, { mark: '1' }, { find: 'b' }], { reserve });
    functions.queue.refuses = '.2';
    expect((await functions.collect('macie', { context: short })).batchItemFailures).toHaveLength(1);
    functions.queue.refuses = null;
    await functions.collect('macie', { context: short });
    await functions.collect('macie', { context: short });
    expect(await findings(functions)).toEqual(['a', 'b']);
    expect(await functions.index.unfinishedPlans()).toEqual([]);
  });

  it('killed after it queued the rest: both are read again and nothing is doubled', async () => {
    const functions = await planned([{ find: 'a' }, { mark: '1' }, { find: 'b' }], { reserve });
    const [first] = functions.queue.receive('macie', 1);
    if (first === undefined) throw new Error('nothing planned');
    await functions.handle('macie', [record(first, 'macie.fifo')], short);
    functions.queue.forgetSent();
    // The first message was never acknowledged, so it comes again, and so does what it sends.
    for (let n = 0; n < 4; n++) await functions.collect('macie', { most: 1, context: short });
    expect(functions.queue.waiting).toEqual([]);
    expect(await findings(functions)).toEqual(['a', 'b']);
    expect(await functions.index.unfinishedPlans()).toEqual([]);
  });
});
