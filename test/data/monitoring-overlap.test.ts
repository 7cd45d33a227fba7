// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { loadPack } from '../../src/catalog/pack-file.ts';
import type { Json, JsonObject } from '../../src/evidence/json.ts';
import { compilePattern, matchesPattern } from '../../src/mapping/compile-pattern.ts';

const rules = loadPack()
  .rules.filter((rule) => rule.source === 'sagemaker-model-monitor')
  .map((rule) => ({ rule, pattern: compilePattern(rule.pattern) }));

type Choices = Readonly<Record<string, readonly (Json | undefined)[]>>;

/** Every combination of one choice per name; an undefined choice leaves the name out. */
function combinations(choices: Choices): readonly JsonObject[] {
  return Object.entries(choices).reduce<readonly JsonObject[]>(
    (made, [name, values]) => made.flatMap((one) => values.map((value) => (value === undefined ? one : { ...one, [name]: value }))),
    [{}],
  );
}

function observations(kind: string, details: readonly JsonObject[], facts: readonly JsonObject[]): readonly JsonObject[] {
  return details.flatMap((detail) => facts.map((known) => ({ source: 'sagemaker-model-monitor', kind, detail, facts: known })));
}

const matchesOf = (observation: JsonObject) =>
  rules
    .filter(({ rule, pattern }) => rule.evidence === observation['kind'] && matchesPattern(pattern, observation))
    .map(({ rule }) => rule);

/** Claims that can count: `ignore` makes none and context never does. */
const countable = (observation: JsonObject) =>
  matchesOf(observation).flatMap((rule) =>
    rule.controls
      .map((claim) => ({ ...claim, polarity: claim.polarity ?? rule.polarity }))
      .filter((claim) => claim.polarity !== 'ignore' && claim.strength !== 'context'),
  );

const monitorTypes = ['DataQuality', 'ModelQuality', 'ModelBias', 'ModelExplainability', 'UNKNOWN'];
const ended = ['Completed', 'CompletedWithViolations'];

const runs = [
  ...observations(
    'execution',
    combinations({ MonitoringExecutionStatus: ended }),
    combinations({ monitorType: monitorTypes, baseline: ['PRESENT', 'ABSENT', 'UNKNOWN'], reportRead: [true, false] }),
  ),
  ...observations(
    'execution',
    combinations({
      MonitoringExecutionStatus: ['Failed', 'Stopped', 'Pending', 'InProgress', 'Stopping'],
      FailureReason: [undefined, 'Job inputs had no data', 'AlgorithmError: exit code 1'],
    }),
    combinations({ monitorType: monitorTypes, baseline: ['PRESENT', 'ABSENT', 'UNKNOWN'] }),
  ),
];
const schedules = observations(
  'state',
  combinations({
    MonitoringScheduleStatus: ['Scheduled', 'Failed', 'Stopped', 'Pending'],
    MonitoringScheduleConfig: [undefined, ...['NOW', 'cron(0 * ? * * *)'].map((at) => ({ ScheduleConfig: { ScheduleExpression: at } }))],
  }),
  combinations({ operation: ['DescribeMonitoringSchedule'], runMissing: [true, false], targetInService: ['YES', 'NO', 'UNKNOWN'] }),
);
const endpoints = observations(
  'state',
  combinations({
    EndpointStatus: ['InService', 'Updating', 'Failed', 'OutOfService'],
    DataCaptureConfig: [
      undefined,
      ...combinations({ EnableCapture: [true, false], CaptureStatus: ['Started', 'Stopped'], CurrentSamplingPercentage: [10, 100] }),
    ],
  }),
  combinations({ operation: ['DescribeEndpoint'], hasSchedule: [true, false], replacementMonitor: [true, false] }),
);
const documents = observations(
  'document',
  [{}],
  combinations({
    role: ['baseline-constraints', 'baseline-statistics'],
    monitorType: monitorTypes,
    approved: [true, false],
    baselineChanged: [true, false],
  }),
);
const checks = [
  ...'data_type_check completeness_check missing_column_check extra_column_check categorical_values_check baseline_drift_check'.split(' '),
  ...'bias_drift_check feature_attribution_drift_check LessThanThreshold GreaterThanThreshold something_new'.split(' '),
];
const violations = observations('finding', combinations({ constraint_check_type: checks }), combinations({ monitorType: monitorTypes }));
const metrics = observations(
  'metric',
  [{}],
  combinations({
    section: ['regression_metrics', 'binary_classification_metrics', 'multiclass_classification_metrics'],
    valueState: ['NUMBER', 'INFINITE', 'NAN', 'NULL', 'MISSING'],
    violated: [true, false],
  }),
);
const alerts = [
  ...observations(
    'state',
    combinations({ AlertStatus: ['OK', 'InAlert'] }),
    combinations({ operation: ['ListMonitoringAlerts'], alertOverdue: [true, false] }),
  ),
  ...observations('state', combinations({ AlertStatus: ['OK', 'InAlert'] }), [{ operation: 'ListMonitoringAlertHistory' }]),
];
const all = [...runs, ...schedules, ...endpoints, ...documents, ...violations, ...metrics, ...alerts];

describe('the states that Model Monitor can be in', () => {
  it('are all seen by a rule', () => {
    expect(all.length).toBeGreaterThan(500);
    expect(all.filter((observation) => matchesOf(observation).length === 0)).toEqual([]);
  });

  it('never count twice for a control in the same direction', () => {
    const twice = all.filter((observation) => {
      const claims = countable(observation).map((claim) => `${claim.control} ${claim.polarity}`);
      return new Set(claims).size !== claims.length;
    });
    expect(all.some((observation) => countable(observation).length > 1)).toBe(true);
    expect(twice).toEqual([]);
  });

  it('never count a violated limit in the run when its report was read and its violations count themselves', () => {
    const read = observations(
      'execution',
      [{ MonitoringExecutionStatus: 'CompletedWithViolations' }],
      combinations({ monitorType: monitorTypes, baseline: ['PRESENT', 'UNKNOWN'], reportRead: [true] }),
    );
    expect(read.flatMap(countable).filter((claim) => claim.polarity === 'exception')).toEqual([]);
    expect(violations.flatMap(countable).filter((claim) => claim.polarity === 'exception').length).toBeGreaterThan(0);
    expect(violations.flatMap(countable).filter((claim) => claim.control === 'A.6.2.6')).toEqual([]);
  });

  it('never let a run without a result support anything', () => {
    const without = runs.filter((run) => !/"Completed/.test(JSON.stringify(run)));
    expect(without.length).toBeGreaterThan(0);
    expect(without.flatMap(countable).filter((claim) => claim.polarity === 'supports')).toEqual([]);
  });
});
