// SPDX-License-Identifier: Apache-2.0
import { arrayAt, at, isJsonObject, type Json, type JsonObject, numberAt, stringAt } from '../../evidence/json.ts';
import type { SourceId } from '../../evidence/observation.ts';

/** Which source and which of its shapes a report file is. */
export interface RecognisedReport {
  readonly source: Extract<SourceId, 'sagemaker-model-monitor' | 'sagemaker-clarify'>;
  readonly shape: 'violations' | 'statistics' | 'constraints' | 'analysis' | 'analysis-config' | 'fmeval';
}

/** Sections of Model Monitor's quality files, by kind of problem. */
export const qualitySections = ['regression', 'binary_classification', 'multiclass_classification'] as const;

/** Top-level sections of Clarify's analysis.json. */
export const analysisSections = ['pre_training_bias_metrics', 'post_training_bias_metrics', 'explanations'] as const;

const clarifyMethods = ['pre_training_bias', 'post_training_bias', 'shap', 'pdp', 'asymmetric_shapley_value', 'computer_vision'];

/**
 * Recognises a report of Model Monitor, Clarify or fmeval by what stands in it, never by its name. Null for anything
 * else, rows of data, captured payloads and record-level explanations among it.
 */
export function recogniseReport(value: Json): RecognisedReport | null {
  if (isEvaluations(value)) return { source: 'sagemaker-clarify', shape: 'fmeval' };
  if (!isJsonObject(value)) return null;
  if (isViolations(value)) return { source: 'sagemaker-model-monitor', shape: 'violations' };
  if (isStatistics(value)) return { source: 'sagemaker-model-monitor', shape: 'statistics' };
  if (isConstraints(value)) return { source: 'sagemaker-model-monitor', shape: 'constraints' };
  if (analysisSections.some((name) => isJsonObject(at(value, name)))) return { source: 'sagemaker-clarify', shape: 'analysis' };
  if (isAnalysisConfig(value)) return { source: 'sagemaker-clarify', shape: 'analysis-config' };
  return null;
}

function isEvaluations(value: Json): boolean {
  const outputs = Array.isArray(value) ? value : [value];
  return outputs.length > 0 && outputs.every(isEvaluation);
}

function isEvaluation(value: Json): boolean {
  if (stringAt(value, 'eval_name') === undefined || stringAt(value, 'dataset_name') === undefined) return false;
  return ['dataset_scores', 'category_scores', 'error', 'output_path'].some((name) => at(value, name) !== undefined);
}

function isViolations(value: JsonObject): boolean {
  const violations = at(value, 'violations');
  if (!Array.isArray(violations)) return false;
  // A run without violations writes an empty list, and nothing beside it but the version.
  if (violations.length === 0) return Object.keys(value).every((name) => name === 'violations' || name === 'version');
  return violations.some(isViolation);
}

// An entry that lacks the kind of check still says what was violated, in Model Monitor's words.
function isViolation(entry: Json): boolean {
  if (stringAt(entry, 'constraint_check_type') !== undefined) return true;
  const subject = stringAt(entry, 'feature_name') ?? stringAt(entry, 'metric_name');
  return subject !== undefined && stringAt(entry, 'description') !== undefined;
}

function isStatistics(value: JsonObject): boolean {
  if (qualitySections.some((kind) => isJsonObject(at(value, `${kind}_metrics`)))) return true;
  if (hasFeature(value, ['numerical_statistics', 'string_statistics'])) return true;
  return numberAt(value, 'dataset', 'item_count') !== undefined && at(value, 'version') !== undefined;
}

function isConstraints(value: JsonObject): boolean {
  if (qualitySections.some((kind) => isJsonObject(at(value, `${kind}_constraints`)))) return true;
  return isJsonObject(at(value, 'monitoring_config')) || hasFeature(value, ['completeness', 'num_constraints', 'string_constraints']);
}

function hasFeature(value: JsonObject, names: readonly string[]): boolean {
  return arrayAt(value, 'features').some((f) => stringAt(f, 'name') !== undefined && names.some((name) => at(f, name) !== undefined));
}

function isAnalysisConfig(value: JsonObject): boolean {
  const methods = at(value, 'methods');
  if (isJsonObject(methods) && clarifyMethods.some((name) => at(methods, name) !== undefined)) return true;
  const describesData = ['dataset_type', 'headers', 'label', 'predictor'].filter((name) => at(value, name) !== undefined).length >= 2;
  return describesData && (isJsonObject(methods) || at(value, 'facet') !== undefined);
}
