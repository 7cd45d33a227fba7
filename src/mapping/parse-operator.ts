// SPDX-License-Identifier: Apache-2.0
import type { Json, JsonObject } from '../evidence/json.ts';
import { isJsonObject } from '../evidence/json.ts';
import { addressToHex, rangeOfAddress, rangeOfCidr } from './address.ts';
import { digitsOf, isExactNumber } from './exact-number.ts';
import { invalidPattern } from './mapping-error.ts';
import type { Operator } from './operator.ts';
import { absent, caseless, endingWith, exactDigits, exactly, existing, inRange, matchingWildcard, startingWith } from './operator.ts';
import { parseAnythingBut } from './parse-anything-but.ts';
import { parseNumeric } from './parse-numeric.ts';
import type { Grammar } from './read-value.ts';
import { onlyMember, textOf, wildcardOf } from './read-value.ts';

/** Reads one alternative of a leaf. */
export function parseOperator(value: Json, path: string, grammar: Grammar): Operator {
  if (isJsonObject(value)) {
    return isExactNumber(value) ? exactDigits(digitsOf(value)) : parseExpression(value, path, grammar);
  }
  if (typeof value === 'string') return parseText(value);
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return exactly(value);
  throw invalidPattern(path, 'a value must be a string, a number, true, false, null or an operator, not an array');
}

// A bare address is compared by value; {"exactly": …} is not.
function parseText(text: string): Operator {
  const digits = addressToHex(text);
  return digits === undefined ? exactly(text) : inRange(text, rangeOfAddress(digits));
}

function parseExpression(expression: JsonObject, at: string, grammar: Grammar): Operator {
  const [name, value] = onlyMember(expression, at);
  const path = `${at}.${name}`;
  switch (name) {
    case 'exactly':
      return exactly(textOf(value, path));
    case 'prefix':
      return isJsonObject(value) ? parseCaseless(value, path, 'start') : startingWith(textOf(value, path));
    case 'suffix':
      return isJsonObject(value) ? parseCaseless(value, path, 'end') : endingWith(textOf(value, path));
    case 'equals-ignore-case':
      return caseless(textOf(value, path), 'whole');
    case 'wildcard':
      return parseWildcardOperator(textOf(value, path), path);
    case 'numeric':
      return parseNumeric(value, path);
    case 'anything-but':
      return parseAnythingBut(value, path, grammar);
    case 'cidr':
      return parseCidr(textOf(value, path), path);
    case 'exists':
      if (typeof value !== 'boolean') throw invalidPattern(path, 'exists takes true or false');
      return value ? existing() : absent();
    default:
      throw invalidPattern(at, `unknown operator ${JSON.stringify(name)}`);
  }
}

function parseCaseless(value: JsonObject, path: string, anchor: 'start' | 'end'): Operator {
  const [name, text] = onlyMember(value, path);
  if (name !== 'equals-ignore-case') throw invalidPattern(path, `only equals-ignore-case may stand here, not ${JSON.stringify(name)}`);
  return caseless(textOf(text, `${path}.${name}`), anchor);
}

function parseWildcardOperator(text: string, path: string): Operator {
  return matchingWildcard(text, wildcardOf(text, path));
}

function parseCidr(text: string, path: string): Operator {
  const range = rangeOfCidr(text);
  if ('reason' in range) throw invalidPattern(path, range.reason);
  return inRange(text, range);
}
