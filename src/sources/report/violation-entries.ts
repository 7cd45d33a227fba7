// SPDX-License-Identifier: Apache-2.0
import { arrayAt, at, isJsonObject, type Json, type JsonObject, stringAt } from '../../evidence/json.ts';

// AWS's pages spell two bias metrics in two ways; one code is kept (Clarify guide, bias metrics).
const spellings: Readonly<Record<string, string>> = { DCACC: 'DCA' };

/** One code per bias metric: capitals, DCAcc as DCA, and CDD of the data's section as CDDL. */
export function biasMetricCode(name: string, section = ''): string {
  const code = name.toUpperCase();
  if (code === 'CDD' && section === 'pre_training_bias_metrics') return 'CDDL';
  return spellings[code] ?? code;
}

/** Violations that stand beside a report in its directory, in either form a reader hands them over: the list, or the parsed file. */
export function violationsBeside(siblings: Json | undefined): readonly JsonObject[] {
  const found = at(siblings, 'violations');
  const list = Array.isArray(found) ? found : arrayAt(found, 'violations');
  return list.filter((entry: Json) => isJsonObject(entry));
}

/** Whether the violations of a run name a model quality metric. */
export function isMetricViolated(violations: readonly JsonObject[], metric: string): boolean {
  return violations.some((v) => at(v, 'facet') === undefined && stringAt(v, 'metric_name')?.toLowerCase() === metric.toLowerCase());
}

/** Whether the violations of a run name a bias metric of one group. */
export function isBiasViolated(violations: readonly JsonObject[], metric: string, facet: string, facetValue: string): boolean {
  return violations.some((v) => {
    if (stringAt(v, 'constraint_check_type') !== 'bias_drift_check' || String(at(v, 'facet')) !== facet) return false;
    if (String(at(v, 'facet_value')) !== facetValue) return false;
    // The entry does not say its section, so CDD may stand for either of two codes.
    const code = biasMetricCode(stringAt(v, 'metric_name') ?? '');
    return code === metric || (code === 'CDD' && metric === 'CDDL');
  });
}
