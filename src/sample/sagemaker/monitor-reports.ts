// SPDX-License-Identifier: Apache-2.0
import type { Json, JsonObject } from '../../evidence/json.ts';
import { driftDay, type MonitorPlan, madeUpShare, type PlannedRun } from './monitor-plan.ts';

const features = ['annual_income', 'debt_ratio', 'months_employed', 'open_accounts', 'requested_amount'];

/** How far the drift has gone on a day: 0 before it begins, 1 at the end of the sample. */
function drift({ monitor, day }: PlannedRun): number {
  return Math.max(0, (day - driftDay[monitor.type] + 1) / (30 - driftDay[monitor.type]));
}

/** Bias metrics of a run: the gap between age groups grows with the drift. */
function biasValues(run: PlannedRun): Readonly<Record<string, number>> {
  const noise = (madeUpShare(run.job, 'bias') - 0.5) / 100;
  const gap = 0.05 + noise + (drift(run) > 0 ? 0.035 + 0.1 * drift(run) : 0);
  return { AD: -gap / 3, DAR: gap / 2, DCA: -gap, DI: 1 - gap * 1.5, DPPL: gap, RD: gap / 4 };
}

const biasLimits: Readonly<Record<string, number>> = { AD: -0.03, DAR: 0.04, DCA: -0.07, DI: 0.88, DPPL: 0.07, RD: 0.03 };

/** Model quality of a run: accuracy falls with the drift. */
function qualityValues(run: PlannedRun): Readonly<Record<string, number>> {
  const noise = (madeUpShare(run.job, 'quality') - 0.5) / 200;
  const loss = drift(run) > 0 ? 0.04 + 0.06 * drift(run) : 0;
  return { accuracy: 0.91 + noise - loss, auc: 0.87 + noise - loss, precision: 0.82 + noise - loss / 2, recall: 0.79 + noise - loss };
}

const qualityLimits: Readonly<Record<string, number>> = { accuracy: 0.88, auc: 0.84, precision: 0.78, recall: 0.75 };

/** The violations of a run in the dialect of its monitor; an empty list where all is within limits. */
export function violationsOf(run: PlannedRun): JsonObject {
  if (run.status !== 'CompletedWithViolations') return { violations: [] };
  switch (run.monitor.type) {
    case 'DataQuality':
      return { violations: dataViolations(run) };
    case 'ModelQuality':
      return { violations: qualityViolations(run) };
    case 'ModelBias':
      return { version: '1.0', violations: biasViolations(run) };
    case 'ModelExplainability':
      return { version: '1.0', violations: [attributionViolation(run)] };
  }
}

function dataViolations(run: PlannedRun): Json[] {
  const distance = (0.1 + 0.2 * drift(run) + madeUpShare(run.job, 'distance') / 100).toFixed(6);
  const drifted = {
    feature_name: 'annual_income',
    constraint_check_type: 'baseline_drift_check',
    description: `Baseline drift distance: ${distance} exceeds threshold: 0.1`,
  };
  const share = (0.93 - 0.1 * drift(run)).toFixed(4);
  const empty = {
    feature_name: 'months_employed',
    constraint_check_type: 'completeness_check',
    description: `Value: ${share} does not meet the constraint requirement! `,
  };
  return run.day >= driftDay.DataQuality + 2 ? [drifted, empty] : [drifted];
}

function qualityViolations(run: PlannedRun): Json[] {
  const values = Object.entries(qualityValues(run));
  const crossed = values.filter(([name, value]) => value < (qualityLimits[name] ?? 0));
  return crossed.map(([name, value]) => ({
    constraint_check_type: 'LessThanThreshold',
    description: `Metric ${name} with ${value.toFixed(4)} was LessThanThreshold '${qualityLimits[name]}'`,
    metric_name: name,
  }));
}

function biasViolations(run: PlannedRun): Json[] {
  const neutral = (name: string) => (name === 'DI' ? 1 : 0);
  const values = Object.entries(biasValues(run));
  const crossed = values.filter(([name, value]) => Math.abs(value - neutral(name)) > Math.abs((biasLimits[name] ?? 0) - neutral(name)));
  return crossed.map(([name, value]) => ({
    constraint_check_type: 'bias_drift_check',
    description: `Metric value ${value} doesn't meet the baseline constraint requirement ${biasLimits[name]}`,
    facet: 'age_band',
    facet_value: '18-25',
    metric_name: name,
  }));
}

function attributionViolation(run: PlannedRun): Json {
  const score = 0.9 - 0.15 * drift(run);
  const description = `Feature attribution drift ${score} exceeds threshold 0.9`;
  return { label: 'label0', metric_name: 'shap', constraint_check_type: 'feature_attribution_drift_check', description };
}

/** statistics.json of a quality run, with the buckets and sketches that hold real values in a real one. */
export function statisticsOf(run: PlannedRun): JsonObject {
  const items = 4000 + Math.round(madeUpShare(run.job, 'items') * 800);
  const dataset = {
    item_count: items,
    start_time: new Date(run.scheduled - 86_400_000).toISOString(),
    end_time: new Date(run.scheduled).toISOString(),
  };
  if (run.monitor.type === 'ModelQuality') {
    const metrics = Object.entries(qualityValues(run)).map(([name, value]) => [name, { value, standard_deviation: 'NaN' }]);
    const matrix = { '0': { '0': items - 900, '1': 300 }, '1': { '0': 250, '1': 350 } };
    return { version: 0.0, dataset, binary_classification_metrics: { confusion_matrix: matrix, ...Object.fromEntries(metrics) } };
  }
  return { version: 0.0, dataset, features: featureStatistics(`${run.job}`, items, drift(run)) };
}

function featureStatistics(seed: string, items: number, drifted: number): Json[] {
  const numeric = features.map((name, i) => {
    const mean = 1000 * (i + 1) * (1 + (i === 0 ? drifted / 4 : 0)) + madeUpShare(seed, name);
    const distribution = {
      kll: {
        buckets: [{ lower_bound: 0, upper_bound: mean * 2, count: items }],
        sketch: { parameters: { c: 0.64, k: 2048 }, data: [[mean * 0.9, mean * 1.1]] },
      },
    };
    const common = { num_present: items, num_missing: 0 };
    return {
      name,
      inferred_type: 'Fractional',
      numerical_statistics: { common, mean, sum: mean * items, std_dev: mean / 5, min: 0, max: mean * 2, distribution },
    };
  });
  const buckets = [
    { value: 'Amelia Example', count: 2 },
    { value: 'Noah Example', count: 1 },
  ];
  const common = { num_present: items, num_missing: 0 };
  return [
    ...numeric,
    {
      name: 'employer',
      inferred_type: 'String',
      string_statistics: { common, distinct_count: 812, distribution: { categorical: { buckets } } },
    },
  ];
}

/** Baseline constraints of a monitor; the second version of data quality is wider. */
export function baselineConstraints(monitor: MonitorPlan, baseline: string): JsonObject {
  switch (monitor.type) {
    case 'DataQuality':
      return dataConstraints(baseline.endsWith('/v2') ? 0.5 : 0.1);
    case 'ModelQuality': {
      const limits = Object.entries(qualityLimits).map(([name, threshold]) => [
        name,
        { threshold, comparison_operator: 'LessThanThreshold' },
      ]);
      return { version: 0.0, binary_classification_constraints: Object.fromEntries(limits) };
    }
    case 'ModelBias':
      return { version: '1.0', post_training_bias_metrics: biasSection(biasLimits) };
    case 'ModelExplainability':
      return {
        version: '1.0',
        explanations: { kernel_shap: { label0: { global_shap_values: shapValues(monitor.schedule, 0), expected_value: 0.21 } } },
      };
  }
}

function dataConstraints(threshold: number): JsonObject {
  const numeric = features.map((name) => ({
    name,
    inferred_type: 'Fractional',
    completeness: 0.95,
    num_constraints: { is_non_negative: true },
  }));
  const employer = {
    name: 'employer',
    inferred_type: 'String',
    completeness: 0.95,
    string_constraints: { domains: ['Amelia Example', 'Noah Example'] },
  };
  const comparison = { perform_comparison: 'Enabled', comparison_threshold: threshold, comparison_method: 'Robust' };
  const monitoring_config = {
    evaluate_constraints: 'Enabled',
    emit_metrics: 'Enabled',
    datatype_check_threshold: 1,
    domain_content_threshold: 1,
    distribution_constraints: comparison,
  };
  return { version: 0.0, features: [...numeric, employer], monitoring_config };
}

/** Baseline statistics of data quality, from the training data. */
export function baselineStatistics(baseline: string): JsonObject {
  return { version: 0.0, dataset: { item_count: 48_211 }, features: featureStatistics(baseline, 48_211, 0) };
}

/** analysis.json of a bias or attribution run. */
export function monitoringAnalysis(run: PlannedRun): JsonObject {
  if (run.monitor.type === 'ModelBias') return { version: '1.0', post_training_bias_metrics: biasSection(biasValues(run)) };
  const label0 = { global_shap_values: shapValues(run.job, drift(run)), expected_value: 0.21 };
  return { version: '1.0', explanations: { kernel_shap: { label0 } } };
}

function biasSection(values: Readonly<Record<string, number>>): JsonObject {
  const metrics = Object.entries(values).map(([name, value]) => ({ name, description: `${name}`, value }));
  const noGroup = {
    name: 'CDDPL',
    description: 'Conditional Demographic Disparity in Predicted Labels (CDDPL)',
    value: null,
    error: 'Group variable is empty or not provided',
  };
  return {
    label: 'default',
    label_value_or_threshold: '1',
    facets: { age_band: [{ value_or_threshold: '18-25', metrics: [...metrics, noGroup] }] },
  };
}

function shapValues(seed: string, drifted: number): JsonObject {
  return Object.fromEntries(
    features.map((name, i) => [name, 0.3 / (i + 1) + (i === 3 ? drifted / 2 : 0) + madeUpShare(seed, name) / 1000]),
  );
}
