// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { reduceAnalysis, reduceAnalysisConfig } from '../../../../src/sources/report/reduce-analysis.ts';
import { reduceConstraints, reducedText, reduceStatistics } from '../../../../src/sources/report/reduce-report.ts';

describe('a document loses the data of people in it', () => {
  it('statistics keep names, counts, means and deviations; buckets, sketches, extremes and unknown members go', () => {
    const common = { num_present: 4, num_missing: 0 };
    const numbers = { common, mean: 2, sum: 8, std_dev: 1, min: 1, max: 3, distribution: { kll: { sketch: { data: [[1, 3]] } } } };
    const words = { common, distinct_count: 2, distribution: { categorical: { buckets: [{ value: 'Amelia', count: 2 }] } } };
    const features = [
      { name: 'age', inferred_type: 'Fractional', numerical_statistics: numbers },
      { name: 'who', inferred_type: 'String', string_statistics: words, examples: ['Noah'] },
    ];
    const reduced = reduceStatistics({ version: 0, dataset: { item_count: 4 }, features, rows: ['Olivia'] });
    expect(reduced.value).toEqual({
      version: 0,
      dataset: { item_count: 4 },
      features: [
        { name: 'age', inferred_type: 'Fractional', numerical_statistics: { common, mean: 2, std_dev: 1 } },
        { name: 'who', inferred_type: 'String', string_statistics: { common, distinct_count: 2 } },
      ],
    });
    expect(reduced.removed).toContain('features[].string_statistics.distribution');
    expect(reduced.removed).toContain('rows');
    expect(JSON.stringify(reduced)).not.toMatch(/Amelia|Noah|Olivia/);
  });

  it('model quality keeps every number with a value, and no matrix or curve', () => {
    const section = { auc: { value: 0.9, standard_deviation: 'NaN' }, confusion_matrix: { approved: { denied: 3 } } };
    const reduced = reduceStatistics({ version: 0, binary_classification_metrics: section });
    expect(reduced.value).toEqual({ version: 0, binary_classification_metrics: { auc: section.auc } });
    expect(reduced.removed).toEqual(['binary_classification_metrics.confusion_matrix']);
  });

  it('constraints keep their limits; the values of a category become their number', () => {
    const features = [{ name: 'who', completeness: 1, string_constraints: { domains: ['Amelia', 'Noah'], evaluate: true } }];
    const reduced = reduceConstraints({ features, monitoring_config: { comparison_threshold: 0.1 } });
    expect(reduced.value).toEqual({
      features: [{ name: 'who', completeness: 1, string_constraints: { evaluate: true, domain_count: 2 } }],
      monitoring_config: { comparison_threshold: 0.1 },
    });
  });

  it('explanations keep global numbers; words, categories and other methods go', () => {
    const label0 = { global_shap_values: { age: 0.1 }, expected_value: 0.2, global_top_shap_text: { note: { divorced: 0.4 } } };
    const pdp = [
      { feature_name: 'age', feature_values: [1, 2] },
      { feature_name: 'town', feature_values: ['Lyon', 'Metz'] },
    ];
    const reduced = reduceAnalysis({ explanations: { kernel_shap: { label0 }, pdp, item_level: [{ id: 'Amelia' }, {}] } });
    expect(reduced.value).toEqual({
      explanations: {
        kernel_shap: { label0: { global_shap_values: { age: 0.1 }, expected_value: 0.2 } },
        pdp: [
          { feature_name: 'age', feature_values: [1, 2] },
          { feature_name: 'town', feature_values: ['2 values'] },
        ],
        item_level: { entries: 2 },
      },
    });
    expect(reduced.removed).toHaveLength(3);
  });

  it('a configuration keeps all but the rows that SHAP compares with', () => {
    const reduced = reduceAnalysisConfig({ label: 'y', methods: { shap: { baseline: [[38, 2]], num_samples: 5 }, report: { name: 'r' } } });
    expect(reduced.value).toEqual({ label: 'y', methods: { shap: { num_samples: 5 }, report: { name: 'r' } } });
    expect(reduced.removed).toEqual(['methods.shap.baseline']);
  });
});

describe('the text of a document', () => {
  it('is its own where nothing was taken out', () => {
    const text = '{ "a" : 1 }';
    expect(reducedText({ value: { a: 1 }, removed: [] }, text, 'f00d')).toEqual({ detail: { a: 1 }, text });
  });

  it('else says what was taken out, and of which bytes', () => {
    const { detail, text } = reducedText({ value: { a: 1 }, removed: ['b'] }, '{"a":1,"b":2}', 'f00d');
    expect(detail).toEqual({ a: 1, 'aims:reduced': { sha256: 'f00d', removed: ['b'] } });
    expect(text).toBe('{"a":1,"aims:reduced":{"removed":["b"],"sha256":"f00d"}}');
  });

  it('can always be written, numbers beyond all bounds too', () => {
    const value = { a: Number.POSITIVE_INFINITY };
    expect(reducedText({ value, removed: ['b'] }, '{"a":1e999,"b":0}', 'f00d').detail['a']).toBe('Infinity');
  });
});
