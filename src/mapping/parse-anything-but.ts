// SPDX-License-Identifier: Apache-2.0
import type { Json, JsonObject } from '../evidence/json.ts';
import { isJsonObject } from '../evidence/json.ts';
import { isExactNumber } from './exact-number.ts';
import { invalidPattern } from './mapping-error.ts';
import type { Operator } from './operator.ts';
import { caseless, endingWith, matchingWildcard, never, noneOf, otherThan, startingWith } from './operator.ts';
import type { Grammar } from './read-value.ts';
import { comparableNumber, onlyMember, textOf, wildcardOf } from './read-value.ts';

/** Reads what stands under `anything-but`: a value, a list of strings or of numbers, or an operator with a string or a list of them. */
export function parseAnythingBut(value: Json, path: string, grammar: Grammar): Operator {
  if (isJsonObject(value) && !isExactNumber(value)) return parseRefused(value, path, grammar);
  if (!Array.isArray(value)) return typeof value === 'string' ? otherThan([value]) : otherThan([comparableNumber(value, path)]);
  if (value.length === 0) throw invalidPattern(path, 'an empty list');
  if (value.every((each) => typeof each === 'string')) return otherThan(value);
  return otherThan(value.map((each, at) => (typeof each === 'string' ? mixed(path) : comparableNumber(each, `${path}[${at}]`))));
}

function mixed(path: string): never {
  throw invalidPattern(path, 'the values must be all strings or all numbers');
}

function parseRefused(value: JsonObject, at: string, grammar: Grammar): Operator {
  const [name, refused] = onlyMember(value, at);
  const path = `${at}.${name}`;
  const make = refusals[name];
  if (make === undefined || (grammar === 'legacy' && name === 'wildcard')) {
    throw invalidPattern(at, `anything-but takes no ${JSON.stringify(name)}`);
  }
  const isList = Array.isArray(refused);
  if (isList && grammar === 'legacy' && name !== 'equals-ignore-case') throw invalidPattern(path, 'a string is needed');
  const texts = isList ? refused.map((each, index) => textOf(each, `${path}[${index}]`)) : [textOf(refused, path)];
  const operators = texts.map((text, index) => make(text, isList ? `${path}[${index}]` : path));
  return texts.length === 0 ? never() : noneOf(name, texts, operators);
}

const refusals: Readonly<Record<string, ((text: string, path: string) => Operator) | undefined>> = Object.assign(Object.create(null), {
  prefix: (text: string, path: string) => startingWith(notEmpty(text, path)),
  suffix: (text: string, path: string) => endingWith(notEmpty(text, path)),
  'equals-ignore-case': (text: string) => caseless(text, 'whole'),
  wildcard: (text: string, path: string) => matchingWildcard(text, wildcardOf(text, path)),
});

function notEmpty(text: string, path: string): string {
  if (text === '') throw invalidPattern(path, 'an empty prefix or suffix');
  return text;
}
