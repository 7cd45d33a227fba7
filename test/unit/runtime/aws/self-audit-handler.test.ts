// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { SqliteIndex } from '../../../../src/evidence-index/sqlite-index.ts';
import { FunctionHome, type FunctionHomeOptions, lambdaContext } from '../../../support/function-home.ts';
import { listAll } from '../../../support/index-views.ts';
import { MemoryVault } from '../../../support/memory-vault.ts';
import { refusedGap, scripted } from '../../../support/scripted-source.ts';

let clock = 0;
// A second passes at each look, so that what comes later is later.
const since = (start: string) => () => new Date(Date.parse(start) + 1_000 * clock++);
const planAt = '2026-11-21T02:00:00.000Z';
const auditAt = '2026-11-22T02:50:00.000Z';
// Only what the test collects is expected to be planned.
const onlyMacie: FunctionHomeOptions = {
  now: since('2026-11-22T02:30:00Z'),
  configuration: { sources: ['macie'] },
  source: scripted(() => [{ find: 'a' }]),
};

async function collected(options: FunctionHomeOptions = onlyMacie, at = planAt): Promise<FunctionHome> {
  const functions = new FunctionHome(options);
  await functions.plan('macie', at);
  await functions.collect('macie');
  return functions;
}

const openGaps = async (functions: FunctionHome) => {
  await functions.project();
  return (await functions.index.openGaps()).map(({ source, reason, what }) => `${source} ${reason} ${what}`);
};

describe('the self-audit', () => {
  it('records itself: a plan before, a receipt after, with what it found', async () => {
    const functions = await collected(onlyMacie, '2026-11-22T02:00:00.000Z');
    await functions.project();
    expect(await functions.audit(auditAt)).toMatchObject({ segments: 3, absentCount: 0, isFinished: true });
    await functions.project();
    const own = (await listAll(functions.index, { source: 'aims-evidence' }, 100)).map(({ kind, account, region }) =>
      [kind, account, region].join(' '),
    );
    expect(own.sort()).toEqual(['plan 111122223333 eu-west-1', 'receipt 111122223333 eu-west-1']);
    expect(await functions.index.unfinishedPlans()).toEqual([]);
    expect(await openGaps(functions)).toEqual([]);
    expect(
      functions.telemetry.sum('missedRuns') + functions.telemetry.sum('indexDifferences') + functions.telemetry.sum('vaultProblems'),
    ).toBe(0);
    expect(functions.telemetry.sum('vaultSegments')).toBe(3);
  });

  it('gives the index what the projection missed, and rings when that is a day old', async () => {
    const functions = await collected({ ...onlyMacie, now: since('2026-11-21T02:00:30Z') }, '2026-11-22T02:00:00.000Z');
    expect(await functions.audit(auditAt)).toMatchObject({ appliedSegments: 3 });
    expect((await listAll(functions.index, { kind: 'finding' }, 100)).map(({ title }) => title)).toEqual(['a']);
    // Two segments and the audit's own plan were written on the 21st, before the day of the audit.
    expect(functions.telemetry.sum('indexDifferences')).toBe(3);
    expect(await functions.audit('2026-11-22T03:00:00.000Z')).toMatchObject({ appliedSegments: 2 });
  });

  it('makes a plan without a receipt a gap when its queue must have given up on it, not before, and once', async () => {
    const functions = new FunctionHome(onlyMacie);
    await functions.plan('macie', planAt);
    await functions.project();
    await functions.audit('2026-11-21T05:00:00.000Z');
    expect(await openGaps(functions)).not.toContainEqual(expect.stringContaining('interrupted run'));
    await functions.audit(auditAt);
    expect(await openGaps(functions)).toContainEqual(expect.stringMatching(/^macie interrupted run 20261121T020000Z-macie-/));
    expect(await functions.index.unfinishedPlans()).toEqual([]);
    const gaps = (await listAll(functions.index, { kind: 'gap' }, 100)).length;
    await functions.audit('2026-11-23T02:50:00.000Z');
    await functions.project();
    expect((await listAll(functions.index, { kind: 'gap' }, 100)).length).toBe(gaps);
    expect(functions.telemetry.sum('missedRuns')).toBeGreaterThan(0);
  });

  it('makes a plan that never came a gap for each target, and closes it when one comes', async () => {
    const options = {
      ...onlyMacie,
      now: since('2026-11-20T02:00:30Z'),
      configuration: { sources: ['macie', 'cloudtrail'], regions: ['eu-west-1', 'us-east-1'] },
    } satisfies FunctionHomeOptions;
    const functions = await collected(options, '2026-11-22T02:00:00.000Z');
    await functions.project();
    await functions.audit(auditAt);
    // Whether CloudTrail is a source since yesterday or since a minute ago, the first audit cannot know.
    expect((await openGaps(functions)).filter((gap) => gap.includes('schedule'))).toEqual([]);
    await functions.audit('2026-11-22T05:00:00.000Z');
    expect((await openGaps(functions)).filter((gap) => gap.startsWith('cloudtrail'))).toEqual([
      'cloudtrail interrupted schedule rate(15 minutes)',
      'cloudtrail interrupted schedule rate(15 minutes)',
    ]);
    expect((await openGaps(functions)).filter((gap) => gap.startsWith('macie'))).toHaveLength(2);
    await functions.plan('macie', '2026-11-22T05:00:00.000Z');
    await functions.collect('macie');
    expect((await openGaps(functions)).filter((gap) => gap.startsWith('macie'))).toEqual([]);
  });

  it('expects no plan from before there was a home', async () => {
    const functions = new FunctionHome(onlyMacie);
    await functions.audit('2026-11-21T02:50:00.000Z');
    expect(await openGaps(functions)).toEqual([]);
  });

  it('names a segment that the index has and the vault has not, until it is back; not one whose time is over', async () => {
    const vault = new MemoryVault();
    const functions = await collected({ ...onlyMacie, vault }, '2026-11-22T02:00:00.000Z');
    await functions.project();
    const [first] = await Array.fromAsync(vault.list(''));
    const bytes = vault.objects.get(first?.key ?? '') ?? Buffer.alloc(0);
    vault.objects.delete(first?.key ?? '');
    expect(await functions.audit(auditAt)).toMatchObject({ absentCount: 1 });
    expect(await openGaps(functions)).toContain(`aims-evidence unavailable segment ${first?.key}`);
    expect(functions.telemetry.sum('vaultProblems')).toBe(1);
    vault.objects.set(first?.key ?? '', bytes);
    await functions.audit('2026-11-22T03:00:00.000Z');
    expect(await openGaps(functions)).not.toContain(`aims-evidence unavailable segment ${first?.key}`);
    vault.objects.delete(first?.key ?? '');
    expect(await functions.audit('2030-11-22T03:00:00.000Z')).toMatchObject({ absentCount: 0 });
  });

  it('names no segment that was written while it listed, behind the place it had come to', async () => {
    const vault = new MemoryVault();
    const functions = await collected({ ...onlyMacie, vault }, '2026-11-22T02:00:00.000Z');
    await functions.project();
    const list = vault.list.bind(vault);
    const keys = (await Array.fromAsync(list(''))).map(({ key }) => key);
    // The last one: nothing held comes after it in the index. The first one: others do.
    for (const late of [keys[0], keys.at(-1)]) {
      vault.list = async function* (prefix) {
        for await (const entry of list(prefix)) if (entry.key !== late) yield entry;
      };
      expect(await functions.audit(auditAt)).toMatchObject({ absentCount: 0, isFinished: true });
      expect(await openGaps(functions)).not.toContain(`aims-evidence unavailable segment ${late}`);
      vault.list = list;
    }
    vault.objects.delete(keys[0] ?? '');
    expect(await functions.audit('2026-11-22T03:00:00.000Z')).toMatchObject({ absentCount: 1 });
  });

  it('names a segment that cannot be read, and compares the others', async () => {
    const vault = new MemoryVault();
    const functions = await collected({ ...onlyMacie, vault }, '2026-11-22T02:00:00.000Z');
    const [first] = await Array.fromAsync(vault.list(''));
    vault.objects.set(first?.key ?? '', Buffer.from('other bytes'));
    expect(await functions.audit(auditAt)).toMatchObject({ segments: 3, appliedSegments: 2 });
    expect(await openGaps(functions)).toContain(`aims-evidence malformed segment ${first?.key}`);
  });

  it('says when its time was too short for all of the vault', async () => {
    const functions = await collected(onlyMacie, '2026-11-22T02:00:00.000Z');
    expect(
      await functions.audit(
        auditAt,
        'audit',
        lambdaContext(() => 1_000),
      ),
    ).toMatchObject({ isFinished: false });
    expect(await openGaps(functions)).toContain('aims-evidence interrupted self-audit');
  });

  it('removes what a rebuild left once the comparison is done, and only while there is time', async () => {
    let remainingMs = 600_000;
    const told: boolean[] = [];
    const removeRetired = async (isTimeLeft: () => boolean) => {
      told.push(isTimeLeft());
      remainingMs = 10_000;
      told.push(isTimeLeft());
      return 7;
    };
    const functions = await collected({ ...onlyMacie, removeRetired }, '2026-11-22T02:00:00.000Z');
    const context = lambdaContext(() => remainingMs);
    expect(await functions.audit(auditAt, 'audit', context)).toMatchObject({ isFinished: true });
    expect(told).toEqual([true, false]);
    expect(await functions.audit(auditAt, 'audit', context)).toMatchObject({ isFinished: false });
    expect(told).toHaveLength(2);
  });

  it('fills an empty index again, in as many calls as it takes', async () => {
    const functions = await collected(onlyMacie, '2026-11-22T02:00:00.000Z');
    await functions.project();
    const filled = await functions.index.totals();
    const index = SqliteIndex.open({ path: ':memory:', isAiResource: () => false });
    const empty = new FunctionHome({ ...onlyMacie, vault: functions.vault, index });
    const apply = index.apply.bind(index);
    let remainingMs = 600_000;
    index.apply = async (segment) => {
      await apply(segment);
      remainingMs = 0;
    };
    const context = lambdaContext(() => remainingMs);
    const stopped = await empty.audit(auditAt, 'rebuild', context);
    expect(stopped).toMatchObject({ isFinished: false, appliedSegments: 1 });
    expect(stopped).not.toHaveProperty('isCaughtUp');
    expect(await empty.audit(auditAt, 'rebuild')).toMatchObject({ isFinished: true, appliedSegments: 1, isCaughtUp: true });
    expect(await index.totals()).toEqual(filled);
    expect(await Array.fromAsync(functions.vault.list(''))).toHaveLength(2);
  });

  it('calls a rebuild finished that had no time left for what came meanwhile, and says so; the audit adds it', async () => {
    const vault = new MemoryVault();
    const functions = await collected({ ...onlyMacie, vault }, '2026-11-22T02:00:00.000Z');
    const list = vault.list.bind(vault);
    const [late] = await Array.fromAsync(list(''));
    let lists = 0;
    vault.list = async function* (prefix) {
      lists++;
      for await (const entry of list(prefix)) if (lists > 1 || entry.key !== late?.key) yield entry;
    };
    const context = lambdaContext(() => (lists > 1 ? 0 : 600_000));
    expect(await functions.audit(auditAt, 'rebuild', context)).toMatchObject({ isFinished: true, isCaughtUp: false, appliedSegments: 1 });
    expect(functions.telemetry.lines.at(-1)).toMatchObject({ what: 'rebuilt', fields: { isFinished: true, isCaughtUp: false } });
    expect(await functions.index.hasSegment(late?.key ?? '')).toBe(false);
    expect(await functions.audit(auditAt)).not.toHaveProperty('isCaughtUp');
    expect(await functions.index.hasSegment(late?.key ?? '')).toBe(true);
  });

  it('tells settings that hide something in its own run, and no run of a source answers for them', async () => {
    const asked: (readonly string[])[] = [];
    let silent = [refusedGap('s3://trail')];
    const functions = await collected(
      {
        ...onlyMacie,
        configuration: { sources: ['macie', 'cloudtrail'], trailBuckets: [{ location: 's3://trail/a/' }, { location: 's3://trail/b/' }] },
        deliveryGaps: async function* (_region, buckets) {
          asked.push(buckets);
          yield* silent;
        },
      },
      '2026-11-22T02:00:00.000Z',
    );
    await functions.audit(auditAt);
    expect(await openGaps(functions)).toContain('aims-evidence denied s3://trail');
    expect(asked).toEqual([['s3://trail']]);
    const receipts = (await listAll(functions.index, { kind: 'receipt', source: 'macie' }, 100)).map(({ title }) => title);
    expect(receipts).toEqual([expect.stringContaining(' 0 gaps')]);
    silent = [];
    await functions.audit('2026-11-23T02:50:00.000Z');
    expect(await openGaps(functions)).not.toContain('aims-evidence denied s3://trail');
  });

  it('says how many dead letters nobody has looked after', async () => {
    const functions = await collected({ ...onlyMacie, deadLetters: { MacieRuns: 2, MacieEvents: 1 } }, '2026-11-22T02:00:00.000Z');
    await functions.audit(auditAt);
    expect(functions.telemetry.lines.find(({ what }) => what === 'audited')?.fields).toMatchObject({ deadLetters: 3 });
  });
});
