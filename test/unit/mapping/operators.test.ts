// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { Json, JsonObject } from '../../../src/evidence/json.ts';
import { compilePattern, matchesPattern } from '../../../src/mapping/compile-pattern.ts';

function accepts(alternatives: Json, value: Json): boolean {
  return matchesPattern(compilePattern({ a: alternatives } as JsonObject), { a: value });
}

interface Case {
  readonly leaf: Json;
  readonly yes: readonly Json[];
  readonly no: readonly Json[];
}

// Every answer below was given by event-ruler 1.8.1 too.
const cases: Readonly<Record<string, readonly Case[]>> = {
  'an exact value': [
    { leaf: ['x'], yes: ['x', ['y', 'x']], no: ['X', 'xx', '', null, 1, [], {}, { x: 'x' }] },
    { leaf: [''], yes: [''], no: [' ', null, 0, false] },
    { leaf: [5], yes: [5, 5.0, [4, 5]], no: ['5', 5.1, true, -5] },
    { leaf: [0], yes: [0, -0], no: [false, null, '0', ''] },
    { leaf: [true], yes: [true], no: [false, 'true', 1] },
    { leaf: [null], yes: [null, [null]], no: ['null', 0, false, []] },
    { leaf: [{ exactly: 'x' }], yes: ['x'], no: ['X'] },
    { leaf: ['x', 5, null], yes: ['x', 5, null], no: ['5', 'null', 6] },
  ],
  'a prefix or suffix': [
    { leaf: [{ prefix: 'ab' }], yes: ['ab', 'abc'], no: ['a', 'Ab', 'cab', 1, null] },
    { leaf: [{ prefix: '' }], yes: ['', 'x'], no: [1, true, null] },
    { leaf: [{ suffix: '.png' }], yes: ['.png', 'a.png'], no: ['png', 'a.PNG', 'a.png ', 1] },
    { leaf: [{ suffix: '大' }], yes: ['大', 'é大'], no: ['大é'] },
    { leaf: [{ prefix: { 'equals-ignore-case': 'aB' } }], yes: ['ABc', 'ab'], no: ['a', 'xab'] },
    { leaf: [{ suffix: { 'equals-ignore-case': 'aB' } }], yes: ['xAb', 'ab'], no: ['b', 'abx', 7] },
  ],
  'equality without regard to case': [
    { leaf: [{ 'equals-ignore-case': 'aBc' }], yes: ['abc', 'ABC', 'AbC'], no: ['abcd', 'ab', 1] },
    { leaf: [{ 'equals-ignore-case': 'é' }], yes: ['é', 'É'], no: ['e'] },
    { leaf: [{ 'equals-ignore-case': 'ß' }], yes: ['ß', 'SS'], no: ['ss', 's'] },
    { leaf: [{ 'equals-ignore-case': 'a.b*(c)' }], yes: ['A.B*(C)'], no: ['axb*(c)', 'a.bb(c)'] },
    // event-ruler takes each half of an emoji for a question mark.
    { leaf: [{ 'equals-ignore-case': '😀' }], yes: ['??'], no: ['😀'] },
  ],
  'a wildcard': [
    { leaf: [{ wildcard: '*' }], yes: ['', 'x'], no: [1, null] },
    { leaf: [{ wildcard: 'a*c' }], yes: ['ac', 'abc', 'a*c', 'accc'], no: ['a', 'acb', 'bac'] },
    { leaf: [{ wildcard: '*a*b*' }], yes: ['ab', 'xaxbx'], no: ['ba', 'a'] },
    { leaf: [{ wildcard: 'ab*ab' }], yes: ['abab', 'abxab'], no: ['ab', 'aba'] },
    { leaf: [{ wildcard: 'a\\*b' }], yes: ['a*b'], no: ['axb', 'a\\*b'] },
    { leaf: [{ wildcard: 'a\\\\*' }], yes: ['a\\', 'a\\x'], no: ['a', 'a*'] },
    { leaf: [{ wildcard: '' }], yes: [''], no: ['x'] },
  ],
  'anything but some values': [
    { leaf: [{ 'anything-but': 'x' }], yes: ['y', '', 1, null, true, ['x', 'y']], no: ['x', ['x'], [], {}] },
    { leaf: [{ 'anything-but': ['x', 'y'] }], yes: ['z', 5], no: ['x', 'y', ['x', 'y']] },
    { leaf: [{ 'anything-but': 5 }], yes: [6, '5', null], no: [5, 5.0] },
    { leaf: [{ 'anything-but': [1, 2] }], yes: [3, '1'], no: [1, 2] },
    { leaf: [{ 'anything-but': { prefix: 'ab' } }], yes: ['a', 'b', 1, null], no: ['ab', 'abc'] },
    { leaf: [{ 'anything-but': { prefix: ['a', 'b'] } }], yes: ['c', ''], no: ['ax', 'bx'] },
    { leaf: [{ 'anything-but': { suffix: ['a', 'b'] } }], yes: ['c', 'ax'], no: ['xa', 'b'] },
    { leaf: [{ 'anything-but': { wildcard: ['*/lib/*', 'x'] } }], yes: ['/lib', 'y', 1], no: ['a/lib/b', 'x'] },
    { leaf: [{ 'anything-but': { 'equals-ignore-case': ['ab', 'c'] } }], yes: ['a', 3], no: ['AB', 'C'] },
  ],
  'a numeric range': [
    { leaf: [{ numeric: ['=', 3.018e2] }], yes: [301.8], no: [301, '301.8'] },
    { leaf: [{ numeric: ['<', 10] }], yes: [9.999, -1e300], no: [10, '9', null] },
    { leaf: [{ numeric: ['<=', 10] }], yes: [10, 0], no: [10.0001] },
    { leaf: [{ numeric: ['>', 0] }], yes: [5e-324, 1e300], no: [0, -1] },
    { leaf: [{ numeric: ['>=', -1] }], yes: [-1, 5], no: [-1.5] },
    { leaf: [{ numeric: ['>', 0, '<=', 5] }], yes: [0.1, 5], no: [0, 5.1] },
    { leaf: [{ numeric: ['>=', 0, '<', 5] }], yes: [0, 4], no: [5, -0.1, Number.POSITIVE_INFINITY] },
  ],
  'a CIDR block or an address': [
    { leaf: [{ cidr: '10.0.0.0/24' }], yes: ['10.0.0.0', '10.0.0.255', '010.0.0.1'], no: ['10.0.1.0', '10.0.0', '10.0.0.256', 10] },
    { leaf: [{ cidr: '10.0.0.7/24' }], yes: ['10.0.0.1'], no: ['10.0.1.7'] },
    { leaf: [{ cidr: '2001:db8::/32' }], yes: ['2001:db8::1', '2001:DB8:ffff::'], no: ['2001:db9::', '::1', ':', 'g::'] },
    { leaf: [{ cidr: '::/0' }], yes: ['::1', 'fe80::1'], no: ['x'] },
    { leaf: [{ cidr: '::ffff:a00:0/8' }], yes: ['10.9.9.9'], no: ['11.0.0.0'] },
    { leaf: ['10.0.0.1'], yes: ['10.0.0.1', '10.0.0.01', '::ffff:a00:1'], no: ['10.0.0.2', '10.0.0.1 '] },
    { leaf: ['::1'], yes: ['::1', '0:0:0:0:0:0:0:1'], no: ['::2'] },
    { leaf: [{ exactly: '10.0.0.1' }], yes: ['10.0.0.1'], no: ['10.0.0.01'] },
    // event-ruler compares the digits of a bare number with the hex digits of the range, unless the leaf holds a number.
    { leaf: [{ cidr: '0.0.0.0/0' }], yes: [100], no: [-1, 'x'] },
    { leaf: [{ cidr: '0.0.0.0/0' }, 7], yes: [7], no: [100] },
  ],
  existence: [
    { leaf: [{ exists: true }], yes: ['', 0, null, false, ['x'], [[1]]], no: [{}, [], { b: 1 }] },
    { leaf: [{ exists: false }], yes: [{}, [], [[]], { b: 1 }], no: ['', null, 0] },
    { leaf: [{ exists: false }, 'x'], yes: ['x', []], no: ['y'] },
  ],
};

for (const [name, list] of Object.entries(cases)) {
  describe(`a pattern with ${name}`, () => {
    for (const { leaf, yes, no } of list) {
      it(`takes what ${JSON.stringify(leaf)} means`, () => {
        expect(yes.filter((value) => !accepts(leaf, value))).toEqual([]);
      });
      it(`takes nothing else for ${JSON.stringify(leaf)}`, () => {
        expect(no.filter((value) => accepts(leaf, value))).toEqual([]);
      });
    }
  });
}

describe('quotes', () => {
  it('count as event-ruler counts them: a value stands in its quotes', () => {
    expect(accepts([{ suffix: '"' }], '')).toBe(true);
    expect(accepts([{ prefix: 'x"' }], 'x')).toBe(true);
    expect(accepts([{ suffix: { 'equals-ignore-case': '"X' } }], 'x')).toBe(true);
    expect(accepts([{ prefix: { 'equals-ignore-case': 'X"' } }], 'x')).toBe(true);
    expect(accepts([{ prefix: 'x"' }], 'xy')).toBe(false);
  });
});
