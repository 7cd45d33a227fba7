// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { claimSums, sumsByName, Tally } from '../../../src/evidence-index/dynamodb-counters.ts';
import { itemOf, keyOfItem } from '../../../src/evidence-index/dynamodb-item.ts';
import { IndexKeys } from '../../../src/evidence-index/dynamodb-keys.ts';
import { type Held, planPart } from '../../../src/evidence-index/dynamodb-part.ts';
import { runNameOf } from '../../../src/evidence-index/dynamodb-part-sweeps.ts';
import { stateOf } from '../../../src/evidence-index/dynamodb-states.ts';
import { sweepOf } from '../../../src/evidence-index/dynamodb-sweeps.ts';
import type { Write } from '../../../src/evidence-index/dynamodb-write.ts';
import { type Projection, projectSegment } from '../../../src/evidence-index/project-segment.ts';
import { indexRecord, indexSegment, type RecordSketch } from '../../support/index-record.ts';

const keys = new IndexKeys('v1.1');
const controls = [{ control: '9.1', rule: 'r', strength: 'partial', polarity: 'supports' }] as const;
const nothing: Held = { records: new Map(), findings: new Map(), runs: new Map() };

function projected(sketch: RecordSketch, segment = 's1'): Projection {
  const [projection] = projectSegment(indexSegment(segment, [indexRecord(sketch)]), () => false);
  if (projection === undefined) throw new Error('a record is projected');
  return projection;
}

const keyOfWrite = (write: Write) => {
  if ('put' in write) return keyOfItem(write.put);
  return 'remove' in write ? write.remove : write.add;
};
const kinds = (writes: readonly Write[]) => writes.map((write) => `${Object.keys(write)[0]} ${keyOfWrite(write).pk.split('/')[1]}`).sort();

describe('what a record changes in the table', () => {
  it('is an item of its own and the counters, where it is new', () => {
    const part = planPart(keys, [projected({ name: 'a', controls })], nothing, 3);
    expect(kinds(part.writes)).toEqual(['add count', 'add count', 'add count', 'put id']);
    expect(part.writes[0]).toMatchObject({ when: 'absent' });
    expect(part.writes.filter((write) => 'add' in write).every((write) => keyOfWrite(write).pk === 'v1.1/count/3')).toBe(true);
    expect(part.early.map((item) => keyOfItem(item).pk.split('/').slice(1, 3).join('/')).sort()).toEqual([
      'list/claim',
      'list/run',
      'list/source',
    ]);
  });

  it('is nothing where a better copy is held', () => {
    const held = projected({ name: 'a', controls, collectedAt: '2026-01-01T00:00:00Z' }, 's0');
    const part = planPart(keys, [projected({ name: 'a', controls })], { ...nothing, records: new Map([[held.entry.id, held]]) }, 0);
    expect([part.writes, part.early, part.names]).toEqual([[], [], []]);
  });

  it('takes back what the worse copy counted, and only if that copy is still there', () => {
    const held = projected({ name: 'a', controls, account: 'x' }, 's9');
    const better = projected({ name: 'a', controls: [{ ...controls[0], polarity: 'gap' }], collectedAt: '2026-01-01T00:00:00Z' });
    const part = planPart(keys, [better], { ...nothing, records: new Map([[held.entry.id, held]]) }, 0);
    expect(part.writes[0]).toMatchObject({ when: { s: held.entry.segment, l: 0 } });
    const amounts = part.writes.flatMap((write) => ('add' in write && write.add.sk.startsWith('claim') ? [...write.amounts] : []));
    expect(amounts.map(([, amount]) => amount).sort()).toEqual([-1, -1, 1, 1]);
    // Source and kind are the same: what is added and taken is not written.
    expect(part.writes.some((write) => 'add' in write && write.add.sk === 'source')).toBe(false);
  });

  it('moves the newest state of a finding under its version', () => {
    const [old, next] = [1, 2].map((day) =>
      projected({ name: `${day}`, kind: 'state', findingKey: 'k', occurredAt: `2026-10-0${day}T00:00:00Z`, controls }),
    );
    if (old === undefined || next === undefined) throw new Error('two');
    const findings = new Map(
      [...['k']].map(() => [findingIn(planPart(keys, [old], nothing, 0).writes), { version: 4, newest: stateOf(old), states: [] }]),
    );
    const part = planPart(keys, [next], { ...nothing, findings }, 0);
    const head = part.writes.find((write) => 'put' in write && keyOfWrite(write).sk === 'newest');
    expect(head).toMatchObject({ when: { v: 4 }, put: { v: { N: '5' } } });
    const older = planPart(
      keys,
      [projected({ name: '0', kind: 'state', findingKey: 'k', occurredAt: '2026-09-01T00:00:00Z', controls })],
      { ...nothing, findings },
      0,
    );
    // Nothing is the newest anew, and still the version moves: another writer must not decide on what it read before.
    expect(older.writes.find((write) => 'put' in write && keyOfWrite(write).sk === 'newest')).toMatchObject({ put: { v: { N: '5' } } });
    const findingCounts = older.writes
      .flatMap((write) => ('add' in write ? [...write.amounts] : []))
      .filter(([name]) => name.endsWith('f'));
    expect(findingCounts).toEqual([]);
  });

  it('points at a run with a plan until it ends', () => {
    const [plan, receipt] = (['plan', 'receipt'] as const).map((kind) => projected({ name: kind, kind, run: 'r', detail: {} }));
    if (plan === undefined || receipt === undefined) throw new Error('two');
    const planned = planPart(keys, [plan], nothing, 0);
    expect(kinds(planned.writes)).toEqual(['add count', 'put id', 'put run', 'put unfinished']);
    const sweep = sweepOf(plan);
    if (sweep === null) throw new Error('a plan says something of its run');
    const runs = new Map([[runNameOf(plan), { version: 1, sweeps: [sweep] }]]);
    const ended = planPart(keys, [receipt], { ...nothing, runs }, 0);
    expect(kinds(ended.writes)).toEqual(['add count', 'put id', 'put receipt', 'put run', 'remove unfinished']);
    expect(ended.writes.find((write) => 'put' in write && keyOfWrite(write).pk.includes('/run/'))).toMatchObject({ when: { v: 1 } });
  });

  it('never writes an item twice in one transaction', () => {
    const sketch = { name: 'g', kind: 'gap', findingKey: 'k', controls, detail: { what: 'w', reason: 'interrupted' } } as const;
    const held = projected(sketch, 's9');
    const same = projected(sketch, 's1');
    const part = planPart(keys, [same], { ...nothing, records: new Map([[held.entry.id, held]]) }, 0);
    const names = part.writes.map((write) => JSON.stringify(keyOfWrite(write)));
    expect(names.length).toBeGreaterThan(4);
    expect(new Set(names).size).toBe(names.length);
  });
});

function findingIn(writes: readonly Write[]): string {
  return (
    writes
      .map(keyOfWrite)
      .find(({ sk }) => sk === 'newest')
      ?.pk.split('/')[2] ?? ''
  );
}

describe('counters', () => {
  it('are summed over their parts, and those that are nothing are not told', () => {
    const tally = new Tally();
    tally.record(projected({ name: 'a', controls }), 1);
    const items = tally.writes(keys, 0).map(({ add, amounts }) => itemOf(add, Object.fromEntries(amounts)));
    const claims = items.filter((item) => item['sk']?.S?.startsWith('claim'));
    expect(claimSums(claims)).toEqual([{ control: '9.1', strength: 'partial', polarity: 'supports', observations: 1, findings: 1 }]);
    const taken = claims.map((item) => itemOf({ pk: 'v1.1/count/5', sk: item['sk']?.S ?? '' }, { '9.1 10o': -1, '9.1 10f': -1 }));
    expect(claimSums([...claims, ...taken])).toEqual([]);
    expect(() => claimSums([itemOf({ pk: 'p', sk: 's' }, { 'no counter': 1 })])).toThrow(
      expect.objectContaining({ code: 'INDEX_DAMAGED' }),
    );
  });

  it('keep whatever a control or an account is called', () => {
    const control = 'a control 12x 00o';
    const tally = new Tally();
    tally.record({ ...projected({ name: 'a', account: '', controls: [{ ...controls[0], control }] }), touchesAi: true }, 1);
    const items = tally.writes(keys, 0).map(({ add, amounts }) => itemOf(add, Object.fromEntries(amounts)));
    expect(claimSums(items.filter((item) => item['sk']?.S?.startsWith('claim')))).toMatchObject([{ control, observations: 1 }]);
    expect([...sumsByName(items.filter((item) => item['sk']?.S?.startsWith('ai')))]).toEqual([['=', 1]]);
  });
});
