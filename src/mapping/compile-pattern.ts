// SPDX-License-Identifier: Apache-2.0
import type { Json, JsonObject } from '../evidence/json.ts';
import { isJsonObject } from '../evidence/json.ts';
import type { Branch, Condition } from './evaluate-branch.ts';
import { branchHolds } from './evaluate-branch.ts';
import type { FieldPath } from './field-path.ts';
import { readFields } from './field-path.ts';
import { javaTextOf } from './java-number.ts';
import { invalidPattern, MappingError } from './mapping-error.ts';
import type { Operator, Scalar } from './operator.ts';
import { matchesNothing } from './operator.ts';
import { PatternPool } from './pattern-pool.ts';
import type { BranchFields } from './read-branches.ts';
import { readBranches } from './read-branches.ts';
import { findShadowed } from './shadowed-branches.ts';

/** A pattern ready to be matched: it matches where one of its branches holds. */
export interface CompiledPattern {
  readonly branches: readonly Branch[];
  /** How many branches of `$or` event-ruler drops, because it takes them for an earlier one; they never match. */
  readonly shadowed: number;
}

// event-ruler's MAXIMUM_RULE_SIZE.
const mostConditions = 256;

/**
 * Compiles an EventBridge event pattern with the meaning that AWS's event-ruler 1.8.1 gives it. Patterns that are kept together share a pool.
 * Throws MAPPING_PATTERN_INVALID with the path and the reason.
 */
export function compilePattern(pattern: JsonObject, pool = new PatternPool()): CompiledPattern {
  if (!isJsonObject(pattern)) throw invalidPattern('', 'a pattern is an object');
  const all = branchesOf(pattern);
  for (const branch of all) checkBranch(branch);
  const paths = pool.paths(new Set(all.flatMap((branch) => [...branch.keys()])));
  const { kept } = findShadowed(all);
  const numeric = numericNames(all);
  const compile = (branch: BranchFields): Branch =>
    [...branch.keys()].sort().flatMap((name) => {
      const path = paths.get(name);
      if (path === undefined) return [];
      const [operators, isNumeric] = [branch.get(name) ?? [], numeric.has(name)];
      return [pool.condition(path, operators, isNumeric, () => conditionOf(path, operators, isNumeric))];
    });
  return { branches: kept.map(compile), shadowed: all.length - kept.length };
}

function checkBranch(branch: BranchFields): void {
  if (branch.size > mostConditions) throw invalidPattern('', `more than ${mostConditions} fields`);
  for (const [name, [first]] of branch) {
    // event-ruler fails on it in first place only: it has no state yet to hang the others on.
    if (first !== undefined && matchesNothing(first)) throw invalidPattern(`${name}[0]`, 'an empty list');
  }
}

// event-ruler tries its older compiler, in which $or is a plain field, where the newer one refuses.
function branchesOf(pattern: JsonObject): readonly BranchFields[] {
  try {
    return readBranches(pattern, 'current');
  } catch (error) {
    if (!(error instanceof MappingError)) throw error;
    const legacy = legacyBranchesOf(pattern);
    if (legacy === undefined) throw error;
    return legacy;
  }
}

function legacyBranchesOf(pattern: JsonObject): readonly BranchFields[] | undefined {
  try {
    return readBranches(pattern, 'legacy');
  } catch (error) {
    // Refused by both compilers: the reason that the newer one gives is the one to report.
    if (error instanceof MappingError) return undefined;
    throw error;
  }
}

// Names with a numeric alternative in any branch: event-ruler compares numbers there as numbers only.
function numericNames(branches: readonly BranchFields[]): ReadonlySet<string> {
  const fields = branches.flatMap((branch) => [...branch]);
  return new Set(fields.filter(([, operators]) => operators.some((operator) => operator.isNumeric)).map(([name]) => name));
}

/** The condition that one of the operators holds at a path. */
function conditionOf(path: FieldPath, operators: readonly Operator[], isNumeric: boolean): Condition {
  const values = new Set<Scalar>();
  const others: Operator[] = [];
  for (const operator of operators) {
    if (operator.lookup?.by === 'value') values.add(operator.lookup.value);
    else if (!operator.wantsAbsence) others.push(operator);
  }
  const accepts =
    others.length === 0
      ? (value: Scalar) => values.has(value)
      : (value: Scalar) => values.has(value) || others.some((operator) => operator.accepts(value));
  const texts = isNumeric ? [] : operators.filter((operator) => operator.acceptsNumberText);
  return {
    path,
    operators,
    accepts: texts.length === 0 ? accepts : (value) => accepts(value) || acceptsAsText(texts, value),
    wantsAbsence: operators.some((operator) => operator.wantsAbsence),
  };
}

function acceptsAsText(operators: readonly Operator[], value: Scalar): boolean {
  if (typeof value !== 'number') return false;
  const text = javaTextOf(value);
  return operators.some((operator) => operator.acceptsNumberText?.(text));
}

/** Whether an event matches. Throws MAPPING_EVENT_INVALID where the event is no JSON object. */
export function matchesPattern(compiled: CompiledPattern, event: Json): boolean {
  if (!isJsonObject(event)) throw new MappingError('MAPPING_EVENT_INVALID', 'an event must be a JSON object');
  return compiled.branches.some((branch) => branchHolds(branch, (path) => readFields(event, path)));
}
