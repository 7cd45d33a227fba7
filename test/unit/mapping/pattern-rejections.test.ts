// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { Json, JsonObject } from '../../../src/evidence/json.ts';
import { compilePattern } from '../../../src/mapping/compile-pattern.ts';

function refusal(pattern: JsonObject): { code: string; message: string } {
  try {
    compilePattern(pattern);
  } catch (error) {
    return error as { code: string; message: string };
  }
  return { code: 'compiled', message: '' };
}

// Path and a word of the reason, for the leaf at `d.a`. event-ruler 1.8.1 refuses each of them.
const leaves: readonly (readonly [Json, string, string])[] = [
  ['x', 'd.a', 'object or an array'],
  [5, 'd.a', 'object or an array'],
  [null, 'd.a', 'object or an array'],
  [[], 'd.a', 'empty array'],
  [{}, 'd.a', 'empty object'],
  [[['x']], 'd.a[0]', 'not an array'],
  [[{}], 'd.a[0]', 'operator is missing'],
  [['x', { prefx: 'x' }], 'd.a[1]', 'unknown operator "prefx"'],
  [[{ prefix: 'x', suffix: 'y' }], 'd.a[0]', 'only one operator'],
  [[{ prefix: 1 }], 'd.a[0].prefix', 'string'],
  [[{ prefix: { wildcard: 'x' } }], 'd.a[0].prefix', 'equals-ignore-case'],
  [[{ suffix: ['x'] }], 'd.a[0].suffix', 'string'],
  [[{ suffix: { 'equals-ignore-case': 1 } }], 'd.a[0].suffix.equals-ignore-case', 'string'],
  [[{ exactly: 1 }], 'd.a[0].exactly', 'string'],
  [[{ 'equals-ignore-case': ['x'] }], 'd.a[0].equals-ignore-case', 'string'],
  [[{ exists: 'true' }], 'd.a[0].exists', 'true or false'],
  [[{ wildcard: 'a**b' }], 'd.a[0].wildcard', 'in a row at position 1'],
  [[{ wildcard: 'a\\b' }], 'd.a[0].wildcard', 'position 1'],
  [[{ wildcard: 'a\\' }], 'd.a[0].wildcard', 'position 1'],
  [[{ numeric: '>' }], 'd.a[0].numeric', 'array'],
  [[{ numeric: [] }], 'd.a[0].numeric', ''],
  [[{ numeric: ['!=', 1] }], 'd.a[0].numeric[0]', 'unknown sign'],
  [[{ numeric: ['<', '5'] }], 'd.a[0].numeric[1]', 'number'],
  [[{ numeric: ['<', 1, '>', 0] }], 'd.a[0].numeric', 'too many'],
  [[{ numeric: ['>', 1, '=', 2] }], 'd.a[0].numeric[2]', 'only "<"'],
  [[{ numeric: ['>', 1, '<'] }], 'd.a[0].numeric', 'two signs'],
  [[{ numeric: ['>=', 5, '<=', 5] }], 'd.a[0].numeric', 'below'],
  [[{ numeric: ['>', 5, '<', 1] }], 'd.a[0].numeric', 'below'],
  [[{ numeric: ['<', -Number.MAX_VALUE] }], 'd.a[0].numeric', 'below'],
  [[{ 'anything-but': null }], 'd.a[0].anything-but', 'number'],
  [[{ 'anything-but': [] }], 'd.a[0].anything-but', 'empty list'],
  [[{ 'anything-but': ['x', 1] }], 'd.a[0].anything-but', 'all strings or all numbers'],
  [[{ 'anything-but': [true] }], 'd.a[0].anything-but[0]', 'number'],
  [[{ 'anything-but': {} }], 'd.a[0].anything-but', 'operator is missing'],
  [[{ 'anything-but': { numeric: ['>', 1] } }], 'd.a[0].anything-but', 'takes no "numeric"'],
  [[{ 'anything-but': { constructor: 'x' } }], 'd.a[0].anything-but', 'takes no "constructor"'],
  [[{ 'anything-but': { prefix: '' } }], 'd.a[0].anything-but.prefix', 'empty prefix'],
  [[{ 'anything-but': { suffix: ['x', ''] } }], 'd.a[0].anything-but.suffix[1]', 'empty prefix or suffix'],
  [[{ 'anything-but': { wildcard: ['**'] } }], 'd.a[0].anything-but.wildcard[0]', 'in a row'],
  [[{ 'anything-but': { prefix: [] } }], 'd.a[0]', 'empty list'],
  [[{ cidr: '10.0.0.0' }], 'd.a[0].cidr', 'one "/"'],
  [[{ cidr: '10.0.0.0/32' }], 'd.a[0].cidr', 'below 32'],
  [[{ cidr: '::/128' }], 'd.a[0].cidr', 'below 128'],
  [[{ cidr: '10.0.0.0/x' }], 'd.a[0].cidr', 'whole number'],
  [[{ cidr: '10.0.0.256/8' }], 'd.a[0].cidr', 'not an IP address'],
  [[{ cidr: 10 }], 'd.a[0].cidr', 'string'],
];

describe('a malformed pattern', () => {
  for (const [leaf, path, reason] of leaves) {
    it(`is refused with its place and the reason: ${JSON.stringify(leaf)}`, () => {
      const { code, message } = refusal({ d: { a: leaf } });
      expect(code).toBe('MAPPING_PATTERN_INVALID');
      expect(message).toContain(`at ${path}`);
      expect(message).toContain(reason);
    });
  }

  it('is refused inside $or with the number of the choice', () => {
    expect(refusal({ $or: [{ a: ['x'] }, { b: [{ prefx: 'x' }] }] }).message).toContain('at $or[1].b[0]');
    expect(refusal({ $or: [{ a: ['x'] }] }).message).toContain('at least two objects');
    expect(refusal({ $or: [{ a: ['x'] }, 'x', {}] }).message).toContain('at $or[1]');
    expect(refusal({ $or: 'x' }).message).toContain('at $or: $or takes an array');
    expect(refusal({ $or: [{ prefix: ['x'] }, { a: ['x'] }] }).message).toContain('reserved inside $or');
    expect(refusal({ $or: [{ a: ['x'] }, { b: ['x'] }] }).code).toBe('compiled');
  });

  it('is refused when empty, no object, or larger than can be kept', () => {
    expect(refusal({}).message).toContain('at the top: an empty object');
    expect(refusal([] as unknown as JsonObject).code).toBe('MAPPING_PATTERN_INVALID');
    const fields = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`f${at}`, ['x']]));
    expect(refusal(fields(256)).code).toBe('compiled');
    expect(refusal(fields(257)).message).toContain('more than 256 fields');
    const choice = (name: string) => ({ $or: Array.from({ length: 25 }, (_, at) => ({ [name]: [at] })) });
    expect(refusal({ a: choice('b'), c: choice('d'), e: choice('f') }).message).toContain('combinations');
  });

  it('is refused when nested thousands deep, also by $or', () => {
    const nested = (open: string, close: string) => JSON.parse(`${open.repeat(5000)}{"a":["x"]}${close.repeat(5000)}`);
    expect(refusal(nested('{"a":', '}')).message).toContain('nested deeper than 1000');
    expect(refusal(nested('{"$or":[{"b":["y"]},', ']}')).message).toContain('nested deeper than 1000');
  });
});
