// SPDX-License-Identifier: Apache-2.0
import type { Json } from '../evidence/json.ts';
import type { FoundField, Membership } from './field-path.ts';

/** A condition on values in arrays: the fields found, which of them are accepted, and whether absence would do as well. */
export interface ArrayCondition {
  readonly fields: readonly FoundField[];
  readonly accepts: (field: FoundField) => boolean;
  readonly wantsAbsence: boolean;
}

type Arrays = ReadonlySet<readonly Json[]>;
/** The element chosen in each array so far. */
type Chosen = ReadonlyMap<readonly Json[], number>;

/**
 * True where the conditions, in their order, can be met by fields that lie in the same element of every array they share.
 * Absence is judged in the elements chosen by the conditions before it, as event-ruler does.
 */
export function holdTogether(conditions: readonly ArrayCondition[]): boolean {
  return new Search(conditions).from(0, new Map());
}

class Search {
  readonly #conditions: readonly ArrayCondition[];
  /** Arrays that the conditions from here on lie in: a choice in any other array no longer matters. */
  readonly #later: readonly Arrays[];
  readonly #elements: readonly ReadonlyMap<readonly Json[] | null, ReadonlyMap<number, readonly FoundField[]>>[];
  readonly #failed: readonly Set<string>[];
  readonly #numbers = new Map<readonly Json[], number>();

  constructor(conditions: readonly ArrayCondition[]) {
    this.#conditions = conditions;
    this.#later = laterArrays(conditions);
    this.#elements = conditions.map((condition) => byOutermost(condition.fields));
    this.#failed = conditions.map(() => new Set<string>());
  }

  from(at: number, chosen: Chosen): boolean {
    const condition = this.#conditions[at];
    if (condition === undefined) return true;
    const key = this.#keyOf(chosen);
    const failed = this.#failed[at];
    if (failed?.has(key)) return false;
    const holds = this.#tryEach(condition, at, chosen);
    if (!holds) failed?.add(key);
    return holds;
  }

  #tryEach(condition: ArrayCondition, at: number, chosen: Chosen): boolean {
    let isAbsent = true;
    for (const field of this.#candidates(at, chosen)) {
      const extended = this.#extend(chosen, field.membership, at);
      if (extended === undefined) continue;
      isAbsent = false;
      if (condition.accepts(field) && this.from(at + 1, extended)) return true;
    }
    return isAbsent && condition.wantsAbsence && this.from(at + 1, this.#extend(chosen, null, at) ?? chosen);
  }

  /** The fields that can lie in the chosen elements: those in the chosen element of their outermost array, and those in arrays not yet entered. */
  *#candidates(at: number, chosen: Chosen): Iterable<FoundField> {
    for (const [array, elements] of this.#elements[at] ?? []) {
      const index = array === null ? undefined : chosen.get(array);
      if (index !== undefined) yield* elements.get(index) ?? [];
      else for (const fields of elements.values()) yield* fields;
    }
  }

  /** The choice with a field's elements added, less what no later condition asks about; `undefined` where they contradict it. */
  #extend(chosen: Chosen, membership: Membership | null, at: number): Chosen | undefined {
    const later = this.#later[at + 1];
    const extended = new Map([...chosen].filter(([array]) => later?.has(array)));
    for (let each = membership; each !== null; each = each.outer) {
      const index = chosen.get(each.array);
      if (index !== undefined && index !== each.index) return undefined;
      if (later?.has(each.array)) extended.set(each.array, each.index);
    }
    return extended;
  }

  #keyOf(chosen: Chosen): string {
    const parts: string[] = [];
    for (const [array, index] of chosen) {
      const number = this.#numbers.get(array) ?? this.#numbers.size;
      this.#numbers.set(array, number);
      parts.push(`${number}:${index}`);
    }
    return parts.sort().join(' ');
  }
}

function laterArrays(conditions: readonly ArrayCondition[]): readonly Arrays[] {
  const later: Set<readonly Json[]>[] = [new Set()];
  for (const condition of conditions.toReversed()) {
    const arrays = new Set(later[0]);
    for (const field of condition.fields) {
      for (let each = field.membership; each !== null; each = each.outer) arrays.add(each.array);
    }
    later.unshift(arrays);
  }
  return later;
}

// Fields that lie in no array stand under `null`, which is never chosen.
function byOutermost(fields: readonly FoundField[]): ReadonlyMap<readonly Json[] | null, ReadonlyMap<number, readonly FoundField[]>> {
  const groups = new Map<readonly Json[] | null, Map<number, FoundField[]>>();
  for (const field of fields) {
    let outermost = field.membership;
    while (outermost?.outer) outermost = outermost.outer;
    const elements = groups.get(outermost?.array ?? null) ?? new Map<number, FoundField[]>();
    groups.set(outermost?.array ?? null, elements);
    const index = outermost?.index ?? 0;
    const group = elements.get(index);
    if (group === undefined) elements.set(index, [field]);
    else group.push(field);
  }
  return groups;
}
