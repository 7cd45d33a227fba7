// SPDX-License-Identifier: Apache-2.0
import type { Json, JsonObject } from '../evidence/json.ts';
import { invalidPattern } from './mapping-error.ts';
import type { Wildcard } from './wildcard.ts';
import { parseWildcard } from './wildcard.ts';

/** How a pattern is read. `legacy` is the older of event-ruler's two compilers, to which it turns where the newer one refuses. */
export type Grammar = 'current' | 'legacy';

/** The only member of an operator object; anything else in it is refused. */
export function onlyMember(value: JsonObject, path: string): readonly [string, Json] {
  const [first, second] = Object.entries(value);
  if (first === undefined || first[1] === undefined) throw invalidPattern(path, 'an operator is missing in {}');
  if (second !== undefined) throw invalidPattern(path, `only one operator may stand in an object, not ${first[0]} and ${second[0]}`);
  return [first[0], first[1]];
}

/** The value of an operator that wants a string. */
export function textOf(value: Json, path: string): string {
  if (typeof value !== 'string') throw invalidPattern(path, 'a string is needed');
  return value;
}

/** A number that event-ruler can compare: one that a finite double holds. */
export function comparableNumber(value: Json | undefined, path: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw invalidPattern(path, 'a number that a double holds is needed');
  return value;
}

/** The wildcard that a text says. */
export function wildcardOf(text: string, path: string): Wildcard {
  const wildcard = parseWildcard(text);
  if ('reason' in wildcard) throw invalidPattern(path, wildcard.reason);
  return wildcard;
}
