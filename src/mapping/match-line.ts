// SPDX-License-Identifier: Apache-2.0
import type { Json } from '../evidence/json.ts';
import { isJsonObject } from '../evidence/json.ts';
import { compilePattern, matchesPattern } from './compile-pattern.ts';
import { parseJsonExactly } from './exact-number.ts';
import { MappingError } from './mapping-error.ts';

/** The answer to one line of `aims pattern test -`. */
export type LineAnswer = { readonly matches: boolean } | { readonly error: string };

/**
 * Answers a line `{"pattern": …, "event": …}` as `aws events test-event-pattern` does. Throws nothing.
 * Whole numbers that no double holds are compared by their digits.
 */
export function matchLine(line: string): LineAnswer {
  const parsed = parseLine(line);
  if ('error' in parsed) return parsed;
  const { value } = parsed;
  if (!isJsonObject(value) || value['pattern'] === undefined || value['event'] === undefined) {
    return { error: 'a line must be {"pattern": …, "event": …}' };
  }
  const pattern = value['pattern'];
  if (!isJsonObject(pattern)) return { error: 'MAPPING_PATTERN_INVALID: a pattern is an object' };
  try {
    return { matches: matchesPattern(compilePattern(pattern), value['event']) };
  } catch (error) {
    if (error instanceof MappingError) return { error: error.message };
    throw error;
  }
}

function parseLine(line: string): { readonly value: Json } | { readonly error: string } {
  try {
    return { value: parseJsonExactly(line) };
  } catch (error) {
    // SyntaxError for text that is no JSON; RangeError where big numbers stand thousands of levels deep.
    return { error: `not JSON: ${Error.isError(error) ? error.message : String(error)}` };
  }
}
