// SPDX-License-Identifier: Apache-2.0
import type { Json, JsonObject } from '../evidence/json.ts';
import { isJsonObject } from '../evidence/json.ts';
import { isExactNumber } from './exact-number.ts';
import type { Scalar } from './operator.ts';

/** The element of an array that a value was found in, innermost first. */
export interface Membership {
  readonly array: readonly Json[];
  readonly index: number;
  readonly outer: Membership | null;
}

/** A value found at a path, and the array elements it lies in. A scalar in an array is not tied to its place there, as in event-ruler. */
export interface FoundField {
  readonly value: Scalar;
  readonly membership: Membership | null;
}

/** What stands at a path: nothing, one value outside of arrays, or a list. */
export type Fields = Scalar | undefined | readonly FoundField[];

interface Step {
  readonly key: string;
  /** How many steps of the path are behind once this key is taken. */
  readonly next: number;
  /** True where every object has such a member by inheritance: only its own counts. */
  readonly inherited: boolean;
}

/** A path ready to be read: for each place in it, the keys that lead on (event-ruler does not tell {"a.b"} from {"a": {"b"}}). */
export interface FieldPath {
  readonly name: string;
  readonly steps: readonly (readonly Step[])[];
}

// As Java's split: empty steps at the end are dropped.
function usedStepsOf(name: string): readonly string[] {
  const steps = name.split('.');
  while (steps.length > 1 && steps.at(-1) === '') steps.pop();
  return steps.length === 1 && steps[0] === '' && name !== '' ? [] : steps;
}

/** Prepares the paths of a pattern. event-ruler walks only into keys that some name of the pattern uses. */
export function compilePaths(names: Iterable<string>): ReadonlyMap<string, FieldPath> {
  const all = [...names];
  const used = new Set(all.flatMap(usedStepsOf));
  const isWalked = (key: string) => used.has(key) || (key.includes('.') && usedStepsOf(key).every((step) => used.has(step)));
  return new Map(all.map((name) => [name, { name, steps: stepsOf(name.split('.'), isWalked) }]));
}

function stepsOf(parts: readonly string[], isWalked: (key: string) => boolean): FieldPath['steps'] {
  return parts.map((_, from) =>
    parts
      .slice(from)
      .map((_part, length): Step => {
        const key = parts.slice(from, from + length + 1).join('.');
        return { key, next: from + length + 1, inherited: key in Object.prototype };
      })
      .filter((step) => isWalked(step.key)),
  );
}

function ownMember(object: JsonObject, step: Step): Json | undefined {
  return step.inherited && !Object.hasOwn(object, step.key) ? undefined : object[step.key];
}

/** Reads what stands at a path. Allocates only where the path leads through an array or splits in two. */
export function readFields(event: JsonObject, path: FieldPath): Fields {
  const { steps } = path;
  let here: JsonObject = event;
  let from = 0;
  for (;;) {
    let found: Json | undefined;
    let next = 0;
    for (const step of steps[from] ?? []) {
      const value = ownMember(here, step);
      if (value === undefined) continue;
      if (found !== undefined) return collect(event, path);
      found = value;
      next = step.next;
    }
    if (typeof found !== 'object' || found === null) return next === steps.length ? found : undefined;
    if (!isJsonObject(found)) return collect(event, path);
    if (next === steps.length) return isExactNumber(found) ? found : undefined;
    here = found;
    from = next;
  }
}

/** A place still to be looked into, with the step of the path that is next there. */
interface Pending {
  readonly value: readonly Json[] | JsonObject;
  readonly from: number;
  readonly membership: Membership | null;
}

// Without recursion: arrays may be nested as deep as the event's author likes.
function collect(event: JsonObject, path: FieldPath): Fields {
  const found: FoundField[] = [];
  const pending: Pending[] = [{ value: event, from: 0, membership: null }];
  const end = path.steps.length;
  const take: Take = (value, from, membership) => {
    if (isContainer(value)) pending.push({ value, from, membership });
    else if (from === end) found.push({ value, membership });
  };
  for (let here = pending.pop(); here !== undefined; here = pending.pop()) {
    const { value, from, membership } = here;
    if (isJsonObject(value)) takeMembers(value, path.steps[from] ?? [], membership, take);
    else takeElements(value, from, membership, take);
  }
  return found.length === 0 ? undefined : found;
}

type Take = (value: Json, from: number, membership: Membership | null) => void;

function takeMembers(object: JsonObject, steps: readonly Step[], membership: Membership | null, take: Take): void {
  for (const step of steps) {
    const value = ownMember(object, step);
    if (value !== undefined) take(value, step.next, membership);
  }
}

function takeElements(array: readonly Json[], from: number, outer: Membership | null, take: Take): void {
  for (const [index, element] of array.entries()) take(element, from, isContainer(element) ? { array, index, outer } : outer);
}

function isContainer(value: Json): value is readonly Json[] | JsonObject {
  return typeof value === 'object' && value !== null && !isExactNumber(value);
}
