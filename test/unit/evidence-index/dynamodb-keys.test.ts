// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dayOfKey, IndexKeys, keyPart, scopeOf, shardOf, timeIn, timeText } from '../../../src/evidence-index/dynamodb-keys.ts';
import { idOf } from '../../support/index-record.ts';

const furthest = 8.64e15;
const instant = fc.integer({ min: -furthest, max: furthest });

describe('keys of the index', () => {
  it('write instants that sort as the instants do, and read them back', () => {
    const samples = [-furthest, -1, 0, 1, furthest];
    expect(samples.map(timeText)).toEqual([...samples.map(timeText)].sort());
    fc.assert(
      fc.property(instant, instant, (one, other) => {
        expect(timeIn(timeText(one))).toBe(one);
        expect(timeText(one) < timeText(other)).toBe(one < other);
        expect(timeText(one)).toHaveLength(15);
      }),
    );
  });

  it('keep plain names and hash all others, so that none is too long or holds a separator', () => {
    expect(keyPart('A.6.2.4')).toBe('A.6.2.4');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(keyPart(name)).toMatch(/^[\w.:-]{1,60}$|^~[0-9a-f]{32}$/);
      }),
    );
    for (const name of ['', '/', '~', 'a b', 'x'.repeat(61)]) expect(keyPart(name)).toMatch(/^~/);
    expect(new Set(['', '/', '~', 'a b', 'ab', 'x'.repeat(61)].map(keyPart)).size).toBe(6);
  });

  it('group segments so that groups in order are keys in order', () => {
    const key = fc.string({ unit: fc.constantFrom('a', 'b', '-', '=', '/') });
    fc.assert(
      fc.property(fc.array(key), (keys) => {
        const ordered = [...keys].sort();
        const grouped = [...keys].sort((one, other) => {
          const [a, b] = [dayOfKey(one), dayOfKey(other)];
          if (a !== b) return a < b ? -1 : 1;
          return one < other ? -1 : 1;
        });
        expect(grouped).toEqual(ordered);
      }),
    );
  });

  it('spread ids over shards and over partitions of records', () => {
    const ids = Array.from({ length: 2_000 }, (_, n) => idOf(String(n)));
    const keys = new IndexKeys('v1.1');
    expect(new Set(ids.map((id) => keys.record(id).pk)).size).toBe(256);
    const perShard = Map.groupBy(ids, (id) => shardOf(id, 4));
    expect(perShard.size).toBe(4);
    for (const some of perShard.values()) expect(some.length).toBeGreaterThan(400);
  });

  it('never lie where the ledger or another generation has its items', () => {
    const [one, other] = [new IndexKeys('v1.1'), new IndexKeys('v1.10')];
    expect(one.record(idOf('a')).pk.startsWith('v1.1/')).toBe(true);
    expect(other.record(idOf('a')).pk.startsWith('v1.1/')).toBe(false);
    expect(scopeOf({ source: 'a', account: 'b', region: 'c' })).not.toBe(scopeOf({ source: 'ab', account: '', region: 'c' }));
  });
});
