// SPDX-License-Identifier: Apache-2.0
import type { Json, JsonObject } from '../evidence/json.ts';
import { isJsonObject } from '../evidence/json.ts';
import { isExactNumber } from './exact-number.ts';
import { invalidPattern } from './mapping-error.ts';
import type { Operator } from './operator.ts';
import { parseOperator } from './parse-operator.ts';
import type { Grammar } from './read-value.ts';

/** One way to satisfy a pattern: field names (path joined with dots) with their alternatives. All of them must hold. */
export type BranchFields = ReadonlyMap<string, readonly Operator[]>;

// What Jackson, event-ruler's parser, reads at most; it also keeps recursion within the stack.
const deepest = 1000;
// AWS allows 1,000 combinations in a rule; event-ruler sets no limit, memory does.
const mostBranches = 10_000;

// Names that event-ruler refuses inside `$or`, for a slip or for later use (its Constants.java, 1.8.1).
const reserved: ReadonlySet<string> = new Set(
  `exactly equals-ignore-case prefix suffix anything-but exists wildcard numeric cidr = < <= > >= regex not-wildcard
   not-equals-ignore-case date-after date-on-or-after date-before date-on-or-before in-date-range ip-address-in-range
   ip-address-not-in-range`.split(/\s+/),
);

/** Reads a pattern into its branches, one for each choice of `$or`. In the legacy grammar `$or` is a field like any other. */
export function readBranches(pattern: JsonObject, grammar: Grammar): readonly BranchFields[] {
  return new PatternReader(grammar).read(pattern);
}

type Branches = Map<string, readonly Operator[]>[];

/** Where the reader is: the name of the steps so far, the same place as a person is told of it, and how deep it is (`$or` included). */
interface Place {
  readonly name: string;
  readonly isTop: boolean;
  readonly shown: string;
  readonly depth: number;
  readonly insideOr: boolean;
}

class PatternReader {
  readonly #grammar: Grammar;

  constructor(grammar: Grammar) {
    this.#grammar = grammar;
  }

  read(pattern: JsonObject): readonly BranchFields[] {
    return this.#object(pattern, { name: '', isTop: true, shown: '', depth: 0, insideOr: false }, []);
  }

  #object(object: JsonObject, place: Place, before: Branches): Branches {
    if (place.depth > deepest) throw invalidPattern('', `nested deeper than ${deepest}`);
    const names = Object.keys(object);
    if (names.length === 0) throw invalidPattern(place.shown, 'an empty object');
    let branches = before;
    for (const name of names) {
      const value = object[name];
      if (name === '$or' && this.#grammar === 'current') branches = this.#or(value, place, branches);
      else branches = this.#field(name, value, place, branches);
    }
    return branches;
  }

  #field(step: string, value: Json | undefined, place: Place, before: Branches): Branches {
    const shown = place.shown === '' ? step : `${place.shown}.${step}`;
    if (place.insideOr && reserved.has(step)) throw invalidPattern(shown, `${JSON.stringify(step)} is reserved inside $or`);
    // event-ruler joins steps so: an empty first step leaves no trace.
    const name = place.name === '' ? step : `${place.name}.${step}`;
    if (Array.isArray(value)) return this.#leaf(value, name, shown, before);
    if (!isJsonObject(value) || isExactNumber(value)) throw invalidPattern(shown, 'must be an object or an array');
    // The name of what lies below counts the empty first step again once there are two of them.
    const below = place.isTop ? step : `${place.name}.${step}`;
    return this.#object(value, { ...place, name: below, isTop: false, shown, depth: place.depth + 1 }, before);
  }

  #leaf(values: readonly Json[], name: string, shown: string, before: Branches): Branches {
    if (values.length === 0) throw invalidPattern(shown, 'an empty array');
    const operators = values.map((value, at) => parseOperator(value, `${shown}[${at}]`, this.#grammar));
    const branches = before.length === 0 ? [new Map<string, readonly Operator[]>()] : before;
    // A name that comes twice (as "a.b" and as a: {b}) counts as it came last.
    for (const branch of branches) branch.set(name, operators);
    return branches;
  }

  #or(value: Json | undefined, place: Place, before: Branches): Branches {
    const shown = place.shown === '' ? '$or' : `${place.shown}.$or`;
    if (!Array.isArray(value)) throw invalidPattern(shown, '$or takes an array');
    if (value.length < 2) throw invalidPattern(shown, '$or takes at least two objects');
    const branches: Branches = [];
    for (const [at, choice] of value.entries()) {
      const inside = { ...place, shown: `${shown}[${at}]`, depth: place.depth + 1, insideOr: true };
      if (!isJsonObject(choice) || isExactNumber(choice)) throw invalidPattern(inside.shown, '$or takes objects');
      const copies = before.length === 0 ? [new Map<string, readonly Operator[]>()] : before.map((branch) => new Map(branch));
      branches.push(...this.#object(choice, inside, copies));
      if (branches.length > mostBranches) throw invalidPattern(shown, `more than ${mostBranches} combinations`);
    }
    return branches;
  }
}
