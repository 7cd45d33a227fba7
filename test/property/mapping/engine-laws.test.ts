// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Json, JsonObject } from '../../../src/evidence/json.ts';
import { isJsonObject } from '../../../src/evidence/json.ts';
import { addressToHex, isInRange, rangeOfCidr } from '../../../src/mapping/address.ts';
import { holdTogether } from '../../../src/mapping/array-consistency.ts';
import { compilePattern, matchesPattern } from '../../../src/mapping/compile-pattern.ts';
import type { FoundField, Membership } from '../../../src/mapping/field-path.ts';
import { MappingError } from '../../../src/mapping/mapping-error.ts';
import type { CompiledRule } from '../../../src/mapping/rule-index.ts';
import { RuleIndex } from '../../../src/mapping/rule-index.ts';
import { matchesWildcard, parseWildcard } from '../../../src/mapping/wildcard.ts';
import { randomLines } from '../../acceptance/random-patterns.ts';
import { rule } from '../../support/mapping.ts';

interface Pair {
  readonly pattern: JsonObject;
  readonly event: JsonObject;
}

/** Valid patterns with events bent towards them, from the generator that is compared with event-ruler. */
function pairs(count: number, seed: number): readonly Pair[] {
  const found: Pair[] = [];
  for (const line of randomLines(count, seed, { patterns: 0 })) {
    const { pattern, event } = JSON.parse(line) as Pair;
    if (isJsonObject(event) && compiles(pattern)) found.push({ pattern, event });
  }
  return found;
}

function compiles(pattern: JsonObject): boolean {
  try {
    compilePattern(pattern);
    return true;
  } catch (error) {
    if (error instanceof MappingError) return false;
    throw error;
  }
}

function matches(pattern: JsonObject, event: JsonObject): boolean {
  return matchesPattern(compilePattern(pattern), event);
}

const seeds = fc.integer({ min: 1, max: 1_000_000 });

describe('the rule index', () => {
  it('finds exactly the rules whose patterns match, in the order of the pack', () => {
    let found = 0;
    fc.assert(
      fc.property(seeds, (seed) => {
        const all = pairs(120, seed);
        const rules = all.map(({ pattern }, number): CompiledRule => {
          const own = rule({ id: `r${number}`, pattern: { detail: pattern } });
          return { number, rule: own, pattern: compilePattern(own.pattern) };
        });
        const index = new RuleIndex(rules);
        const numbers: number[] = [];
        for (const { event } of all) {
          const seen = { source: 'cloudtrail', kind: 'activity', detail: event, facts: {} } as const;
          index.match(seen, numbers);
          found += numbers.length;
          expect(numbers).toEqual(rules.filter(({ pattern }) => matchesPattern(pattern, seen)).map(({ number }) => number));
        }
      }),
      { numRuns: 8 },
    );
    expect(found).toBeGreaterThan(300);
  });
});

describe('$or', () => {
  // With an empty or dotted name two paths can be one to event-ruler, which joins names by dots: there its answer stands, not this law.
  it('matches where one of its choices does, unless one is dropped', () => {
    let yes = 0;
    fc.assert(
      fc.property(seeds, (seed) => {
        for (const [at, { pattern, event }] of pairs(60, seed).entries()) {
          const other = pairs(1, seed + at)[0]?.pattern ?? { z: ['z'] };
          // Names of their own keep the choices from replacing each other's fields.
          const compiled = compiledOr(pattern, other);
          if (compiled === undefined || compiled.shadowed > 0 || !isPlainlyNamed(pattern) || !isPlainlyNamed(other)) continue;
          const both = { one: event, two: event };
          const expected = matches({ one: pattern }, both) || matches({ two: other }, both);
          if (expected) yes++;
          expect(matchesPattern(compiled, both)).toBe(expected);
        }
      }),
      { numRuns: 10 },
    );
    expect(yes).toBeGreaterThan(20);
  });

  it('answers as event-ruler 1.8.1 where an empty name and a dotted one meet', () => {
    const event = { '': 'ßfffff::' };
    const both = { one: event, two: event };
    const one = { one: { '': [{ 'anything-but': { suffix: ['ß'] } }] } };
    const two = { two: { '.a': [{ 'anything-but': { wildcard: ['é*'] } }], d: { d: [-1] }, b: [{ exactly: ':' }] } };
    expect([matches({ $or: [one, two] }, both), matches(one, both), matches(two, both)]).toEqual([true, false, false]);
  });
});

function isPlainlyNamed(value: Json): boolean {
  if (Array.isArray(value)) return value.every(isPlainlyNamed);
  if (!isJsonObject(value)) return true;
  return Object.entries(value).every(([name, inner]) => name !== '' && !name.includes('.') && isPlainlyNamed(inner ?? null));
}

function compiledOr(one: JsonObject, two: JsonObject) {
  // Inside $or some names are reserved, such as "prefix".
  const pattern = { $or: [{ one }, { two }] };
  return compiles(pattern) ? compilePattern(pattern) : undefined;
}

const scalar = fc.oneof(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), fc.boolean(), fc.constant(null));
const text = fc.string({ unit: fc.constantFrom('a', 'b', '*', '\\', 'é', '大'), maxLength: 8 });

describe('operators', () => {
  it('say of a value what their opposite does not', () => {
    fc.assert(
      fc.property(
        text.filter((each) => each !== ''),
        scalar,
        (wanted, value) => {
          for (const operator of [wanted, { prefix: wanted }, { suffix: wanted }, { 'equals-ignore-case': wanted }]) {
            const opposite = { 'anything-but': operator };
            expect(matches({ a: [opposite] }, { a: value })).toBe(!matches({ a: [operator] }, { a: value }));
          }
        },
      ),
    );
  });

  it('find each value equal to itself', () => {
    fc.assert(fc.property(scalar, (value) => expect(matches({ a: [value] }, { a: value })).toBe(true)));
  });

  it('compare numbers as numbers', () => {
    const finite = fc.double({ noNaN: true, min: -1e300, max: 1e300, noDefaultInfinity: true });
    fc.assert(
      fc.property(finite, finite, (one, other) => {
        const answers = ['<', '<=', '>', '>=', '='].map((sign) => matches({ a: [{ numeric: [sign, other] }] }, { a: one }));
        expect(answers).toEqual([one < other, one <= other, one > other, one >= other, one === other]);
      }),
    );
  });

  it('take a wildcard for what a regular expression of it takes', () => {
    fc.assert(
      fc.property(text, text, (wanted, value) => {
        const wildcard = parseWildcard(wanted);
        fc.pre(!('reason' in wildcard));
        const literals = wildcard.map((literal) => literal.replace(/[\\*]/g, '\\$&'));
        expect(matchesWildcard(value, wildcard)).toBe(new RegExp(`^${literals.join('[^]*')}$`).test(value));
      }),
    );
  });

  it('place an address in a block by its bits', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV4(), fc.integer({ min: 0, max: 31 }), (address, base, bits) => {
        const range = rangeOfCidr(`${base}/${bits}`);
        if ('reason' in range) throw new TypeError(range.reason);
        const [one = '', other = ''] = [address, base].map((each) => addressToHex(each) ?? '');
        const shift = BigInt(32 - bits);
        expect(isInRange(one, range)).toBe(BigInt(`0x${one}`) >> shift === BigInt(`0x${other}`) >> shift);
      }),
    );
  });

  it('read an address in every spelling of it', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 }), (groups) => {
        const full = groups.map((group) => group.toString(16).padStart(4, '0')).join(':');
        const short = groups.map((group) => group.toString(16)).join(':');
        expect(addressToHex(short)).toBe(addressToHex(full.toUpperCase()));
        expect(addressToHex(short.replace(/(^|:)0(:0)+($|:)/, '::'))).toBe(addressToHex(full));
      }),
    );
  });
});

/** Fields in the elements of a list with lists within: small, so that every choice can be tried. */
const outer: Json[] = [0, 1, 2];
const inner: Json[][] = [
  [0, 1],
  [0, 1],
  [0, 1],
];
const membership: fc.Arbitrary<Membership | null> = fc.oneof(
  fc.constant(null),
  fc.integer({ min: 0, max: 2 }).map((index): Membership => ({ array: outer, index, outer: null })),
  fc
    .tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 1 }))
    .map(([index, below]): Membership => ({ array: inner[index] ?? [], index: below, outer: { array: outer, index, outer: null } })),
);
const condition = fc.record({
  fields: fc.array(fc.record({ value: fc.boolean(), membership }), { minLength: 1, maxLength: 4 }),
  wantsAbsence: fc.boolean(),
});

/** event-ruler's rule tried choice by choice. */
function triedOut(
  conditions: readonly { fields: readonly FoundField[]; wantsAbsence: boolean }[],
  chosen: ReadonlyMap<unknown, number>,
): boolean {
  const [first, ...rest] = conditions;
  if (first === undefined) return true;
  const possible = first.fields.filter(({ membership: each }) => agrees(each, chosen));
  if (possible.length === 0) return first.wantsAbsence && triedOut(rest, chosen);
  return possible.some((field) => field.value === true && triedOut(rest, extended(field.membership, chosen)));
}

function agrees(each: Membership | null, chosen: ReadonlyMap<unknown, number>): boolean {
  if (each === null) return true;
  return (chosen.get(each.array) ?? each.index) === each.index && agrees(each.outer, chosen);
}

function extended(each: Membership | null, chosen: ReadonlyMap<unknown, number>): ReadonlyMap<unknown, number> {
  return each === null ? chosen : extended(each.outer, new Map(chosen).set(each.array, each.index));
}

describe('conditions on arrays', () => {
  it('hold together exactly where some choice of elements meets them all', () => {
    let yes = 0;
    fc.assert(
      fc.property(fc.array(condition, { minLength: 1, maxLength: 4 }), (conditions) => {
        const expected = triedOut(conditions, new Map());
        if (expected) yes++;
        expect(holdTogether(conditions.map((each) => ({ ...each, accepts: (field: FoundField) => field.value === true })))).toBe(expected);
      }),
      { numRuns: 2000 },
    );
    expect(yes).toBeGreaterThan(100);
  });
});
