// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { Json, JsonObject } from '../../../src/evidence/json.ts';
import { compilePattern } from '../../../src/mapping/compile-pattern.ts';
import type { CompiledRule } from '../../../src/mapping/rule-index.ts';
import { RuleIndex } from '../../../src/mapping/rule-index.ts';
import { rule } from '../../support/mapping.ts';

function compiled(patterns: readonly JsonObject[]): readonly CompiledRule[] {
  return patterns.map((pattern, number) => ({ number, rule: rule({ id: `r${number}`, pattern }), pattern: compilePattern(pattern) }));
}

/** The same rules, counting every time one of their conditions is asked. */
function counting(rules: readonly CompiledRule[], count: () => void): readonly CompiledRule[] {
  return rules.map((each) => {
    const branches = each.pattern.branches.map((branch) =>
      branch.map((condition) => ({
        ...condition,
        accepts: (value: Parameters<typeof condition.accepts>[0]) => {
          count();
          return condition.accepts(value);
        },
      })),
    );
    return { ...each, pattern: { ...each.pattern, branches } };
  });
}

function find(index: RuleIndex, detail: JsonObject): readonly number[] {
  const found: number[] = [];
  index.match({ source: 'cloudtrail', kind: 'activity', detail, facts: {} }, found);
  return found;
}

const event = { eventSource: 's3.amazonaws.com', eventName: 'PutObject', requestParameters: { bucketName: 'b' } };
const own = { detail: { eventSource: ['s3.amazonaws.com'], eventName: ['PutObject'] } };

describe('the rule index', () => {
  const unmatchable: Readonly<Record<string, (at: number) => JsonObject>> = {
    'another value': (at) => ({ detail: { eventName: [`No${at}`] } }),
    'a list of other values': (at) => ({ detail: { eventName: [`No${at}`, `No${at}x`], eventSource: ['s3.amazonaws.com'] } }),
    'a value deeper down': (at) => ({
      detail: { eventSource: ['s3.amazonaws.com'], eventName: ['PutObject'], requestParameters: { bucketName: [`no-${at}`] } },
    }),
    'another prefix': (at) => ({ detail: { eventName: [{ prefix: `No${at}` }] } }),
    'another suffix': (at) => ({ detail: { eventName: [{ suffix: `No${at}` }], requestParameters: { bucketName: ['b'] } } }),
    'a wildcard with another start': (at) => ({ detail: { eventName: [{ wildcard: `No${at}*x` }] } }),
    'another choice of $or': (at) => ({ detail: { $or: [{ eventName: [`No${at}`] }, { eventSource: [`no${at}`] }] } }),
    'another fact': (at) => ({ detail: { eventName: ['PutObject'] }, facts: { controlId: [`S3.${at}`] } }),
    'another number': (at) => ({ detail: { eventName: ['PutObject'], size: [at] } }),
    'another source of its own': (at) => ({ source: ['macie'], detail: { eventName: ['PutObject'], size: [at] } }),
  };

  it.each(Object.entries(unmatchable))('asks none of 2,000 rules that want %s', (_name, pattern) => {
    let asked = 0;
    const others = Array.from({ length: 2000 }, (_, at) => pattern(at));
    const index = new RuleIndex(counting(compiled([own, ...others]), () => asked++));
    asked = 0;
    expect(find(index, event)).toEqual([0]);
    expect(asked).toBeLessThan(20);
  });

  it('finds a rule once, whatever number of its choices and values fit', () => {
    const patterns: JsonObject[] = [
      { detail: { names: ['a', 'b', 'c'] } },
      { detail: { $or: [{ names: ['a'] }, { names: ['b'] }] } },
      ...Array.from({ length: 20 }, (_, at) => ({ detail: { names: [`x${at}`, 'b'] } })),
    ];
    const index = new RuleIndex(compiled(patterns));
    expect(find(index, { names: ['a', 'b', 'b'] })).toEqual(patterns.map((_, at) => at));
    expect(find(index, { names: ['c'] })).toEqual([0]);
    expect(find(index, { names: 'x3' })).toEqual([5]);
    expect(find(index, {})).toEqual([]);
  });

  it('tells values of different types apart', () => {
    const values: Json[] = ['1', 1, true, 'true', null, 'null', false, 0, ''];
    const index = new RuleIndex(compiled(values.map((value) => ({ detail: { a: [value] } }))));
    expect(values.map((a) => find(index, { a }))).toEqual(values.map((_, at) => [at]));
  });

  it('finds rules on names that every object inherits', () => {
    const names = ['constructor', '__proto__', 'source', 'kind', 'toString'];
    const index = new RuleIndex(compiled(names.map((name) => JSON.parse(`{"detail":{"${name}":["x"]}}`))));
    expect(names.map((name) => find(index, JSON.parse(`{"${name}":"x"}`)))).toEqual(names.map((_, at) => [at]));
    const top = new RuleIndex(compiled([JSON.parse('{"constructor":[{"exists":true}]}'), { detail: { a: ['x'] } }]));
    expect(find(top, { a: 'x' })).toEqual([1]);
  });
});
