// SPDX-License-Identifier: Apache-2.0
import type { Observation } from '../evidence/observation.ts';
import type { Branch, Condition, ReadPath } from './evaluate-branch.ts';
import { branchHolds, conditionHolds, isList } from './evaluate-branch.ts';
import { digitsOf, isExactNumber } from './exact-number.ts';
import { FieldCache } from './field-cache.ts';
import type { Fields } from './field-path.ts';
import type { Mapper, Mapping } from './mapper.ts';
import type { Scalar } from './operator.ts';
import type { CompiledRule } from './rule-index.ts';

/** A rule that would match but for one condition. */
export interface NearMiss {
  readonly rule: string;
  readonly title: string;
  /** Path of the condition that fails; empty where each holds, but not in the same element of a list. */
  readonly path: string;
  /** `detail.eventName: "StopLogging" is none of "StartLogging"`, for a person. */
  readonly but: string;
}

/** What the rules make of an observation, and what they nearly made of it. */
export interface Explanation {
  readonly mapping: Mapping;
  readonly nearMisses: readonly NearMiss[];
}

interface Ranked extends NearMiss {
  /** How many conditions on what AWS said hold: the more, the nearer. */
  readonly holding: number;
}

/** Says which rules of the observation's source and kind it matches, and which just miss, nearest first. Pure. */
export function explainObservation(mapper: Mapper, observation: Observation): Explanation {
  const mapping = mapper.map(observation, new Set());
  const matched = new Set(mapping.matches.map(({ rule }) => rule));
  const cache = new FieldCache();
  cache.begin({ ...mapper.eventOf(observation), facts: mapping.facts });
  const misses = mapper.rules
    .filter(({ rule }) => rule.source === observation.source && rule.evidence === observation.kind && !matched.has(rule.id))
    .map((rule) => nearest(rule, cache.read))
    .filter((miss) => miss !== undefined)
    .sort((one, other) => other.holding - one.holding);
  return { mapping, nearMisses: misses.map(({ rule, title, path, but }) => ({ rule, title, path, but })) };
}

function nearest({ rule, pattern }: CompiledRule, read: ReadPath): Ranked | undefined {
  const misses = pattern.branches.map((branch) => missOf(branch, read)).filter((miss) => miss !== undefined);
  const [best] = misses.sort((one, other) => other.holding - one.holding);
  return best === undefined ? undefined : { ...best, rule: rule.id, title: rule.title };
}

function missOf(branch: Branch, read: ReadPath): Omit<Ranked, 'rule' | 'title'> | undefined {
  const failing = branch.filter((condition) => !conditionHolds(condition, read(condition.path)));
  const holding = branch.filter((condition) => !failing.includes(condition) && tells(condition, read(condition.path))).length;
  if (failing.length > 1 || holding === 0) return undefined;
  const [condition] = failing;
  if (condition !== undefined) return { path: condition.path.name, but: sentence(condition, read(condition.path)), holding };
  if (branchHolds(branch, read)) return undefined;
  return { path: '', but: 'no single element of the list satisfies all conditions on it', holding };
}

// Absence, and what the source itself wrote at the top, say little about nearness.
function tells({ path }: Condition, fields: Fields): boolean {
  return fields !== undefined && path.name.includes('.');
}

function sentence({ path, operators }: Condition, fields: Fields): string {
  const wanted = operators.map((operator) => operator.identity);
  const choice = wanted.length > 6 ? `${wanted.slice(0, 6).join(', ')}, … (${wanted.length})` : wanted.join(', ');
  const one = wanted.length === 1 ? 'is not' : 'is none of';
  return fields === undefined ? `${path.name} is absent; wanted: ${choice}` : `${path.name}: ${shown(fields)} ${one} ${choice}`;
}

const mostShown = 80;

function shown(fields: Exclude<Fields, undefined>): string {
  if (!isList(fields)) return textOf(fields);
  return fields
    .slice(0, 4)
    .map(({ value }) => textOf(value))
    .join(', ');
}

function textOf(value: Scalar): string {
  const text = isExactNumber(value) ? digitsOf(value) : JSON.stringify(value);
  return text.length > mostShown ? `${text.slice(0, mostShown)}…` : text;
}
