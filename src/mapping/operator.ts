// SPDX-License-Identifier: Apache-2.0
import type { AddressRange } from './address.ts';
import { addressToHex, isInRange } from './address.ts';
import type { ExactNumber } from './exact-number.ts';
import { digitsOf, isExactNumber } from './exact-number.ts';
import type { Anchor } from './ignore-case.ts';
import { ignoringCase } from './ignore-case.ts';
import type { Wildcard } from './wildcard.ts';
import { matchesWildcard } from './wildcard.ts';

/** A leaf of an event. */
export type Scalar = string | number | boolean | null | ExactNumber;

/** What an index can look up: the value itself, or the text it starts or ends with. */
export type Lookup =
  | { readonly by: 'value'; readonly value: string | number | boolean | null }
  | { readonly by: 'prefix' | 'suffix'; readonly text: string };

/** One alternative of a leaf of a pattern: `"x"`, `{"prefix": "x"}`, … */
export interface Operator {
  /** The same text for operators that event-ruler takes for the same; also how a reader is told of it. */
  readonly identity: string;
  /** Whether a value that is there satisfies it. */
  accepts(value: Scalar): boolean;
  /** True for operators on numbers. */
  readonly isNumeric?: boolean;
  /** Set for operators that event-ruler also tries on the text of a number, where no operator of the leaf is numeric. */
  readonly acceptsNumberText?: (text: string) => boolean;
  /** True for `{"exists": false}`, which is satisfied by no value at all. */
  readonly wantsAbsence: boolean;
  /** Set where an index may look the operator up; every value it accepts is found so. */
  readonly lookup?: Lookup;
}

const nothing = 'anything-but nothing';

function operator(identity: string, accepts: (value: Scalar) => boolean, lookup?: Lookup): Operator {
  return lookup === undefined ? { identity, accepts, wantsAbsence: false } : { identity, accepts, wantsAbsence: false, lookup };
}

function overStrings(name: string, wanted: unknown, accepts: (value: string) => boolean, lookup?: Lookup): Operator {
  return operator(`${name} ${JSON.stringify(wanted)}`, (value) => typeof value === 'string' && accepts(value), lookup);
}

/** `"x"`, `5`, `true`, `null`; numbers are compared as doubles, as event-ruler does. */
export function exactly(wanted: string | number | boolean | null): Operator {
  const each = operator(JSON.stringify(wanted), (value) => value === wanted, { by: 'value', value: wanted });
  return typeof wanted === 'number' ? { ...each, isNumeric: true } : each;
}

/** A whole number that no double holds: its digits must be the same. */
export function exactDigits(digits: string): Operator {
  return operator(digits, (value) => isExactNumber(value) && digitsOf(value) === digits);
}

/**
 * An address or a CIDR block; addresses are compared by value, so that 10.0.0.1 is also 010.000.000.001.
 * event-ruler compares the digits of a bare number with the hex digits of the range: 100 lies in 0.0.0.0/0.
 */
export function inRange(text: string, range: AddressRange): Operator {
  const accepts = (value: string) => {
    const digits = addressToHex(value);
    return digits !== undefined && isInRange(digits, range);
  };
  return { ...overStrings('cidr', text, accepts), acceptsNumberText: (number) => isInRange(number, range) };
}

/**
 * `{"prefix": "x"}`. event-ruler compares values in their quotes, so that a prefix that ends in a quote equals a value without it;
 * no index can look that up.
 */
export function startingWith(text: string): Operator {
  if (text.endsWith('"')) return overStrings('prefix', text, (value) => `${value}"`.startsWith(text));
  return overStrings('prefix', text, (value) => value.startsWith(text), { by: 'prefix', text });
}

/** `{"suffix": "x"}`, with the quote before the value likewise. */
export function endingWith(text: string): Operator {
  if (text.startsWith('"')) return overStrings('suffix', text, (value) => `"${value}`.endsWith(text));
  return overStrings('suffix', text, (value) => value.endsWith(text), { by: 'suffix', text });
}

/** `{"equals-ignore-case": "x"}`, alone or under prefix or suffix. */
export function caseless(text: string, anchor: Anchor): Operator {
  const name = { whole: 'equals-ignore-case', start: 'prefix equals-ignore-case', end: 'suffix equals-ignore-case' }[anchor];
  const matches = ignoringCase(text, anchor);
  if (anchor === 'start' && text.endsWith('"')) return overStrings(name, text, (value) => matches(`${value}"`));
  if (anchor === 'end' && text.startsWith('"')) return overStrings(name, text, (value) => matches(`"${value}`));
  return overStrings(name, text, matches);
}

/** `{"wildcard": "x*"}`. */
export function matchingWildcard(text: string, wildcard: Wildcard): Operator {
  const prefix = wildcard[0] ?? '';
  const accepts = (value: string) => matchesWildcard(value, wildcard);
  return overStrings('wildcard', text, accepts, prefix === '' ? undefined : { by: 'prefix', text: prefix });
}

/** One side of a numeric range. */
export interface Bound {
  readonly value: number;
  readonly open: boolean;
}

/** `{"numeric": [">", 0, "<=", 5]}`. What no finite double holds lies in no range. */
export function between(bottom: Bound, top: Bound): Operator {
  const identity = `numeric ${bottom.open ? '>' : '>='} ${bottom.value} ${top.open ? '<' : '<='} ${top.value}`;
  const accepts = (value: Scalar) =>
    typeof value === 'number' &&
    (bottom.open ? value > bottom.value : value >= bottom.value) &&
    (top.open ? value < top.value : value <= top.value);
  return { ...operator(identity, accepts), isNumeric: true };
}

/** `{"exists": true}`: any value, `null` too. An object is no value; its members are. */
export function existing(): Operator {
  return operator('exists true', () => true);
}

/** `{"exists": false}`. */
export function absent(): Operator {
  return { identity: 'exists false', accepts: () => false, wantsAbsence: true };
}

/** `{"anything-but": …}` of strings or of numbers: any value that is not among them, of any type. */
export function otherThan(values: readonly (string | number)[]): Operator {
  const refused = new Set<Scalar>(values);
  const each = operator(`anything-but ${identityOf(values)}`, (value) => !refused.has(value));
  return typeof values[0] === 'number' ? { ...each, isNumeric: true } : each;
}

/** `{"anything-but": {"prefix": …}}` and its kin: any value that none of the operators accepts. */
export function noneOf(name: string, values: readonly string[], refused: readonly Operator[]): Operator {
  return operator(`anything-but ${name} ${identityOf(values)}`, (value) => !refused.some((each) => each.accepts(value)));
}

/** `{"anything-but": {"prefix": []}}` after another alternative: event-ruler takes it and it never matches. */
export function never(): Operator {
  return operator(nothing, () => false);
}

/** Whether the operator is `never`. */
export function matchesNothing(each: Operator): boolean {
  return each.identity === nothing;
}

// event-ruler keeps the values as a set: order and repeats do not make another operator.
function identityOf(values: readonly (string | number)[]): string {
  return JSON.stringify([...new Set(values)].sort());
}
