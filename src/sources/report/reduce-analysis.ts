// SPDX-License-Identifier: Apache-2.0
import { isJsonObject, type Json, type JsonObject } from '../../evidence/json.ts';
import { type Reduced, Reduction } from './reduce-report.ts';

/**
 * analysis.json without data: bias sections stay whole (aggregates of groups), of explanations the global numbers only. The words
 * behind text features (`global_top_shap_text`) and whatever other methods hold per item are data and go.
 */
export function reduceAnalysis(value: JsonObject): Reduced {
  const r = new Reduction();
  const reduced = r.copy(value, (name, member) => (name === 'explanations' ? reduceExplanations(r, member) : member));
  return { value: reduced, removed: r.removed };
}

function reduceExplanations(r: Reduction, explanations: Json): JsonObject {
  return r.copy(explanations, (method, entries) => reduceMethod(r, method, entries));
}

/** The entries of one method of explanation, without data. */
export function reduceMethod(r: Reduction, method: string, entries: Json): Json {
  const path = `explanations.${method}`;
  if (method === 'kernel_shap') return r.copy(entries, (_label, entry) => reduceShap(r, entry));
  if (method === 'pdp' && Array.isArray(entries)) return entries.map((entry: Json) => reducePartialDependence(r, entry));
  r.drop(`${path}.*`);
  return { entries: Array.isArray(entries) ? entries.length : isJsonObject(entries) ? Object.keys(entries).length : 1 };
}

/** Global attributions of one label. */
export function reduceShap(r: Reduction, entry: Json): JsonObject {
  return r.only(entry, 'explanations.kernel_shap.*', ['global_shap_values', 'expected_value']);
}

/** Partial dependence on one feature: the values of a category become their number. */
export function reducePartialDependence(r: Reduction, entry: Json): JsonObject {
  return r.copy(entry, (name, member) => {
    if (!Array.isArray(member) || name !== 'feature_values') return member;
    const isNumeric = member.every((one: Json) => typeof one === 'number' || Array.isArray(one));
    if (isNumeric) return member;
    r.drop('explanations.pdp[].feature_values');
    return [`${member.length} values`];
  });
}

/** A Clarify configuration without the rows that SHAP compares with (`methods.shap.baseline`). */
export function reduceAnalysisConfig(value: JsonObject): Reduced {
  const r = new Reduction();
  const methods = r.copy(value['methods'], (method, options) => {
    if (!isJsonObject(options)) return options;
    return r.copy(options, (name, member) => (name === 'baseline' ? r.drop(`methods.${method}.baseline`) : member));
  });
  const reduced = r.copy(value, (name, member) => (name === 'methods' && isJsonObject(member) ? methods : member));
  return { value: reduced, removed: r.removed };
}
