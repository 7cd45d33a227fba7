// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../../src/evidence/json.ts';
import type { Source } from '../../../../src/sources/source.ts';
import { failingVault, WritePlan } from '../../../support/failing.ts';
import { FunctionHome, type FunctionHomeOptions, lambdaContext, record } from '../../../support/function-home.ts';
import { listAll } from '../../../support/index-views.ts';
import { sensitiveFinding } from '../../../support/macie.ts';
import { MemoryVault } from '../../../support/memory-vault.ts';
import { refusedGap } from '../../../support/scripted-source.ts';

const account = '111122223333';

function message(id: string, detail: JsonObject, envelope: JsonObject = {}, receives = 1) {
  const event = {
    version: '0',
    id: `event-${id}`,
    'detail-type': 'Macie Finding',
    source: 'aws.macie',
    account,
    time: '2026-11-03T13:48:00Z',
    region: 'eu-west-1',
    resources: [],
    detail,
  };
  return record({ id, body: JSON.stringify({ ...event, ...envelope }), receives }, 'macie-events');
}

/** Macie, which answers the finding that the events carry. */
const polling = (made: Source): Source => ({
  ...made,
  read: async function* (_connection, { partition, region, sweptAt }) {
    const context = { partition, account, region, sweptAt };
    yield {
      item: {
        source: 'macie',
        shape: 'finding',
        text: JSON.stringify(sensitiveFinding),
        channel: { kind: 'api', requestId: 'r' },
        context,
      },
    };
  },
});

const kinds = async (functions: FunctionHome) => (await listAll(functions.index, {}, 100)).map(({ kind }) => kind).sort();

function events(options: FunctionHomeOptions = {}) {
  const functions = new FunctionHome({ source: polling, ...options });
  return { functions, take: (records: readonly unknown[]) => functions.handle('macie', records) };
}

describe('events on the collector’s other queue', () => {
  it('are a run with plan and receipt in one segment', async () => {
    const { functions, take } = events();
    expect(await take([message('1', sensitiveFinding)])).toEqual({ batchItemFailures: [] });
    expect(await Array.fromAsync(functions.vault.list(''))).toHaveLength(1);
    await functions.project();
    expect(await kinds(functions)).toEqual(['finding', 'plan', 'receipt']);
    expect(await functions.index.unfinishedPlans()).toEqual([]);
    expect(functions.telemetry.lines.find(({ what }) => what === 'events')?.fields).toMatchObject({ recordsStored: 1, gaps: 0 });
  });

  it('give the id that polling gives, whichever comes first', async () => {
    const first = events();
    await first.take([message('1', sensitiveFinding)]);
    await first.functions.project();
    await first.functions.plan('macie', '2026-11-21T02:00:00.000Z');
    await first.functions.collect('macie');
    await first.functions.project();
    const [finding, ...others] = await listAll(first.functions.index, { kind: 'finding' }, 100);
    expect(others).toEqual([]);
    const second = events();
    await second.functions.plan('macie', '2026-11-21T02:00:00.000Z');
    await second.functions.collect('macie');
    await second.take([message('1', sensitiveFinding)]);
    await second.functions.project();
    expect((await listAll(second.functions.index, { kind: 'finding' }, 100)).map(({ id }) => id)).toEqual([finding?.id]);
  });

  it('change nothing when they come twice, in one batch or in two, or out of order', async () => {
    const later = { ...sensitiveFinding, updatedAt: '2026-11-05T00:00:00.000Z', count: 2 };
    const { functions, take } = events();
    await take([message('2', later), message('1', sensitiveFinding), message('3', sensitiveFinding)]);
    await functions.project();
    const ids = (await listAll(functions.index, { kind: 'finding' }, 100)).map(({ id }) => id);
    expect(ids).toHaveLength(2);
    await take([message('1', sensitiveFinding), message('2', later)]);
    await functions.project();
    expect((await listAll(functions.index, { kind: 'finding' }, 100)).map(({ id }) => id)).toEqual(ids);
  });

  it('do not move the window of polling, nor close its gaps', async () => {
    const failing = (made: Source): Source => ({
      ...made,
      read: async function* () {
        yield { gap: refusedGap('macie2:ListFindings') };
      },
    });
    const { functions, take } = events({ source: failing });
    await functions.plan('macie', '2026-11-21T02:00:00.000Z');
    await functions.collect('macie');
    await take([message('1', sensitiveFinding)]);
    await functions.project();
    expect(await functions.index.openGaps()).toMatchObject([{ what: 'macie2:ListFindings' }]);
    await functions.plan('macie', '2026-11-21T03:00:00.000Z');
    expect(functions.queue.waiting[0]?.body).toContain('"since":"2026-10-22T02:00:00.000Z"');
  });

  it('come again when the vault fails, and are one run then', async () => {
    const vault = new MemoryVault();
    const { functions, take } = events({ vault: failingVault(vault, new WritePlan(1, 'after')) });
    await expect(take([message('1', sensitiveFinding)])).rejects.toThrow('planned failure');
    expect(await take([message('1', sensitiveFinding)])).toEqual({ batchItemFailures: [] });
    await functions.project();
    expect(await listAll(functions.index, { kind: 'finding' }, 100)).toHaveLength(1);
    expect(new Set((await listAll(functions.index, { kind: 'receipt' }, 100)).map(({ run }) => run)).size).toBe(1);
  });

  it('that are none fail alone and are a gap; those of another service are a gap of their run', async () => {
    const { functions, take } = events();
    const poison = record({ id: 'poison', body: '{"detail":{}}', receives: 1 }, 'macie-events');
    const strange = message('strange', { hello: 'world' }, { 'detail-type': 'Other' });
    expect(await take([poison, strange, message('1', sensitiveFinding)])).toEqual({ batchItemFailures: [{ itemIdentifier: 'poison' }] });
    await functions.project();
    expect(await kinds(functions)).toEqual(['finding', 'gap', 'gap', 'plan', 'plan', 'receipt', 'receipt']);
    expect((await functions.index.openGaps()).map(({ reason }) => reason).sort()).toEqual(['malformed', 'unsupported']);
  });

  it('that nobody can read stay a gap when other events and planned runs go well', async () => {
    const { functions, take } = events();
    await take([
      record({ id: 'poison', body: '{"detail":{}}', receives: 1 }, 'macie-events'),
      message('1', { hello: 'world' }, { 'detail-type': 'Something New' }),
    ]);
    await functions.project();
    expect(await functions.index.openGaps()).toHaveLength(2);
    await take([message('2', sensitiveFinding)]);
    await functions.plan('macie', '2026-11-21T02:00:00.000Z');
    await functions.collect('macie');
    await functions.project();
    expect(await functions.index.openGaps()).toMatchObject([{ reason: 'malformed', what: 'queue message poison' }]);
    expect(await functions.index.unfinishedPlans()).toEqual([]);
  });

  it('that only say that something changed let the next run come now, once in five minutes', async () => {
    const { functions, take } = events();
    const hint = (id: string) => message(id, {}, { 'detail-type': 'SageMaker Processing Job State Change', source: 'aws.sagemaker' });
    expect(await take([hint('1'), hint('2')])).toEqual({ batchItemFailures: [] });
    expect(functions.queue.waiting).toHaveLength(1);
    expect(functions.queue.waiting[0]?.body).toContain(`"account":"${account}"`);
    await functions.collect('macie');
    await functions.project();
    expect(await listAll(functions.index, { kind: 'finding' }, 100)).toHaveLength(1);
  });

  it('of accounts and Regions that nobody wants read are neither taken nor let a run come', async () => {
    const { functions, take } = events({ configuration: { accounts: [account], regions: ['eu-west-1'] } });
    const elsewhere = { region: 'us-east-1' };
    const hint = { 'detail-type': 'SageMaker Processing Job State Change', source: 'aws.sagemaker' };
    const foreign = [message('1', sensitiveFinding, elsewhere), message('2', {}, { ...hint, account: '777788889999' })];
    expect(await take(foreign)).toEqual({ batchItemFailures: [] });
    await functions.project();
    expect([await kinds(functions), functions.queue.waiting]).toEqual([[], []]);
    await take([message('3', sensitiveFinding), message('4', {}, hint)]);
    await functions.project();
    expect(await kinds(functions)).toEqual(['finding', 'plan', 'plan', 'receipt']);
    expect(functions.queue.waiting).toHaveLength(1);
  });

  it('name a report that cannot be reached: a gap, and no failure', async () => {
    const { functions } = events({
      connect: async () => ({ gap: refusedGap('sts:AssumeRole') }),
      configuration: { reportLocations: [{ location: 's3://reports/monitoring/' }] },
    });
    const created = message(
      '1',
      { bucket: { name: 'reports' }, object: { key: 'monitoring/run/constraint_violations.json' } },
      { 'detail-type': 'Object Created', source: 'aws.s3' },
    );
    expect(await functions.handle('sagemaker-model-monitor', [created])).toEqual({ batchItemFailures: [] });
    await functions.project();
    expect(await functions.index.openGaps()).toMatchObject([{ source: 'sagemaker-model-monitor', what: 'sts:AssumeRole' }]);
  });

  it('of a log file are a run of the account that the file is of; of accounts that are not collected from they are no run at all', async () => {
    const asked: string[] = [];
    const functions = new FunctionHome({
      connect: async ({ account: of, region }) => {
        asked.push(`${of} ${region}`);
        return { gap: refusedGap('sts:AssumeRole') };
      },
      configuration: { accounts: ['444455556666'], trailBuckets: [{ location: 's3://trail/' }] },
    });
    const created = (id: string, of: string) => {
      const name = `${of}_CloudTrail_eu-west-1_20261103T0005Z_x.json.gz`;
      const key = `AWSLogs/o-exampleorgid/${of}/CloudTrail/eu-west-1/2026/11/03/${name}`;
      return message(id, { bucket: { name: 'trail' }, object: { key } }, { 'detail-type': 'Object Created', source: 'aws.s3' });
    };
    expect(await functions.handle('cloudtrail', [created('1', '777788889999')])).toEqual({ batchItemFailures: [] });
    await functions.project();
    expect(await kinds(functions)).toEqual([]);
    expect(await functions.handle('cloudtrail', [created('2', '444455556666')])).toEqual({ batchItemFailures: [] });
    await functions.project();
    expect(await kinds(functions)).toEqual(['gap', 'plan', 'receipt']);
    expect(asked).toEqual(['444455556666 eu-west-1']);
    expect(await functions.index.openGaps()).toMatchObject([{ source: 'cloudtrail', account: '444455556666' }]);
  });
});

describe('events that cannot be taken', () => {
  const broken =
    (name: string) =>
    (made: Source): Source => ({
      ...polling(made),
      interpret: (item, value) => {
        if (item.text.includes(name)) throw new TypeError('a fault of ours');
        return made.interpret(item, value);
      },
    });
  const poisoned = (receives: number) => message('bad', { ...sensitiveFinding, id: 'poisoned' }, {}, receives);
  const events = (options: FunctionHomeOptions = {}) => new FunctionHome({ source: broken('poisoned'), ...options });
  const receipts = async ({ index }: FunctionHome) =>
    (await index.series(`receipt|macie|${account}|eu-west-1|no-window`, { before: '9999', limit: 10 })).map(
      ({ facts }) => facts['complete'],
    );

  it('fail alone; the receipt of the others does not say that all was seen', async () => {
    const functions = events();
    const batch = [poisoned(1), message('1', sensitiveFinding)];
    expect(await functions.handle('macie', batch)).toEqual({ batchItemFailures: [{ itemIdentifier: 'bad' }] });
    await functions.project();
    expect(await kinds(functions)).toEqual(['finding', 'plan', 'receipt']);
    expect(await receipts(functions)).toEqual([false]);
    await functions.handle('macie', [message('2', sensitiveFinding)]);
    await functions.project();
    expect((await receipts(functions)).toSorted()).toEqual([false, true]);
    expect(await functions.index.openGaps()).toEqual([]);
  });

  it('close no gap of a planned run', async () => {
    const failing = (made: Source): Source => ({
      ...broken('poisoned')(made),
      read: async function* () {
        yield { gap: refusedGap('macie2:ListFindings') };
      },
    });
    const functions = events({ source: failing });
    await functions.plan('macie', '2026-11-21T02:00:00.000Z');
    await functions.collect('macie');
    await functions.handle('macie', [poisoned(5)]);
    await functions.project();
    expect((await functions.index.openGaps()).map(({ what }) => what)).toEqual(['event message bad', 'macie2:ListFindings']);
  });

  it('for which no time is left go back to the queue, and those before them are kept', async () => {
    const functions = events({ reserve: { markMs: 60_000, stopMs: 30_000 } });
    let remainingMs = 31_000;
    const context = lambdaContext(() => (remainingMs -= 100));
    const batch = Array.from({ length: 20 }, (_, n) => message(`${n}`, { ...sensitiveFinding, id: `finding-${n}` }));
    const { batchItemFailures: failed } = await functions.handle('macie', batch, context);
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.length).toBeLessThan(batch.length);
    await functions.project();
    // The one that time ended at may be taken already: it comes again and is known.
    const kept = (await listAll(functions.index, { kind: 'finding' }, 100)).length;
    expect([batch.length - failed.length, batch.length - failed.length + 1]).toContain(kept);
    expect(await receipts(functions)).toEqual([false]);
    expect(functions.telemetry.problems[0]?.error).toMatchObject({ code: 'EVENTS_OUT_OF_TIME' });
    const again = batch.filter(({ messageId }) => failed.some(({ itemIdentifier }) => itemIdentifier === messageId));
    expect(await functions.handle('macie', again)).toEqual({ batchItemFailures: [] });
    await functions.project();
    expect(await listAll(functions.index, { kind: 'finding' }, 100)).toHaveLength(batch.length);
  });

  it('as what they name does not answer in time; what would be asked too late is not', async () => {
    let asked = 0;
    const waiting = async () => {
      asked++;
      return await new Promise<never>(() => undefined);
    };
    const functions = events({
      connect: waiting,
      reserve: { markMs: 60_000, stopMs: 1_000 },
      configuration: { reportLocations: [{ location: 's3://reports/monitoring/' }] },
    });
    const object = { bucket: { name: 'reports' }, object: { key: 'monitoring/run/constraint_violations.json' } };
    const created = message('1', object, { 'detail-type': 'Object Created', source: 'aws.s3' }, 5);
    for (const remainingMs of [950, 1_050]) {
      expect(asked).toBe(0);
      const context = lambdaContext(() => remainingMs);
      expect((await functions.handle('sagemaker-model-monitor', [created], context)).batchItemFailures).toHaveLength(1);
    }
    expect(asked).toBe(1);
    await functions.project();
    expect(await functions.index.openGaps()).toMatchObject([{ reason: 'interrupted', what: 'event message 1' }]);
  });
});
