// SPDX-License-Identifier: Apache-2.0
import { at, isJsonObject, type Json, type JsonObject, numberAt, stringAt } from '../../evidence/json.ts';

/** Whether a finding meets `findingCriteria.criterion`: all fields must hold, the values of `eq` and `neq` are joined by OR. */
export function meetsCriteria(finding: JsonObject, body: Json | undefined): boolean {
  const criterion = at(body, 'findingCriteria', 'criterion');
  if (!isJsonObject(criterion)) return true;
  return Object.entries(criterion).every(([field, condition]) => holds(valueAt(finding, field), condition));
}

/** Sorts by `sortCriteria`, newest update last where the request does not say. */
export function sortFindings(findings: readonly JsonObject[], body: Json | undefined): readonly JsonObject[] {
  const attribute = stringAt(body, 'sortCriteria', 'attributeName') ?? 'updatedAt';
  const sign = stringAt(body, 'sortCriteria', 'orderBy') === 'DESC' ? -1 : 1;
  const key = (finding: JsonObject) => `${String(valueAt(finding, attribute))} ${String(finding['id'])}`;
  return findings.toSorted((a, b) => (key(a) < key(b) ? -sign : sign));
}

/** The value at a dotted path such as `classificationDetails.jobId`. */
export function valueAt(finding: JsonObject, field: string): Json | undefined {
  return at(finding, ...field.split('.'));
}

function holds(value: Json | undefined, condition: Json | undefined): boolean {
  const text = value === undefined ? undefined : String(value);
  const any = (name: string) => {
    const wanted = at(condition, name);
    return Array.isArray(wanted) ? wanted.some((one) => String(one) === text) : undefined;
  };
  if ((any('eq') ?? true) === false || (any('eqExactMatch') ?? true) === false || any('neq') === true) return false;
  // Times are compared as epoch milliseconds.
  const number = typeof value === 'number' ? value : Date.parse(text ?? '');
  const [gt, gte, lt, lte] = ['gt', 'gte', 'lt', 'lte'].map((name) => numberAt(condition, name));
  const within = (gt === undefined || number > gt) && (gte === undefined || number >= gte);
  return within && (lt === undefined || number < lt) && (lte === undefined || number <= lte);
}
