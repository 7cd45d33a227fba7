// SPDX-License-Identifier: Apache-2.0
import { isJsonObject, type Json, type JsonObject } from '../evidence/json.ts';

/** One field that a pattern reads, and the values or operators it allows there. */
export interface PatternLeaf {
  readonly path: readonly string[];
  readonly allowed: readonly Json[];
}

/** Every field that a pattern reads, the alternatives of `$or` included. */
export function patternLeaves(pattern: JsonObject, path: readonly string[] = []): readonly PatternLeaf[] {
  return Object.entries(pattern).flatMap(([name, value]) => {
    if (Array.isArray(value) && name === '$or')
      return value.flatMap((either: Json) => (isJsonObject(either) ? patternLeaves(either, path) : []));
    if (Array.isArray(value)) return [{ path: [...path, name], allowed: value }];
    return isJsonObject(value) ? patternLeaves(value, [...path, name]) : [];
  });
}

/** A rule's own pattern over the `where` of its file: objects are merged, any other key of the rule replaces that of `where`. */
export function mergePatterns(where: JsonObject, own: JsonObject): JsonObject {
  const merged: Record<string, Json | undefined> = { ...where };
  for (const [name, value] of Object.entries(own)) {
    const shared = merged[name];
    merged[name] = isJsonObject(value) && isJsonObject(shared) ? mergePatterns(shared, value) : value;
  }
  return merged;
}
