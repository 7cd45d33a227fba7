// SPDX-License-Identifier: Apache-2.0
import type { Operator } from './operator.ts';
import type { BranchFields } from './read-branches.ts';

/** Branches that count, in order. `isUncertain` where event-ruler's own answer hangs on the order of a Java hash set. */
export interface Shadowing {
  readonly kept: readonly BranchFields[];
  readonly isUncertain: boolean;
}

/**
 * Leaves out the branches of `$or` that event-ruler 1.8.1 drops: adding a branch, it asks whether an earlier branch of the rule has
 * taken the same way, and counts one shared alternative per field as the same way. {"$or": [{"a": [1]}, {"a": [1, 2]}]} does not match 2.
 */
export function findShadowed(branches: readonly BranchFields[]): Shadowing {
  if (branches.length < 2) return { kept: branches, isUncertain: false };
  const machine = new Machine();
  const kept = branches.filter((branch, id) => machine.add(branch, id));
  return { kept, isUncertain: machine.isUncertain };
}

/** As much of event-ruler's state machine as decides whether a branch is new: GenericMachine.addStep and NameState, 1.8.1. */
class State {
  /** Where an alternative of a field leads, by field name and then by the operator's identity. */
  readonly next = new Map<string, Map<string, State>>();
  /** Branches that reach this state by an operator, as their last field or on the way. */
  readonly ending = new Map<string, Set<number>>();
  readonly passing = new Map<string, Set<number>>();

  lead(name: string, operator: Operator, fallback: State | undefined): State {
    const leads = this.next.get(name) ?? new Map<string, State>();
    this.next.set(name, leads);
    const state = leads.get(operator.identity) ?? fallback ?? new State();
    leads.set(operator.identity, state);
    return state;
  }
}

class Machine {
  readonly #start = new State();
  isUncertain = false;

  /** Adds a branch; false where an earlier one is taken for it. */
  add(branch: BranchFields, id: number): boolean {
    const names = [...branch.keys()].sort();
    const reached = names.map(() => new Set<State>());
    if (this.#step(this.#start, names, branch, reached).size > 0) return false;
    for (const [at, name] of names.entries()) {
      for (const state of reached[at] ?? []) {
        const branches = at === names.length - 1 ? state.ending : state.passing;
        for (const { identity } of branch.get(name) ?? []) branches.set(identity, (branches.get(identity) ?? new Set()).add(id));
      }
    }
    return true;
  }

  /** Walks and extends the machine from the first of the names; answers the branches that went the same way from here. */
  #step(state: State, names: readonly string[], branch: BranchFields, reached: readonly Set<State>[]): Set<number> {
    const [name = '', ...rest] = names;
    const operators = branch.get(name) ?? [];
    const states = this.#lead(state, name, operators);
    for (const each of states) reached[0]?.add(each);
    let same = new Set<number>();
    let here: Set<number> | undefined;
    const answers = new Set<string>();
    for (const each of states) {
      same = rest.length === 0 ? branchesBy(each.ending, operators) : this.#step(each, rest, branch, reached.slice(1));
      answers.add([...same].sort().join(' '));
      if (rest.length > 0 && same.size > 0) here = branchesBy(each.passing, operators);
    }
    // The last state's answer counts, and which is last is chance.
    if (answers.size > 1) this.isUncertain = true;
    return rest.length === 0 ? same : same.intersection(here ?? new Set());
  }

  #lead(state: State, name: string, operators: readonly Operator[]): ReadonlySet<State> {
    const states = new Set<State>();
    let last: State | undefined;
    for (const operator of operators) {
      last = state.lead(name, operator, last);
      states.add(last);
    }
    return states;
  }
}

function branchesBy(branches: ReadonlyMap<string, ReadonlySet<number>>, operators: readonly Operator[]): Set<number> {
  return new Set(operators.flatMap(({ identity }) => [...(branches.get(identity) ?? [])]));
}
