// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../../src/evidence/json.ts';
import { type Declarations, noDeclarations } from '../../../../src/evidence/scope-file.ts';
import { asff } from '../../../fixtures/securityhub/findings.ts';
import { deriveAndStore, MemoryHistory, observe, securityHub } from '../../../support/securityhub.ts';

const source = securityHub();
const limited: Declarations = {
  ...noDeclarations,
  thresholds: {
    schema: 'aims-evidence/thresholds/1',
    approvedBy: 'Alice',
    approvedOn: '2026-01-01',
    metrics: [],
    treatment: [
      { severity: 'HIGH', days: 30 },
      { severity: 'HIGH', controlId: 'KMS.4', days: 3 },
    ],
  },
};

const time = (day: number) => new Date(Date.UTC(2026, 9, 1) + day * 86_400_000).toISOString();

interface Version {
  readonly day: number;
  readonly status?: string;
  readonly id?: string;
  readonly control?: string;
  readonly more?: JsonObject;
}

function finding({ day, status = 'FAILED', id = 'a', control = 'S3.8', more = {} }: Version): JsonObject {
  const Compliance = { Status: status, SecurityControlId: control };
  return { ...asff, Id: id, Compliance, UpdatedAt: time(day), ProcessedAt: time(day), ...more };
}

/** Facts of the last of several versions, each seen in turn. */
async function factsOf(versions: readonly Version[], declarations = noDeclarations) {
  const history = new MemoryHistory();
  const own = securityHub(declarations);
  let last = observe('asff', asff);
  for (const version of versions) last = (await deriveAndStore(history, observe('asff', finding(version), {}, own), own)).observation;
  return last.facts;
}

describe('what became of a check', () => {
  it('knows the outcome before, and nothing on first sight', async () => {
    expect(await factsOf([{ day: 0 }])).not.toHaveProperty('previousOutcome');
    expect(await factsOf([{ day: 0 }, { day: 9, status: 'PASSED' }])).toMatchObject({ previousOutcome: 'FAILED' });
    expect(await factsOf([{ day: 0 }, { day: 1, status: 'NOT_AVAILABLE' }, { day: 9, status: 'PASSED', id: 'b' }])).toMatchObject({
      previousOutcome: 'FAILED',
    });
    expect(await factsOf([{ day: 0 }, { day: 2 }])).not.toHaveProperty('previousOutcome');
  });

  it('counts full days of a failure at the time of the version, from the first failing version we saw', async () => {
    expect(await factsOf([{ day: 0 }])).toMatchObject({ failedDays: 0 });
    expect(await factsOf([{ day: 0 }, { day: 12.9 }])).toMatchObject({ failedDays: 12 });
    expect(await factsOf([{ day: 0 }, { day: 12, status: 'PASSED' }])).not.toHaveProperty('failedDays');
    expect(await factsOf([{ day: 0 }, { day: 5, status: 'PASSED' }, { day: 12 }, { day: 14 }])).toMatchObject({ failedDays: 2 });
  });

  it('is overdue past an approved limit only, and the limit of the control goes first', async () => {
    expect(await factsOf([{ day: 0 }, { day: 31 }])).not.toHaveProperty('overdue');
    expect(await factsOf([{ day: 0 }, { day: 30 }], limited)).toMatchObject({ overdue: false });
    expect(await factsOf([{ day: 0 }, { day: 31 }], limited)).toMatchObject({ overdue: true, failedDays: 31 });
    expect(
      await factsOf(
        [
          { day: 0, control: 'KMS.4' },
          { day: 4, control: 'KMS.4' },
        ],
        limited,
      ),
    ).toMatchObject({ overdue: true });
    const low = { Severity: { Label: 'LOW' } };
    expect(
      await factsOf(
        [
          { day: 0, more: low },
          { day: 80, more: low },
        ],
        limited,
      ),
    ).not.toHaveProperty('overdue');
  });

  it('failed again when a pass lay between, at most 90 days ago', async () => {
    const pass = { day: 10, status: 'PASSED' };
    expect(await factsOf([{ day: 0 }, pass, { day: 20 }])).toMatchObject({ failedAgain: true, previousOutcome: 'PASSED' });
    expect(await factsOf([{ day: 0 }, pass, { day: 101 }])).toMatchObject({ failedAgain: false });
    expect(await factsOf([{ day: 0 }, { day: 5, status: 'NOT_AVAILABLE' }, { day: 20 }])).toMatchObject({ failedAgain: false });
    expect(await factsOf([pass, { day: 20 }])).toMatchObject({ failedAgain: false });
  });

  it('is asked of checks only', () => {
    const threat = { ...asff, ProductArn: 'arn:aws:securityhub:eu-west-1::product/aws/guardduty', Compliance: null };
    const concerned = (detail: JsonObject) =>
      source.derivations.filter((one) => one.concerns(observe('asff', detail))).map((one) => one.id);
    expect(concerned(asff)).toEqual(['securityhub.timeline']);
    // One derivation each: what waits for the run's end is not derived before.
    expect(concerned({ ...asff, RecordState: 'ARCHIVED' })).toEqual(['securityhub.superseded']);
    expect(concerned({ ...asff, RecordState: 'ARCHIVED', Compliance: { Status: 'PASSED' } })).toEqual(['securityhub.timeline']);
    expect(concerned(threat)).toEqual([]);
  });

  it('puts a version that arrived late in its place', async () => {
    const history = new MemoryHistory();
    const see = async (version: Version) => (await deriveAndStore(history, observe('asff', finding(version)), source)).observation.facts;
    await see({ day: 0 });
    await see({ day: 10 });
    await see({ day: 5, status: 'PASSED' });
    expect(await see({ day: 11 })).toMatchObject({ failedDays: 1, failedAgain: true });
  });

  it('keeps what lies further back than the versions it looks at', async () => {
    const days = Array.from({ length: 60 }, (_, day) => ({ day }));
    expect(await factsOf(days)).toMatchObject({ failedDays: 59 });
  });

  it('adds nothing when the same versions are read again', async () => {
    const history = new MemoryHistory();
    const versions = [
      { day: 0 },
      { day: 3, status: 'PASSED' },
      { day: 5 },
      { day: 6, more: { RecordState: 'ARCHIVED' } },
      { day: 30, id: 'b' },
    ];
    const read = async () => {
      const stored = [];
      for (const version of versions) stored.push((await deriveAndStore(history, observe('asff', finding(version)), source)).isNew);
      return stored;
    };
    expect(await read()).toEqual([true, true, true, true, true]);
    expect(await read()).toEqual([false, false, false, false, false]);
  });
});

describe('a sweep that finds a failure unchanged', () => {
  const sweep = (day: number) => ({ sweep: true, sweptAt: time(day) });

  it('adds one record when the approved limit is passed, dated by the limit', async () => {
    const own = securityHub(limited);
    const history = new MemoryHistory();
    const see = (context: JsonObject) => deriveAndStore(history, observe('asff', finding({ day: 0 }), context, own), own);
    expect((await see({})).observation.facts).toMatchObject({ overdue: false });
    expect((await see(sweep(20))).isNew).toBe(false);
    const crossed = await see(sweep(40));
    expect(crossed.isNew).toBe(true);
    expect(crossed.observation.facts).toMatchObject({ overdue: true, failedDays: 31 });
    expect(crossed.observation.versionKey).toContain('failedDays=31');
    expect(crossed.observation.facts).not.toHaveProperty('stillStandsAt');
    expect((await see(sweep(60))).isNew).toBe(false);
  });

  it('adds one record at 90 days where no limit is approved', async () => {
    const history = new MemoryHistory();
    const see = (context: JsonObject) => deriveAndStore(history, observe('asff', finding({ day: 0 }), context), source);
    await see({});
    expect((await see(sweep(89))).isNew).toBe(false);
    const old = await see(sweep(95));
    expect(old.isNew).toBe(true);
    expect(old.observation.facts).toMatchObject({ failedDays: 90 });
    expect(old.observation.facts).not.toHaveProperty('overdue');
  });

  it('marks checks only: a threat that was swept reads as on any other way', () => {
    const threat = { ...asff, ProductArn: 'arn:aws:securityhub:eu-west-1::product/aws/guardduty', Compliance: null };
    expect(observe('asff', finding({ day: 0 }), sweep(20)).facts).toHaveProperty('stillStandsAt');
    expect(observe('asff', threat, sweep(20)).facts).toEqual(observe('asff', threat).facts);
  });

  it('is first sight like any other where the home does not know the finding', async () => {
    const swept = await deriveAndStore(new MemoryHistory(), observe('asff', finding({ day: 0 }), sweep(200)), source);
    const plain = await deriveAndStore(new MemoryHistory(), observe('asff', finding({ day: 0 })), source);
    expect(swept.observation.versionKey).toEqual(plain.observation.versionKey);
    expect(swept.observation.facts).toEqual(plain.observation.facts);
  });
});

describe('an archived failure', () => {
  const archived = finding({ day: 10, more: { RecordState: 'ARCHIVED' } });

  async function superseded(history: MemoryHistory, day: number) {
    return deriveAndStore(history, observe('asff', archived), source, time(day));
  }

  it('is superseded where another id of the key appeared within a day, and not where none did', async () => {
    const alone = new MemoryHistory();
    expect((await superseded(alone, 12)).observation.facts).toMatchObject({ superseded: false, timeline: [], standing: [] });
    const followed = new MemoryHistory();
    followed.store(observe('asff', finding({ day: 10.5, id: 'b' })));
    expect((await superseded(followed, 12)).observation.facts).toMatchObject({ superseded: true });
    const late = new MemoryHistory();
    late.store(observe('asff', finding({ day: 11.5, id: 'b' })));
    late.store(observe('asff', finding({ day: 3, id: 'c' })));
    late.store(observe('asff', finding({ day: 9.8, id: 'c' })));
    expect((await superseded(late, 12)).observation.facts).toMatchObject({ superseded: false });
  });

  it('is undecided for a day; the decision is then a record of its own, once', async () => {
    const history = new MemoryHistory();
    const first = await superseded(history, 10.5);
    expect(first.observation.facts).not.toHaveProperty('superseded');
    history.store(observe('asff', finding({ day: 10.6, id: 'b' })));
    const decided = await superseded(history, 12);
    expect([first.isNew, decided.isNew]).toEqual([true, true]);
    expect(decided.observation.versionKey).toContain('superseded=true');
    expect((await superseded(history, 20)).isNew).toBe(false);
  });

  it('that is first seen decided keeps the plain version key, and adds nothing when read again', async () => {
    const history = new MemoryHistory();
    const first = await superseded(history, 300);
    expect(first.observation.versionKey).toEqual(observe('asff', archived).versionKey);
    expect((await superseded(history, 301)).isNew).toBe(false);
  });
});

describe('a Macie finding that came through Security Hub', () => {
  const copy = {
    ...asff,
    Id: 'arn:aws:macie2:eu-west-1:111122223333:finding/abc',
    ProductArn: 'arn:aws:securityhub:eu-west-1::product/aws/macie',
    Compliance: null,
  };
  const native = (occurredAt: string) => ({
    recordId: 'm',
    source: 'macie' as const,
    facts: {},
    occurredAt,
    findingKey: 'macie|111122223333|eu-west-1|abc',
  });

  it('knows whether the Macie source holds it, from the last 90 days', async () => {
    const history = new MemoryHistory();
    expect((await deriveAndStore(history, observe('asff', copy), source)).observation.facts).toMatchObject({ nativeCollected: false });
    history.entries.push(native('2026-06-01T00:00:00.000Z'));
    expect((await deriveAndStore(history, observe('asff', copy), source)).isNew).toBe(false);
    history.entries.push(native('2026-10-30T00:00:00.000Z'));
    const later = await deriveAndStore(history, observe('asff', copy), source);
    expect(later.observation.facts).toMatchObject({ nativeCollected: true });
    expect([later.isNew, later.observation.versionKey]).toEqual([true, expect.arrayContaining(['nativeCollected=true'])]);
    expect((await deriveAndStore(history, observe('asff', copy), source)).isNew).toBe(false);
  });
});
