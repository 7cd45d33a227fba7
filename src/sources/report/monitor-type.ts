// SPDX-License-Identifier: Apache-2.0
import { at, type Json, stringAt } from '../../evidence/json.ts';
import { qualitySections } from './recognise-report.ts';

/** What a monitor watches. */
export const monitorTypes = ['DataQuality', 'ModelQuality', 'ModelBias', 'ModelExplainability'] as const;
export type MonitorType = (typeof monitorTypes)[number] | 'UNKNOWN';

// Members of statistics.json of the prebuilt model quality container (Model Monitor developer guide, "Model quality metrics").
const qualityMetrics = new Set(
  `mae mse rmse r2 accuracy accuracy_best_constant_classifier auc precision precision_best_constant_classifier recall
  recall_best_constant_classifier f0_5 f0_5_best_constant_classifier f1 f1_best_constant_classifier f2 f2_best_constant_classifier
  true_positive_rate true_negative_rate false_positive_rate false_negative_rate weighted_precision weighted_recall weighted_f0_5
  weighted_f1 weighted_f2 weighted_precision_best_constant_classifier weighted_recall_best_constant_classifier
  weighted_f0_5_best_constant_classifier weighted_f1_best_constant_classifier weighted_f2_best_constant_classifier`.split(/\s+/),
);

/** Reads a monitor type as AWS or a caller names it; anything else is UNKNOWN. */
export function monitorTypeNamed(name: string | undefined): MonitorType {
  return monitorTypes.find((type) => type === name) ?? 'UNKNOWN';
}

/** The monitor type that the keys of one violation speak of: the three dialects differ. */
export function monitorTypeOfViolation(entry: Json): MonitorType {
  const check = stringAt(entry, 'constraint_check_type');
  if (check === 'bias_drift_check' || at(entry, 'facet') !== undefined) return 'ModelBias';
  if (check === 'feature_attribution_drift_check' || stringAt(entry, 'metric_name') === 'shap') return 'ModelExplainability';
  if (at(entry, 'feature_name') !== undefined) return 'DataQuality';
  return qualityMetrics.has(stringAt(entry, 'metric_name')?.toLowerCase() ?? '') ? 'ModelQuality' : 'UNKNOWN';
}

/** The monitor type that the sections of a statistics or constraints file speak of. */
export function monitorTypeOfReport(value: Json): MonitorType {
  if (qualitySections.some((kind) => ['metrics', 'constraints'].some((part) => at(value, `${kind}_${part}`) !== undefined)))
    return 'ModelQuality';
  if (at(value, 'post_training_bias_metrics') !== undefined || at(value, 'pre_training_bias_metrics') !== undefined) return 'ModelBias';
  if (at(value, 'explanations') !== undefined) return 'ModelExplainability';
  return at(value, 'features') !== undefined || at(value, 'monitoring_config') !== undefined ? 'DataQuality' : 'UNKNOWN';
}
