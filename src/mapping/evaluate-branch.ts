// SPDX-License-Identifier: Apache-2.0
import type { ArrayCondition } from './array-consistency.ts';
import { holdTogether } from './array-consistency.ts';
import type { FieldPath, Fields, FoundField } from './field-path.ts';
import type { Operator, Scalar } from './operator.ts';

/** One leaf of a pattern: a path, and the alternatives of which one must hold there. */
export interface Condition {
  readonly path: FieldPath;
  readonly operators: readonly Operator[];
  /** Whether a value found there satisfies one of the alternatives. */
  readonly accepts: (value: Scalar) => boolean;
  readonly wantsAbsence: boolean;
}

/** Conditions that must hold together, ordered by the name of their paths: what `exists: false` means depends on the order. */
export type Branch = readonly Condition[];

/** How the fields at a path are read; an index reads each path of an event once. */
export type ReadPath = (path: FieldPath) => Fields;

/** Whether one condition holds by itself, whatever the others need. */
export function conditionHolds(condition: Condition, fields: Fields): boolean {
  if (fields === undefined) return condition.wantsAbsence;
  return isList(fields) ? acceptsOne(condition, fields) : condition.accepts(fields);
}

/** Whether all conditions of a branch hold, those on arrays in the same elements. */
export function branchHolds(branch: Branch, read: ReadPath): boolean {
  let inArrays = 0;
  let isOpen = false;
  for (const condition of branch) {
    const fields = read(condition.path);
    const isInArrays = isList(fields) && fields.some(liesInArray);
    if (isInArrays) inArrays++;
    if (conditionHolds(condition, fields)) continue;
    // Values in other elements than the chosen ones do not count: beside them absence may still be had.
    if (!isInArrays || !condition.wantsAbsence) return false;
    isOpen = true;
  }
  return inArrays < 2 ? !isOpen : holdTogether(arrayConditions(branch, read));
}

function arrayConditions(branch: Branch, read: ReadPath): readonly ArrayCondition[] {
  const conditions: ArrayCondition[] = [];
  for (const condition of branch) {
    const fields = read(condition.path);
    if (!isList(fields) || !fields.some(liesInArray)) continue;
    conditions.push({ fields, accepts: (field) => condition.accepts(field.value), wantsAbsence: condition.wantsAbsence });
  }
  return conditions;
}

function acceptsOne(condition: Condition, fields: readonly FoundField[]): boolean {
  for (const field of fields) if (condition.accepts(field.value)) return true;
  return false;
}

function liesInArray(field: FoundField): boolean {
  return field.membership !== null;
}

/** True for a list of fields, false for one value or none. */
export function isList(fields: Fields): fields is readonly FoundField[] {
  return Array.isArray(fields);
}
