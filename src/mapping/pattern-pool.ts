// SPDX-License-Identifier: Apache-2.0
import type { Condition } from './evaluate-branch.ts';
import { compilePaths, type FieldPath } from './field-path.ts';
import type { Operator } from './operator.ts';

/**
 * Keeps what the patterns of a pack say alike once: most rules of a source ask the same few paths for the same values. A pool lives as long as
 * the patterns that were compiled with it.
 */
export class PatternPool {
  readonly #sets = new Map<string, ReadonlyMap<string, FieldPath>>();
  readonly #paths = new Map<string, FieldPath>();
  readonly #conditions = new Map<FieldPath, Map<string, Condition>>();

  /** The paths of a pattern with these names, in whatever order: which steps a path has hangs on all of them. */
  paths(names: ReadonlySet<string>): ReadonlyMap<string, FieldPath> {
    const key = JSON.stringify([...names].sort());
    let known = this.#sets.get(key);
    if (known === undefined) {
      known = new Map([...compilePaths(names)].map(([name, path]) => [name, this.#shared(path)]));
      this.#sets.set(key, known);
    }
    return known;
  }

  /** The condition that one of the operators holds at a path, made once. What an operator accepts hangs on its identity alone. */
  condition(path: FieldPath, operators: readonly Operator[], isNumeric: boolean, make: () => Condition): Condition {
    const ofPath = this.#conditions.get(path) ?? new Map<string, Condition>();
    this.#conditions.set(path, ofPath);
    const key = `${isNumeric} ${operators.map(({ identity }) => identity).join('\n')}`;
    const known = ofPath.get(key) ?? make();
    ofPath.set(key, known);
    return known;
  }

  #shared(path: FieldPath): FieldPath {
    const key = JSON.stringify(path);
    const known = this.#paths.get(key) ?? path;
    this.#paths.set(key, known);
    return known;
  }
}
