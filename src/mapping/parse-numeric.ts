// SPDX-License-Identifier: Apache-2.0
import type { Json } from '../evidence/json.ts';
import { invalidPattern } from './mapping-error.ts';
import type { Bound, Operator } from './operator.ts';
import { between, exactly } from './operator.ts';
import { comparableNumber } from './read-value.ts';

const lowest: Bound = { value: -Number.MAX_VALUE, open: false };
const highest: Bound = { value: Number.MAX_VALUE, open: false };

/** Reads the array of `numeric`: one comparison, or a lower bound and then an upper one. */
export function parseNumeric(value: Json, path: string): Operator {
  if (!Array.isArray(value)) throw invalidPattern(path, 'numeric takes an array');
  const [sign, number, upperSign, upperNumber] = value;
  const limit = comparableNumber(number, `${path}[1]`);
  if (sign === '>' || sign === '>=') {
    const bottom = { value: limit, open: sign === '>' };
    if (value.length === 2) return rangeOf(bottom, highest, path);
    if (upperSign !== '<' && upperSign !== '<=') throw invalidPattern(`${path}[2]`, 'after a lower bound only "<" or "<=" may follow');
    if (value.length !== 4) throw invalidPattern(path, 'a range is two signs with a number each');
    return rangeOf(bottom, { value: comparableNumber(upperNumber, `${path}[3]`), open: upperSign === '<' }, path);
  }
  if (value.length !== 2) throw invalidPattern(path, 'too many elements: an upper bound stands last, "=" alone');
  if (sign === '<' || sign === '<=') return rangeOf(lowest, { value: limit, open: sign === '<' }, path);
  if (sign === '=') return exactly(limit);
  throw invalidPattern(`${path}[0]`, `unknown sign ${JSON.stringify(sign)}; one of = < <= > >= is needed`);
}

function rangeOf(bottom: Bound, top: Bound, path: string): Operator {
  if (bottom.value >= top.value) throw invalidPattern(path, 'the lower bound must be below the upper one');
  return between(bottom, top);
}
