// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { Json, JsonObject } from '../../../src/evidence/json.ts';
import { compilePattern, matchesPattern } from '../../../src/mapping/compile-pattern.ts';

function matches(pattern: JsonObject, event: Json): boolean {
  return matchesPattern(compilePattern(pattern), event);
}

/** As JSON text says it: `__proto__` is a member like any other. */
function json(text: string): JsonObject {
  return JSON.parse(text);
}

describe('a pattern with several fields', () => {
  it('wants all of them', () => {
    const pattern = { a: ['x'], b: { c: ['y'] } };
    expect(matches(pattern, { a: 'x', b: { c: 'y' }, d: 1 })).toBe(true);
    expect(matches(pattern, { a: 'x', b: { c: 'z' } })).toBe(false);
    expect(matches(pattern, { a: 'x' })).toBe(false);
  });

  it('reads a dotted name and a nested one alike, in pattern and event', () => {
    for (const pattern of [{ 'a.b': ['x'] }, { a: { b: ['x'] } }]) {
      expect(matches(pattern, { 'a.b': 'x' })).toBe(true);
      expect(matches(pattern, { a: { b: 'x' } })).toBe(true);
      expect(matches(pattern, { a: { c: 'x' } })).toBe(false);
    }
    expect(matches({ 'a.b': ['y'], a: { b: ['x'] } }, { a: { b: 'x' } })).toBe(true);
    expect(matches({ a: { b: ['x'] } }, { a: { b: 'y' }, 'a.b': 'x' })).toBe(true);
  });

  it('has names with empty steps as event-ruler has them', () => {
    expect(matches({ 'a.': ['x'] }, { 'a.': 'x' })).toBe(true);
    expect(matches({ a: { '': ['x'] } }, { a: { '': 'x' } })).toBe(false);
    expect(matches({ '': { a: ['x'] } }, { a: 'x' })).toBe(true);
  });
});

describe('arrays in an event', () => {
  const pattern = { list: { name: ['x'], value: [1] } };

  it('must meet all conditions in one element', () => {
    expect(matches(pattern, { list: [{ name: 'x', value: 1 }] })).toBe(true);
    expect(
      matches(pattern, {
        list: [
          { name: 'y', value: 1 },
          { name: 'x', value: 1 },
        ],
      }),
    ).toBe(true);
    expect(
      matches(pattern, {
        list: [
          { name: 'x', value: 2 },
          { name: 'y', value: 1 },
        ],
      }),
    ).toBe(false);
  });

  it('bind the elements of arrays within elements too', () => {
    const nested = { list: { name: ['x'], inner: { a: [1], b: [2] } } };
    expect(matches(nested, { list: [{ name: 'x', inner: [{ a: 1 }, { a: 1, b: 2 }] }] })).toBe(true);
    expect(matches(nested, { list: [{ name: 'x', inner: [{ a: 1 }, { b: 2 }] }] })).toBe(false);
    expect(matches(nested, { list: [{ name: 'x', inner: [] }, { inner: [{ a: 1, b: 2 }] }] })).toBe(false);
  });

  it('leave values that are no objects unbound', () => {
    expect(matches({ list: ['x'], 'list.name': ['y'] }, { list: ['x', { name: 'y' }] })).toBe(true);
    expect(matches({ a: ['x'] }, { a: [['x'], 'y'] })).toBe(true);
  });

  it('judge absence in the element chosen so far', () => {
    const chosenBefore = { list: { name: ['x'], value: [{ exists: false }] } };
    expect(matches(chosenBefore, { list: [{ name: 'x' }, { name: 'y', value: 1 }] })).toBe(true);
    expect(matches(chosenBefore, { list: [{ name: 'x', value: 1 }] })).toBe(false);
    // "a" is judged before "name": no element may have it.
    const judgedFirst = { list: { name: ['x'], a: [{ exists: false }] } };
    expect(matches(judgedFirst, { list: [{ name: 'x' }, { name: 'y', a: 1 }] })).toBe(false);
  });

  it('do not take time out of proportion', () => {
    const many = Array.from({ length: 5000 }, (_, at) => ({ name: 'x', value: at + 2, other: 'z' }));
    const event = { one: many, two: many.map((each) => ({ ...each })) };
    const wanted = { one: { name: ['x'], value: [1], other: ['z'] }, two: { name: ['x'], value: [1] } };
    expect(matches(wanted, event)).toBe(false);
    expect(matches({ one: { name: ['x'], value: [5001] }, two: { name: ['x'], value: [5001] } }, event)).toBe(true);
  });
});

describe('$or', () => {
  const pattern = { k: ['k'], $or: [{ a: ['x'] }, { b: { c: ['y'] }, d: [1] }] };

  it('wants one of its objects whole, beside the other fields', () => {
    expect(matches(pattern, { k: 'k', a: 'x' })).toBe(true);
    expect(matches(pattern, { k: 'k', b: { c: 'y' }, d: 1 })).toBe(true);
    expect(matches(pattern, { k: 'k', b: { c: 'y' } })).toBe(false);
    expect(matches(pattern, { a: 'x' })).toBe(false);
  });

  it('may stand at any depth and within itself', () => {
    const nested = { a: { $or: [{ b: [1] }, { $or: [{ c: [1] }, { d: [1] }] }] } };
    expect([{ b: 1 }, { c: 1 }, { d: 1 }, { e: 1 }].map((a) => matches(nested, { a }))).toEqual([true, true, true, false]);
  });

  it('replaces a field that stands before it, and is replaced by one after it', () => {
    expect(matches({ a: ['x'], $or: [{ a: ['y'] }, { b: ['z'] }] }, { a: 'y' })).toBe(true);
    expect(matches({ $or: [{ a: ['y'] }, { b: ['z'] }], a: ['x'] }, { a: 'y' })).toBe(false);
  });

  it('is a field name where event-ruler cannot read it as a choice', () => {
    expect(matches({ $or: [{ prefix: 'x' }] }, { $or: 'xy' })).toBe(true);
    expect(matches({ $or: { a: ['x'] } }, { $or: { a: 'x' } })).toBe(true);
    expect(matches({ $or: [{ prefix: 'x' }] }, { a: 'xy' })).toBe(false);
  });

  it('drops a branch that event-ruler takes for an earlier one, and counts it', () => {
    const compiled = compilePattern({ $or: [{ a: [1] }, { a: [1, 2] }] });
    expect(compiled.shadowed).toBe(1);
    expect(matchesPattern(compiled, { a: 1 })).toBe(true);
    expect(matchesPattern(compiled, { a: 2 })).toBe(false);
    expect(compilePattern({ $or: [{ a: [1] }, { a: [2] }] }).shadowed).toBe(0);
  });
});

describe('hostile events', () => {
  it('cannot pass inherited members off as fields', () => {
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      const pattern = json(`{"a":{"${name}":[{"exists":true}]},"b":["x"]}`);
      expect(matches(pattern, json(`{"a":{"${name}":"own"},"b":"x"}`))).toBe(true);
      expect(matches(pattern, json('{"a":{"c":1},"b":"x"}'))).toBe(false);
    }
    expect(matches({ a: { b: ['x'] } }, json('{"a":{"__proto__":{"b":"x"}}}'))).toBe(false);
    expect(matches(json('{"__proto__":{"a":["x"]}}'), json('{"__proto__":{"a":"x"}}'))).toBe(true);
  });

  it('may be nested 10,000 deep in objects or arrays', () => {
    const deep = (open: string, inner: string, close: string) =>
      json(`{"b":"x","a":${open.repeat(10_000)}${inner}${close.repeat(10_000)}}`);
    expect(matches({ a: ['y'], b: ['x'] }, deep('[', '"y"', ']'))).toBe(true);
    expect(matches({ a: ['z'], b: ['x'] }, deep('[', '"y"', ']'))).toBe(false);
    expect(matches({ a: { a: ['y'] }, b: ['x'] }, deep('{"a":', '"y"', '}'))).toBe(false);
    expect(matches({ a: { a: ['y'], c: ['z'] } }, deep('[', '{"a":"y","c":"z"}', ']'))).toBe(true);
  });

  it('must be objects', () => {
    const compiled = compilePattern({ a: ['x'] });
    expect(matchesPattern(compiled, { a: 'x' })).toBe(true);
    for (const event of [[{ a: 'x' }], 'x', 1, null]) {
      expect(() => matchesPattern(compiled, event)).toThrow(expect.objectContaining({ code: 'MAPPING_EVENT_INVALID' }));
    }
  });
});
