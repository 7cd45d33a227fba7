// SPDX-License-Identifier: Apache-2.0
import type { Claim, Strength } from '../evidence/claim.ts';
import type { Facts } from '../evidence/observation.ts';
import type { DecidedPolarity, Verdict } from './decide-polarity.ts';
import { decidePolarity, verdictKey, verdictOf } from './decide-polarity.ts';
import type { Rule, RuleSubject } from './pack.ts';

/** A rule that an observation matches, with the polarity of each control as decided for it; `ignore` claims nothing. */
export interface RuleMatch {
  readonly rule: string;
  readonly title: string;
  readonly subject: RuleSubject;
  readonly why: string;
  readonly controls: readonly { readonly control: string; readonly strength: Strength; readonly polarity: DecidedPolarity }[];
}

/** What is in scope for an observation: its subject, and its account. */
export interface InScope {
  readonly inScope: boolean;
  readonly accountInScope: boolean;
}

/** What a set of matched rules says under one verdict and scope. */
export interface Claimed {
  readonly matches: readonly RuleMatch[];
  readonly claims: readonly Claim[];
  /** True where a rule about the account matched and would claim something. */
  readonly aboutAccount: boolean;
}

interface Node {
  readonly next: Map<number, Node>;
  readonly claimed: Map<string, Claimed>;
}

const nothing: Claimed = { matches: [], claims: [], aboutAccount: false };
// What a rule says that matches outside of every AI system: AI runs or changes beside the declared scope, nothing more.
const outsideScope = { control: '6.1.2', strength: 'context', polarity: 'context' } as const;
// Few sets of rules ever match together; a stranger's events must not make the memory of them grow without end.
const mostKept = 20_000;

/** Makes claims of matched rules once for each set of them, verdict and scope. */
export class ClaimCache {
  readonly #rules: readonly Rule[];
  #root: Node = newNode();
  #kept = 0;

  constructor(rules: readonly Rule[]) {
    this.#rules = rules;
  }

  /** The claims of the rules with these numbers. */
  get(found: readonly number[], facts: Facts, scope: InScope): Claimed {
    if (found.length === 0) return nothing;
    let node = this.#root;
    for (const number of found) node = this.#step(node, number);
    const key = verdictKey(facts) + (scope.inScope ? 's' : '') + (scope.accountInScope ? 'a' : '');
    const known = node.claimed.get(key);
    if (known !== undefined) return known;
    const claimed = this.#claim(found, verdictOf(facts), scope);
    node.claimed.set(key, claimed);
    if (++this.#kept > mostKept) this.#forget();
    return claimed;
  }

  #step(node: Node, number: number): Node {
    const known = node.next.get(number);
    if (known !== undefined) return known;
    const next = newNode();
    node.next.set(number, next);
    return next;
  }

  #forget(): void {
    this.#root = newNode();
    this.#kept = 0;
  }

  #claim(found: readonly number[], verdict: Verdict, scope: InScope): Claimed {
    const matches: RuleMatch[] = [];
    const claims: Claim[] = [];
    let aboutAccount = false;
    for (const number of found) {
      const rule = this.#rules[number];
      if (rule === undefined) throw new RangeError(`no rule ${number} in the pack`);
      const match = matchOf(rule, verdict);
      matches.push(match);
      const own = claimsOf(match);
      if (own.length === 0) continue;
      aboutAccount ||= rule.subject === 'account';
      if (isInScope(rule.subject, scope)) claims.push(...own);
      else claims.push({ ...outsideScope, rule: rule.id });
    }
    return { matches, claims, aboutAccount };
  }
}

function newNode(): Node {
  return { next: new Map(), claimed: new Map() };
}

// A rule about record stores matches only where the scope file declares the resource as one: that is its scope.
function isInScope(subject: RuleSubject, { inScope, accountInScope }: InScope): boolean {
  return subject === 'record-store' || (subject === 'account' ? accountInScope : inScope);
}

function matchOf(rule: Rule, verdict: Verdict): RuleMatch {
  const { id, title, subject, why } = rule;
  const controls = rule.controls.map(({ control, strength, polarity }) => ({
    control,
    strength,
    polarity: decidePolarity(polarity ?? rule.polarity, verdict),
  }));
  return { rule: id, title, subject, why, controls };
}

function claimsOf({ rule, controls }: RuleMatch): readonly Claim[] {
  const claims: Claim[] = [];
  for (const { control, strength, polarity } of controls) if (polarity !== 'ignore') claims.push({ control, rule, strength, polarity });
  return claims;
}
