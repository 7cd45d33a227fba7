// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { canonicalJson, maxJsonDepth } from '../../../src/evidence/canonical-json.ts';
import type { Json } from '../../../src/evidence/json.ts';

describe('canonical JSON', () => {
  it('sorts names by UTF-16 code units and writes no space', () => {
    const value: Json = JSON.parse('{ "\\u20ac": 1, "\\r": 2, "\\ufb33": 3, "1": 4, "\\ud83d\\ude00": 5, "\\u0080": 6, "\\u00f6": 7 }');
    expect(canonicalJson(value)).toBe('{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}');
  });

  it('writes numbers as ECMAScript does, and no negative zero', () => {
    expect(canonicalJson([1e30, 4.5, 2e-3, 1e-27, -0, 333333333.3333333])).toBe('[1e+30,4.5,0.002,1e-27,0,333333333.3333333]');
  });

  it('keeps a member named __proto__ as any other', () => {
    expect(canonicalJson(JSON.parse('{"b":1,"__proto__":{"x":1}}'))).toBe('{"__proto__":{"x":1},"b":1}');
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  it('refuses numbers that JSON has no form for', () => {
    expect(canonicalJson([1])).toBe('[1]');
    expect(() => canonicalJson([Number.NaN])).toThrow(expect.objectContaining({ code: 'JSON_NOT_FINITE' }));
    expect(() => canonicalJson({ a: Number.POSITIVE_INFINITY })).toThrow(expect.objectContaining({ code: 'JSON_NOT_FINITE' }));
  });

  it('refuses depth that would risk the stack', () => {
    const nested = (depth: number): Json => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
    expect(canonicalJson(nested(maxJsonDepth - 1))).toHaveLength(2 * (maxJsonDepth - 1));
    expect(() => canonicalJson(nested(10_000))).toThrow(expect.objectContaining({ code: 'JSON_TOO_DEEP' }));
  });

  it('orders the same names alike in whatever order they came', () => {
    expect(canonicalJson({ b: 1, a: 2, c: 3 })).toBe(canonicalJson({ c: 3, b: 1, a: 2 }));
  });
});
