// SPDX-License-Identifier: Apache-2.0
import type { Claim } from '../evidence/claim.ts';
import type { Facts, Observation, SourceId } from '../evidence/observation.ts';
import type { Declarations } from '../evidence/scope-file.ts';
import type { RuleMatch } from './claim-cache.ts';
import { ClaimCache } from './claim-cache.ts';
import { compilePattern } from './compile-pattern.ts';
import { MappingError } from './mapping-error.ts';
import type { Pack, Rule } from './pack.ts';
import { PatternPool } from './pattern-pool.ts';
import type { RecordStoreFact } from './record-store.ts';
import { recordStoreFact } from './record-store.ts';
import type { CompiledRule, RuleEvent } from './rule-index.ts';
import { RuleIndex } from './rule-index.ts';
import type { ScopeAnswer, ScopeResolver } from './scope.ts';
import { createScopeResolver } from './scope.ts';

export type { RuleMatch } from './claim-cache.ts';

/** What the rules make of an observation. Equal matches share their arrays: do not change them. */
export interface Mapping {
  readonly matches: readonly RuleMatch[];
  /** What the record claims, scope applied. A narrow and a general rule may both claim a control: whoever counts takes the strongest. */
  readonly claims: readonly Claim[];
  readonly aiSystems: readonly string[];
  /** Whether the subject belongs to an AI system in scope: by the type, tag or ARN of a resource, or by its account. */
  readonly inScope: boolean;
  /** The observation's facts, completed by those of the engine: `recordStore` and `unmatched`. */
  readonly facts: Facts;
  /** True where a rule about the account matched and it is not known whether the account holds an AI system: ask again when it is. */
  readonly accountUndecided: boolean;
}

/** Maps observations to controls by the rules of one pack. Not to be entered twice at a time; it is synchronous. */
export interface Mapper {
  readonly pack: Pack;
  readonly rules: readonly CompiledRule[];
  /** Pure. `accountsWithAi` are the accounts in which an AI resource was seen. */
  map(observation: Observation, accountsWithAi: ReadonlySet<string>): Mapping;
  /** What the rules see of an observation, its facts completed as far as they are known before matching. */
  eventOf(observation: Observation): RuleEvent;
}

/** Compiles the rules of a pack. Throws MAPPING_PATTERN_INVALID, naming the rule, where a pattern is malformed. */
export function createMapper(pack: Pack, declarations: Declarations): Mapper {
  return new PackMapper(pack, declarations);
}

function compileRule(rule: Rule, number: number, pool: PatternPool): CompiledRule {
  try {
    return { number, rule, pattern: compilePattern(rule.pattern, pool) };
  } catch (error) {
    if (!(error instanceof MappingError)) throw error;
    throw new MappingError(error.code, `rule ${rule.id}: ${error.words}`, { cause: error });
  }
}

/** Whether a rule reads the fact that no other rule matched; such rules are asked after all others. */
function readsUnmatched({ pattern }: CompiledRule): boolean {
  return pattern.branches.some((branch) => branch.some((condition) => condition.path.name === 'facts.unmatched'));
}

const onlyUnmatched: Facts = Object.freeze({ unmatched: true });
const onlyMatched: Facts = Object.freeze({ unmatched: false });

class PackMapper implements Mapper {
  readonly pack: Pack;
  readonly rules: readonly CompiledRule[];
  readonly #first: RuleIndex;
  readonly #second: RuleIndex;
  /** Sources with rules on `facts.unmatched`: only their observations carry the fact. */
  readonly #catchAlls: ReadonlySet<SourceId>;
  readonly #scope: ScopeResolver;
  readonly #recordStore: RecordStoreFact;
  readonly #claims: ClaimCache;
  readonly #found: number[] = [];

  constructor(pack: Pack, declarations: Declarations) {
    this.pack = pack;
    const pool = new PatternPool();
    this.rules = pack.rules.map((rule, number) => compileRule(rule, number, pool));
    const second = this.rules.filter(readsUnmatched);
    this.#first = new RuleIndex(this.rules.filter((rule) => !readsUnmatched(rule)));
    this.#second = new RuleIndex(second);
    this.#catchAlls = new Set(second.map(({ rule }) => rule.source));
    this.#scope = createScopeResolver(declarations);
    this.#recordStore = recordStoreFact(declarations);
    this.#claims = new ClaimCache(pack.rules);
  }

  eventOf(observation: Observation): RuleEvent {
    const { source, kind, account, region, detail, facts } = observation;
    const recordStore = facts['recordStore'] === undefined ? this.#recordStore(observation) : undefined;
    return { source, kind, account, region, detail, facts: recordStore === undefined ? facts : { ...facts, recordStore } };
  }

  map(observation: Observation, accountsWithAi: ReadonlySet<string>): Mapping {
    const event = this.eventOf(observation);
    const found = this.#found;
    this.#first.match(event, found);
    const facts = this.#catchAlls.has(observation.source) ? this.#catchAll(event) : event.facts;
    const answer = this.#scope.resolve(observation.resources, observation.account);
    return this.#mapping(facts, answer, this.#accountInScope(observation.account, answer, accountsWithAi));
  }

  /** Completes the facts by `unmatched` and, where nothing matched, asks the rules that read it. */
  #catchAll(event: RuleEvent): Facts {
    const facts = completed(event.facts, this.#found.length === 0);
    if (this.#found.length === 0) this.#second.match({ ...event, facts }, this.#found);
    return facts;
  }

  #accountInScope(account: string, answer: ScopeAnswer, accountsWithAi: ReadonlySet<string>): boolean {
    return answer.inScope || accountsWithAi.has(account) || this.#scope.holdsAiSystem(account);
  }

  #mapping(facts: Facts, { inScope, aiSystems }: ScopeAnswer, accountInScope: boolean): Mapping {
    const { matches, claims, aboutAccount } = this.#claims.get(this.#found, facts, { inScope, accountInScope });
    return { matches, claims, aiSystems, inScope, facts, accountUndecided: aboutAccount && !accountInScope };
  }
}

// A fact that the observation brings stays as it is: examples of rules state it themselves.
function completed(facts: Facts, unmatched: boolean): Facts {
  if (facts['unmatched'] !== undefined) return facts;
  for (const _ in facts) return { ...facts, unmatched };
  return unmatched ? onlyUnmatched : onlyMatched;
}
