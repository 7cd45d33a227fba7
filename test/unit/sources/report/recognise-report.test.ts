// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { recogniseReport } from '../../../../src/sources/report/recognise-report.ts';

describe('a report is recognised by what stands in it', () => {
  it.each([
    ['data quality violations', { violations: [{ feature_name: 'age', constraint_check_type: 'data_type_check' }] }, 'violations'],
    ['bias violations', { version: '1.0', violations: [{ facet: 'Sex', constraint_check_type: 'bias_drift_check' }] }, 'violations'],
    ['attribution violations', { violations: [{ label: 'label0', metric_name: 'shap', constraint_check_type: 'x' }] }, 'violations'],
    ['violations that do not say what was checked', { violations: [{ feature_name: 'age', description: 'd' }] }, 'violations'],
    ['violations of a metric alone', { violations: [{ metric_name: 'auc', description: 'd' }, 'x'] }, 'violations'],
    ['a run without violations', { violations: [] }, 'violations'],
    ['data statistics', { version: 0, features: [{ name: 'age', numerical_statistics: {} }] }, 'statistics'],
    ['quality statistics', { version: 0, regression_metrics: { rmse: { value: 1 } } }, 'statistics'],
    ['data constraints', { features: [{ name: 'age', completeness: 1 }], monitoring_config: {} }, 'constraints'],
    ['quality constraints', { binary_classification_constraints: { auc: { threshold: 0.7 } } }, 'constraints'],
  ])('of Model Monitor: %s', (_what, value, shape) => {
    expect(recogniseReport(value)).toEqual({ source: 'sagemaker-model-monitor', shape });
  });

  it.each([
    ['a bias report', { version: '1.0', post_training_bias_metrics: { facets: {} } }, 'analysis'],
    ['explanations', { explanations: { kernel_shap: {} } }, 'analysis'],
    ['a configuration', { dataset_type: 'text/csv', label: 'y', methods: { shap: { num_samples: 1 } } }, 'analysis-config'],
    ['a configuration without methods', { dataset_type: 'text/csv', label: 'y', facet: [{ name_or_index: 0 }] }, 'analysis-config'],
    ['an evaluation', { eval_name: 'toxicity', dataset_name: 'bold', error: 'failed' }, 'fmeval'],
    ['evaluations', [{ eval_name: 'toxicity', dataset_name: 'bold', dataset_scores: [] }], 'fmeval'],
  ])('of Clarify: %s', (_what, value, shape) => {
    expect(recogniseReport(value)).toEqual({ source: 'sagemaker-clarify', shape });
  });

  it.each([
    ['a captured payload', { captureData: { endpointInput: { data: '1,2' } }, eventMetadata: { eventId: 'e' }, eventVersion: '0' }],
    ['ground truth', { groundTruthData: { data: '1', encoding: 'CSV' }, eventMetadata: { eventId: 'e' } }],
    ['record-level output of an evaluation', { model_input: 'q', model_output: 'a', scores: [{ name: 'toxicity', value: 0 }] }],
    ['violations of another kind of tool', { violations: [{ id: 'color-contrast', impact: 'serious' }] }],
    ['violations that name no feature and no metric', { violations: [{ msg: 'no label', description: 'd' }] }],
    ['features in a list of that name without a word on them', { violations: [{ feature_name: 'age' }] }],
    ['an empty list of violations beside other things', { violations: [], passes: [] }],
    ['an empty list', []],
    ['a number', 3],
  ])('and %s is none', (_what, value) => {
    expect(recogniseReport(value)).toBeNull();
  });
});
