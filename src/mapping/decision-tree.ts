// SPDX-License-Identifier: Apache-2.0
import type { Branch, Condition } from './evaluate-branch.ts';
import type { FieldPath } from './field-path.ts';
import type { Lookup } from './operator.ts';

/** One branch of one rule, as the tree hands it out to be tested. */
export interface Candidate {
  readonly rule: number;
  readonly branch: Branch;
}

/**
 * A question about one path. Candidates that need one of certain values there stand under those values;
 * all that do not stand in `rest`, which is always visited. A leaf has no path and only candidates.
 */
export interface TreeNode {
  readonly candidates: readonly Candidate[];
  readonly path: FieldPath | null;
  readonly byValue: ReadonlyMap<string | number | boolean | null, TreeNode>;
  readonly byPrefix: Affixes;
  readonly bySuffix: Affixes;
  readonly rest: TreeNode | null;
}

/** Nodes by the text a value starts or ends with, and the lengths to try. */
export interface Affixes {
  readonly lengths: readonly number[];
  readonly nodes: ReadonlyMap<string, TreeNode>;
}

// Testing this few is cheaper than another question.
const fewEnough = 3;
// A question must leave clearly fewer to test, or it is not worth asking.
const worthwhile = 0.7;

/** Builds the tree whose questions leave the fewest candidates to test, whatever source the candidates are for. */
export function buildTree(candidates: readonly Candidate[]): TreeNode {
  return build(candidates, new Set());
}

const noAffixes: Affixes = { lengths: [], nodes: new Map() };

function leaf(candidates: readonly Candidate[]): TreeNode {
  return { candidates, path: null, byValue: new Map(), byPrefix: noAffixes, bySuffix: noAffixes, rest: null };
}

function build(candidates: readonly Candidate[], asked: ReadonlySet<string>): TreeNode {
  if (candidates.length <= fewEnough) return leaf(candidates);
  const path = bestPath(candidates, asked);
  if (path === null) return leaf(candidates);
  const groups = new Map<string, { lookup: Lookup; members: Candidate[] }>();
  const rest: Candidate[] = [];
  for (const candidate of candidates) {
    const lookups = lookupsAt(candidate, path.name);
    if (lookups === null) rest.push(candidate);
    else for (const lookup of lookups) addTo(groups, lookup, candidate);
  }
  const deeper = new Set(asked).add(path.name);
  const nodes = [...groups.values()].map(({ lookup, members }) => ({ lookup, node: build([...new Set(members)], deeper) }));
  return { ...branching(nodes), candidates: [], path, rest: rest.length === 0 ? null : build(rest, deeper) };
}

function branching(
  nodes: readonly { readonly lookup: Lookup; readonly node: TreeNode }[],
): Pick<TreeNode, 'byValue' | 'byPrefix' | 'bySuffix'> {
  const byValue = new Map<string | number | boolean | null, TreeNode>();
  const texts = { prefix: new Map<string, TreeNode>(), suffix: new Map<string, TreeNode>() };
  for (const { lookup, node } of nodes) {
    if (lookup.by === 'value') byValue.set(lookup.value, node);
    else texts[lookup.by].set(lookup.text, node);
  }
  const affixes = (by: Map<string, TreeNode>): Affixes => ({ lengths: [...new Set([...by.keys()].map((text) => text.length))], nodes: by });
  return { byValue, byPrefix: affixes(texts.prefix), bySuffix: affixes(texts.suffix) };
}

function addTo(groups: Map<string, { lookup: Lookup; members: Candidate[] }>, lookup: Lookup, candidate: Candidate): void {
  const key = keyOf(lookup);
  const group = groups.get(key);
  if (group === undefined) groups.set(key, { lookup, members: [candidate] });
  else group.members.push(candidate);
}

function keyOf(lookup: Lookup): string {
  return lookup.by === 'value' ? `${typeof lookup.value} ${lookup.value}` : `${lookup.by} ${lookup.text}`;
}

/** The lookups of which one must succeed for a condition to hold; `null` where it may hold in another way too. */
function lookupsOf(condition: Condition): readonly Lookup[] | null {
  const lookups = condition.operators.map((operator) => operator.lookup).filter((lookup) => lookup !== undefined);
  return lookups.length === condition.operators.length ? lookups : null;
}

function lookupsAt(candidate: Candidate, name: string): readonly Lookup[] | null {
  const condition = candidate.branch.find((each) => each.path.name === name);
  return condition === undefined ? null : lookupsOf(condition);
}

/** The path that leaves the fewest to test: those under one value, on average over the values the rules name, and those under none. */
function bestPath(candidates: readonly Candidate[], asked: ReadonlySet<string>): FieldPath | null {
  const paths = new Map<string, { path: FieldPath; covered: number; counts: Map<string, number> }>();
  for (const { branch } of candidates) {
    for (const condition of branch) {
      const lookups = asked.has(condition.path.name) ? null : lookupsOf(condition);
      if (lookups === null) continue;
      const tally = paths.get(condition.path.name) ?? { path: condition.path, covered: 0, counts: new Map<string, number>() };
      paths.set(condition.path.name, tally);
      tally.covered++;
      for (const key of new Set(lookups.map(keyOf))) tally.counts.set(key, (tally.counts.get(key) ?? 0) + 1);
    }
  }
  let best: FieldPath | null = null;
  let least = candidates.length * worthwhile;
  for (const { path, covered, counts } of paths.values()) {
    let sum = 0;
    let squares = 0;
    for (const count of counts.values()) {
      sum += count;
      squares += count * count;
    }
    const left = squares / sum + candidates.length - covered;
    if (left < least) {
      least = left;
      best = path;
    }
  }
  return best;
}
