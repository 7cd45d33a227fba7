// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { readMappingSource } from '../../src/catalog/mapping-source.ts';
import { loadPack } from '../../src/catalog/pack-file.ts';
import type { Json } from '../../src/evidence/json.ts';
import { compilePattern, matchesPattern } from '../../src/mapping/compile-pattern.ts';

const patterns = new Map(loadPack().rules.map((rule) => [rule.id, compilePattern(rule.pattern)]));
const rules = readMappingSource().rules.flatMap(({ content }) => content.rules);

const examples = rules.flatMap((rule) => [
  ...rule.matches.map((example) => ({ rule: rule.id, example, expected: true })),
  ...rule.misses.map((example) => ({ rule: rule.id, example, expected: false })),
]);

/** What the compiled pattern of a rule says of an observation. */
function judged(rule: string, example: Json): boolean {
  const pattern = patterns.get(rule);
  if (pattern === undefined) throw new Error(`the pack has no rule ${rule}`);
  return matchesPattern(pattern, example);
}

describe('the observations beside the rules', () => {
  it('are judged by our engine as their files say', () => {
    expect(examples.length).toBeGreaterThanOrEqual(2_664);
    expect(new Set(examples.map(({ expected }) => expected)).size).toBe(2);
    const wrong = examples.filter(({ rule, example, expected }) => judged(rule, JSON.parse(JSON.stringify(example))) !== expected);
    expect(wrong.map(({ rule, expected, example }) => ({ rule, expected, example }))).toEqual([]);
  });

  it('cover every rule of the pack with a match and a miss', () => {
    const covered = (expected: boolean) =>
      new Set(examples.filter((example) => example.expected === expected).map(({ rule }) => rule)).size;
    expect([covered(true), covered(false)]).toEqual([patterns.size, patterns.size]);
  });

  it('are not asked of a branch of $or that can never match', () => {
    expect([...patterns].filter(([, pattern]) => pattern.shadowed > 0).map(([id]) => id)).toEqual([]);
  });
});
