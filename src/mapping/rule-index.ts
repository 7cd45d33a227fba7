// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from '../evidence/json.ts';
import type { Facts, ObservationKind, SourceId } from '../evidence/observation.ts';
import type { CompiledPattern } from './compile-pattern.ts';
import type { Candidate, TreeNode } from './decision-tree.ts';
import { buildTree } from './decision-tree.ts';
import type { Branch, Condition } from './evaluate-branch.ts';
import { branchHolds, isList } from './evaluate-branch.ts';
import { FieldCache } from './field-cache.ts';
import type { Scalar } from './operator.ts';
import type { Rule } from './pack.ts';

/** A rule with its pattern compiled. `number` is its place in the pack. */
export interface CompiledRule {
  readonly number: number;
  readonly rule: Rule;
  readonly pattern: CompiledPattern;
}

/** What rules see of an observation. */
export interface RuleEvent extends JsonObject {
  readonly source: SourceId;
  readonly kind: ObservationKind;
  readonly detail: JsonObject;
  readonly facts: Facts;
}

/**
 * Finds the rules that an observation matches. What an observation costs depends on the rules that share its telling values,
 * not on how many rules there are. A rule's source must be the observation's, and its `evidence` the observation's kind.
 */
export class RuleIndex {
  readonly #trees = new Map<SourceId, Map<ObservationKind, TreeNode>>();
  readonly #cache: FieldCache;
  /** Per rule, the number of the last event that it was found for, so that it is found once. */
  readonly #foundFor: Uint32Array;
  #events = 0;

  constructor(rules: readonly CompiledRule[]) {
    const sources = Map.groupBy(rules, ({ rule }) => rule.source);
    for (const [source, ofSource] of sources) {
      const kinds = Map.groupBy(ofSource, ({ rule }) => rule.evidence);
      this.#trees.set(source, new Map([...kinds].map(([kind, ofKind]) => [kind, buildTree(ofKind.flatMap(candidatesOf))])));
    }
    this.#cache = new FieldCache();
    this.#foundFor = new Uint32Array(rules.reduce((most, { number }) => Math.max(most, number + 1), 0));
  }

  /** Puts the numbers of the rules that match into `found`, in the order of the pack. Allocates nothing where none does. */
  match(event: RuleEvent, found: number[]): void {
    found.length = 0;
    const tree = this.#trees.get(event.source)?.get(event.kind);
    if (tree === undefined) return;
    // At 2^32 events the numbers begin anew; no rule may then look found.
    if (++this.#events > 0xffff_ffff) {
      this.#foundFor.fill(0);
      this.#events = 1;
    }
    this.#cache.begin(event);
    this.#visit(tree, found);
    if (found.length > 1) found.sort(ascending);
  }

  #visit(tree: TreeNode, found: number[]): void {
    for (let node: TreeNode | null = tree; node !== null; node = node.rest) {
      for (const candidate of node.candidates) this.#test(candidate, found);
      if (node.path === null) return;
      const fields = this.#cache.read(node.path);
      if (fields === undefined) continue;
      if (isList(fields)) for (const value of new Set(fields.map((field) => field.value))) this.#visitValue(node, value, found);
      else this.#visitValue(node, fields, found);
    }
  }

  #visitValue(node: TreeNode, value: Scalar, found: number[]): void {
    if (typeof value === 'object' && value !== null) return;
    const exact = node.byValue.get(value);
    if (exact !== undefined) this.#visit(exact, found);
    if (typeof value !== 'string') return;
    for (const length of node.byPrefix.lengths) {
      const next = length <= value.length ? node.byPrefix.nodes.get(value.slice(0, length)) : undefined;
      if (next !== undefined) this.#visit(next, found);
    }
    for (const length of node.bySuffix.lengths) {
      const next = length <= value.length ? node.bySuffix.nodes.get(value.slice(value.length - length)) : undefined;
      if (next !== undefined) this.#visit(next, found);
    }
  }

  #test(candidate: Candidate, found: number[]): void {
    if (this.#foundFor[candidate.rule] === this.#events) return;
    if (!branchHolds(candidate.branch, this.#cache.read)) return;
    this.#foundFor[candidate.rule] = this.#events;
    found.push(candidate.rule);
  }
}

function ascending(one: number, other: number): number {
  return one - other;
}

function candidatesOf({ number, rule, pattern }: CompiledRule): readonly Candidate[] {
  const candidates: Candidate[] = [];
  for (const branch of pattern.branches) {
    const remaining = withoutHeader(branch, rule);
    if (remaining !== null) candidates.push({ rule: number, branch: remaining });
  }
  return candidates;
}

/** The branch less its conditions on `source` and `kind`, which the tree settles; `null` where they contradict the rule. */
function withoutHeader(branch: Branch, rule: Rule): Branch | null {
  const remaining: Condition[] = [];
  for (const condition of branch) {
    const { name } = condition.path;
    if (name !== 'source' && name !== 'kind') remaining.push(condition);
    else if (!condition.accepts(name === 'source' ? rule.source : rule.evidence)) return null;
  }
  return remaining;
}
