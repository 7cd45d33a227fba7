// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../../src/evidence/json.ts';
import type { Source } from '../../../../src/sources/source.ts';
import { failingVault, WritePlan } from '../../../support/failing.ts';
import { FunctionHome, type FunctionHomeOptions, lambdaContext, record } from '../../../support/function-home.ts';
import { listAll } from '../../../support/index-views.ts';
import { sensitiveFinding } from '../../../support/macie.ts';
import { MemoryVault } from '../../../support/memory-vault.ts';
import { type Step, scripted } from '../../../support/scripted-source.ts';

const account = '111122223333';
const archive = '999988887777';
const at = (time: string, day = 21) => `2026-11-${day}T${time}:00.000Z`;
const envelope = { version: '0', 'detail-type': 'Macie Finding', source: 'aws.macie', account, time: at('03:00'), region: 'eu-west-1' };

function message(
  id: string,
  detail: JsonObject,
  { receives = 5, ...more }: JsonObject & { readonly receives?: number } = {},
  source = 'macie',
) {
  const body = JSON.stringify({ ...envelope, id: `event-${id}`, resources: [], detail, ...more });
  return record({ id, body, receives }, `${source}-events`);
}

/** A home whose events fail, and whose clock stands until it is set. Its planned runs read what `reading` says. */
function failingHome(options: FunctionHomeOptions = {}) {
  const clock = { at: at('01:00') };
  const reading: { steps: readonly Step[] } = { steps: [{ find: 'a' }] };
  const source = (made: Source): Source => {
    const read = scripted(() => reading.steps)(made);
    return {
      ...read,
      interpret: (item, value) => {
        if (item.channel.kind === 'event') throw new TypeError('a fault of ours');
        return read.interpret(item, value);
      },
    };
  };
  const functions = new FunctionHome({
    source,
    reserve: { markMs: 60_000, stopMs: 1_000 },
    now: () => new Date(clock.at),
    ...options,
    configuration: { sources: ['macie'], regions: ['eu-west-1'], ...options.configuration },
  });
  const open = async () => {
    await functions.project();
    return (await functions.index.openGaps()).map(({ what, account: of, region }) => `${what} ${of} ${region}`);
  };
  const take = async (time: string, records: readonly unknown[]) => {
    clock.at = time;
    return await functions.handle('macie', records);
  };
  const plan = async (time: string) => {
    await functions.project();
    clock.at = time;
    await functions.plan('macie', time);
  };
  const collect = async (time: string, context = lambdaContext()) => {
    clock.at = time;
    await functions.collect('macie', { context });
  };
  return { functions, clock, reading, open, take, plan, collect };
}

const gap = `event message bad ${account} eu-west-1`;

describe('an event that its queue gives up on', () => {
  it('is a gap before it is a dead letter: the next planned run closes it, the next event does not', async () => {
    const { functions, open, take, plan, collect } = failingHome();
    expect((await take(at('08:00'), [message('bad', sensitiveFinding)])).batchItemFailures).toHaveLength(1);
    expect(functions.telemetry.sum('gaps')).toBe(1);
    expect(await open()).toEqual([gap]);
    expect(await functions.index.unfinishedPlans()).toEqual([]);
    await take(at('08:05'), [message('strange', { hello: 'world' }, { receives: 1, 'detail-type': 'Other' })]);
    expect(await open()).toContain(gap);
    await plan(at('09:00'));
    await collect(at('09:01'));
    expect(await open()).not.toContain(gap);
  });

  it('stays a gap when a run ends that was planned before it failed', async () => {
    const { open, take, plan, collect } = failingHome();
    await plan(at('02:00'));
    await take(at('08:00'), [message('bad', sensitiveFinding)]);
    expect(await open()).toEqual([gap]);
    await collect(at('08:10'));
    expect(await open()).toEqual([gap]);
    await plan(at('09:00'));
    await collect(at('09:01'));
    expect(await open()).toEqual([]);
  });

  it('stays a gap when the first part of a later run ends, also of one that was planned in that very moment', async () => {
    for (const planned of ['08:00', '09:00']) {
      const { reading, open, take, plan, collect } = failingHome();
      reading.steps = [{ find: 'a' }, { mark: '1' }, { find: 'b' }];
      await take(at('08:00'), [message('bad', sensitiveFinding)]);
      await plan(at(planned));
      const short = lambdaContext(() => 50_000);
      await collect(at('09:01'), short);
      expect(await open()).toEqual([gap]);
      await collect(at('09:02'), short);
      expect(await open()).toEqual([]);
    }
  });

  it('is open again when a person sends it round and it fails again, and the next run closes it', async () => {
    const { open, take, plan, collect } = failingHome();
    await take(at('08:00'), [message('bad', sensitiveFinding)]);
    // The last window begins two days after the first failure.
    for (const [time, day] of [
      ['09:00', 21],
      ['12:00', 23],
    ] as const) {
      await plan(at(time, day));
      await collect(at(time, day));
      expect(await open()).toEqual([]);
    }
    await take(at('12:00', 24), [message('bad', sensitiveFinding)]);
    expect(await open()).toEqual([gap]);
    await plan(at('13:00', 24));
    await collect(at('13:01', 24));
    expect(await open()).toEqual([]);
  });

  it('does not count among the plans that the schedule made', async () => {
    const { functions, open, take, plan } = failingHome();
    const plans = async () => await functions.index.series(`plan|macie|${account}|eu-west-1`, { before: '9999', limit: 10 });
    await take(at('08:00'), [message('bad', sensitiveFinding)]);
    expect(await open()).toEqual([gap]);
    expect(await plans()).toEqual([]);
    await plan(at('09:00'));
    await functions.project();
    expect(await plans()).toHaveLength(1);
  });

  it('is closed by the runs of the sample account, whose present stands still', async () => {
    const { reading, open, take, plan, collect } = failingHome({
      kind: 'sample',
      connect: async ({ region }) => ({ connection: { region, clientConfig: {}, channel: 'sample' }, readAs: 'arn:x' }),
    });
    reading.steps = [{ find: 'a' }, { mark: '1' }, { find: 'b' }];
    await take(at('08:00'), [message('bad', sensitiveFinding)]);
    await plan(at('09:00'));
    const short = lambdaContext(() => 50_000);
    await collect(at('09:01'), short);
    expect(await open()).toHaveLength(1);
    await collect(at('09:02'), short);
    expect(await open()).toEqual([]);
  });
});

describe('an event of a report that its queue gives up on', () => {
  const monitor = 'sagemaker-model-monitor';
  const created = (bucket: string, more: JsonObject = {}) => {
    const detail = { bucket: { name: bucket }, object: { key: 'monitor/x/constraint_violations.json' } };
    return message('bad', detail, { source: 'aws.s3', 'detail-type': 'Object Created', ...more }, monitor);
  };
  const reportHome = () => {
    const clock = { at: at('08:00') };
    const functions = new FunctionHome({
      source: (made) => ({
        ...made,
        read: async function* () {},
        objects: {
          below: 'reportLocations',
          ownerOf: () => null,
          read: async function* () {
            yield await Promise.reject(new Error('S3 is down'));
          },
        },
      }),
      now: () => new Date(clock.at),
      configuration: {
        sources: [monitor],
        regions: ['eu-west-1'],
        reportLocations: [{ location: 's3://central/monitor' }, { location: 's3://named/monitor', account: '444455556666' }],
      },
    });
    const open = async () => {
      await functions.project();
      return (await functions.index.openGaps()).map(({ what, account: of, region }) => `${what} ${of} ${region}`);
    };
    return { functions, clock, open };
  };

  it.each([
    ['of another account', { account: archive }],
    ['in a Region that is not collected from', { region: 'us-west-2' }],
  ])('is a gap where the bucket is %s, and closed by the planned run that lists it', async (_where, owner) => {
    const { functions, clock, open } = reportHome();
    expect((await functions.handle(monitor, [created('central', owner)])).batchItemFailures).toHaveLength(1);
    expect(await open()).toEqual([gap]);
    clock.at = at('09:00');
    await functions.plan(monitor, clock.at);
    clock.at = at('09:01');
    await functions.collect(monitor);
    expect(await open()).toEqual([]);
  });

  it('is a gap of the account that its location names', async () => {
    const { functions, open } = reportHome();
    await functions.handle(monitor, [created('named', { account: archive })]);
    expect(await open()).toEqual(['event message bad 444455556666 eu-west-1']);
  });
});

describe('a batch of events whose segment is lost when its queue gives up on it', () => {
  const batch = [message('bad', sensitiveFinding), message('young', { ...sensitiveFinding, id: 'young' }, { receives: 2 })];

  it.each(['before', 'after'] as const)('fails, and leaves the gaps of what becomes a dead letter (%s the put)', async (moment) => {
    const vault = failingVault(new MemoryVault(), new WritePlan(1, moment));
    const { functions, open, take, plan, collect } = failingHome({ vault });
    await expect(take(at('08:00'), batch)).rejects.toThrow('planned failure');
    expect(await open()).toEqual([gap]);
    expect(functions.telemetry.sum('gaps')).toBe(1);
    await plan(at('09:00'));
    await collect(at('09:01'));
    expect(await open()).toEqual([]);
  });

  it('leaves the gap of a message that nobody can read too', async () => {
    const vault = failingVault(new MemoryVault(), new WritePlan(1, 'before'));
    const { open, take } = failingHome({ vault });
    const poison = record({ id: 'poison', body: '{', receives: 5 }, 'macie-events');
    await expect(take(at('08:00'), [...batch, poison])).rejects.toThrow('planned failure');
    expect(await open()).toEqual([gap, `queue message poison ${account} eu-west-1`]);
  });

  it('leaves none where every message comes again', async () => {
    const vault = failingVault(new MemoryVault(), new WritePlan(1, 'before'));
    const { functions, take } = failingHome({ vault });
    await expect(take(at('08:00'), batch.slice(1))).rejects.toThrow('planned failure');
    await functions.project();
    expect(await listAll(functions.index, {}, 10)).toEqual([]);
  });

  it('fails with its own reason where the vault does not take the gaps either', async () => {
    let puts = 0;
    const memory = new MemoryVault();
    const vault = Object.assign(Object.create(memory), {
      put: async () => {
        throw new Error(`put ${++puts} was refused`);
      },
    });
    const { functions, take } = failingHome({ vault });
    await expect(take(at('08:00'), batch)).rejects.toThrow('put 1 was refused');
    const problem = functions.telemetry.problems.find(({ what }) => what === 'gaps of dead letters not sealed');
    expect(problem).toMatchObject({ fields: { messages: 1 }, error: { message: 'put 2 was refused' } });
  });
});
