// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../../src/evidence/json.ts';
import type { Source } from '../../../../src/sources/source.ts';
import { failingVault, WritePlan } from '../../../support/failing.ts';
import { FunctionHome, type FunctionHomeOptions, record } from '../../../support/function-home.ts';
import { listAll } from '../../../support/index-views.ts';
import { sensitiveFinding } from '../../../support/macie.ts';
import { MemoryVault } from '../../../support/memory-vault.ts';
import { refusedGap } from '../../../support/scripted-source.ts';

const account = '111122223333';

function message(id: string, detail: JsonObject, envelope: JsonObject = {}) {
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
  return record({ id, body: JSON.stringify({ ...event, ...envelope }), receives: 1 }, 'macie-events');
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
    expect(await kinds(functions)).toEqual(['finding', 'gap', 'gap', 'plan', 'receipt']);
    expect((await functions.index.openGaps()).map(({ reason }) => reason).sort()).toEqual(['malformed', 'unsupported']);
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
