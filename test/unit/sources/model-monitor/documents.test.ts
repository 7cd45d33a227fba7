// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../../src/evidence/json.ts';
import { approvalsFileSchema, thresholdsFileSchema } from '../../../../src/evidence/scope-file.ts';
import { fileItem, idOf, MemoryHome, observe, observeOne, s3Item } from '../../../support/sagemaker.ts';

const limits = { version: 0, regression_constraints: { rmse: { threshold: 0.57, comparison_operator: 'GreaterThanThreshold' } } };
const wider = { version: 0, regression_constraints: { rmse: { threshold: 0.9, comparison_operator: 'GreaterThanThreshold' } } };
const quality = {
  version: 0,
  dataset: { item_count: 9 },
  regression_metrics: { rmse: { value: 0.57, standard_deviation: 'NaN' }, mae: { value: 0.5 } },
};
const uri = 's3://amzn-s3-demo-bucket/baseline/constraints.json';

describe('a statistics file', () => {
  it('is a document and one metric for each number', () => {
    const [document, ...metrics] = observe(fileItem('statistics', quality, 'run/statistics.json'));
    expect(document).toMatchObject({
      kind: 'document',
      facts: { role: 'baseline-statistics', monitorType: 'ModelQuality', reduced: false },
    });
    expect(metrics.map(({ facts }) => facts)).toMatchObject([
      {
        section: 'regression_metrics',
        metric: 'rmse',
        value: 0.57,
        valueState: 'NUMBER',
        violated: false,
        thresholdOutcome: 'NO_THRESHOLD',
      },
      { section: 'regression_metrics', metric: 'mae', value: 0.5, valueState: 'NUMBER', violated: false },
    ]);
    expect(metrics.map(({ text }) => text)).toEqual(['{"value":0.57,"standard_deviation":"NaN"}', '{"value":0.5}']);
  });

  it('keeps numbers that are none, and says so', () => {
    const text =
      '{"version":0.0,"binary_classification_metrics":{"auc":{"value":NaN},"f1":{"value":null},"recall":{"value":"Infinity"},"confusion_matrix":{"0":{"0":1}}}}';
    const [, ...metrics] = observe(fileItem('statistics', text, 's.json'));
    expect(metrics.map(({ facts }) => [facts['metric'], facts['valueState']])).toEqual([
      ['auc', 'NAN'],
      ['f1', 'NULL'],
      ['recall', 'INFINITE'],
    ]);
    expect(metrics[0]?.text).toBe('{"value":NaN}');
  });

  it('knows which of its metrics the run lists as violated', () => {
    const violations = [{ constraint_check_type: 'GreaterThanThreshold', metric_name: 'rmse' }];
    const [document, ...metrics] = observe(fileItem('statistics', quality, 'run/statistics.json', { siblings: { violations } }));
    expect(document?.facts['role']).toBe('run-statistics');
    expect(metrics.map(({ facts }) => facts['violated'])).toEqual([true, false]);
  });

  it('without data is one and the same document by API and from a folder; equal files of two runs are two', () => {
    const text = `${JSON.stringify({ features: [{ name: 'age', string_statistics: { distribution: { categorical: { buckets: [{ value: 'Amelia' }] } } } }] })}\n`;
    const path = (hour: string) => `claims/claims-dq/2026/11/20/${hour}/statistics.json`;
    const copied = observeOne(fileItem('statistics', text, path('08')));
    const read = observeOne(s3Item('statistics', text, `s3://b/${path('08')}`, { role: 'run-statistics', monitorType: 'DataQuality' }));
    expect(copied.text).not.toContain('Amelia');
    expect(copied.facts).toMatchObject({ reduced: true, sha256: hash('sha256', text), role: 'run-statistics' });
    expect(idOf(copied)).toBe(idOf(read));
    expect(idOf(observeOne(fileItem('statistics', text, path('09'))))).not.toBe(idOf(copied));
  });
});

describe('a metric', () => {
  const thresholds = (value: number) =>
    thresholdsFileSchema.parse({
      schema: 'aims-evidence/thresholds/1',
      approvedBy: 'a person',
      approvedOn: '2026-10-01',
      metrics: [{ section: 'regression_metrics', metric: 'rmse', operator: '<=', value }],
    });
  const rmse = (limit: number | null) => {
    const item = s3Item('statistics', quality, 's3://b/claims/mq/2026/11/20/08/statistics.json');
    const found = observe(item, limit === null ? {} : { thresholds: thresholds(limit) }).find(({ facts }) => facts['metric'] === 'rmse');
    if (found === undefined) throw new Error('no rmse');
    return found;
  };

  it('is held against the approved limit', () => {
    expect(rmse(0.6).facts['thresholdOutcome']).toBe('WITHIN');
    expect(rmse(0.5).facts['thresholdOutcome']).toBe('WORSE');
  });

  it('gets a version of its own when a person approves a limit later, or takes it back', async () => {
    const home = new MemoryHome();
    const first = await home.take(rmse(null));
    const approved = await home.take(rmse(0.6));
    expect(approved).toMatchObject({
      isKnown: false,
      observation: { facts: { thresholdOutcome: 'WITHIN', revision: ['thresholdOutcome=WITHIN', `after=${first.id}`] } },
    });
    expect((await home.take(rmse(0.6))).id).toBe(approved.id);
    const withdrawn = await home.take(rmse(null));
    expect(withdrawn.isKnown).toBe(false);
    expect(withdrawn.id).not.toBe(first.id);
    expect((await home.take(rmse(null))).isKnown).toBe(true);
  });
});

describe('a baseline', () => {
  const context = { role: 'baseline-constraints', monitorType: 'ModelQuality', scheduleArn: 'arn:s', baselineUri: uri };
  const baseline = (body: JsonObject, change: JsonObject = {}) => observeOne(s3Item('constraints', body, uri, { ...context, ...change }));

  it('is not changed and not approved on first sight', async () => {
    const facts = await new MemoryHome().facts(baseline(limits));
    expect(facts).toMatchObject({ role: 'baseline-constraints', monitorType: 'ModelQuality', baselineChanged: false, approved: false });
    expect(facts['sha256']).toBe(hash('sha256', JSON.stringify(limits)));
  });

  it('is approved where the approvals name exactly its bytes', () => {
    const approvals = (sha256: string) =>
      approvalsFileSchema.parse({
        schema: 'aims-evidence/approvals/1',
        approvals: [{ sha256, what: 'limits', approvedBy: 'a person', approvedOn: '2026-10-01' }],
      });
    const item = s3Item('constraints', limits, uri, context);
    expect(observeOne(item, { approvals: approvals(hash('sha256', JSON.stringify(limits))) }).facts['approved']).toBe(true);
    expect(observeOne(item, { approvals: approvals('0'.repeat(64)) }).facts['approved']).toBe(false);
  });

  it.each([
    ['its bytes', [limits, {}], [wider, {}]],
    ['its address', [limits, {}], [limits, { baselineUri: 's3://b/other.json' }]],
    ['the job that makes it', [limits, { baseliningJob: 'one' }], [limits, { baseliningJob: 'two' }]],
  ] as const)('is changed when %s changed, and stays so when seen again', async (_what, [before, contextBefore], [after, contextAfter]) => {
    const home = new MemoryHome();
    const first = await home.take(baseline(before, contextBefore));
    expect((await home.take(baseline(before, contextBefore))).isKnown).toBe(true);
    const changed = await home.take(baseline(after, contextAfter));
    expect(changed).toMatchObject({
      isKnown: false,
      observation: { facts: { baselineChanged: true, previousSha256: first.observation.facts['sha256'] } },
    });
    expect(await home.take(baseline(after, contextAfter))).toMatchObject({ id: changed.id, isKnown: true });
  });

  it('that goes back to what it was is a change again', async () => {
    const home = new MemoryHome();
    const first = await home.take(baseline(limits));
    await home.take(baseline(wider));
    const back = await home.take(baseline(limits));
    expect(back).toMatchObject({ isKnown: false, observation: { facts: { baselineChanged: true } } });
    expect(back.id).not.toBe(first.id);
    expect((await home.take(baseline(limits))).id).toBe(back.id);
  });

  it('shared by two schedules is one record for each of them', () => {
    const other = baseline(limits, { scheduleArn: 'arn:t', sharedWith: 'arn:s' });
    expect(idOf(other)).not.toBe(idOf(baseline(limits)));
    expect(other.findingKey).not.toBe(baseline(limits).findingKey);
  });

  it('has one id by API and from a folder', () => {
    expect(idOf(observeOne(fileItem('constraints', limits, 'baseline/constraints.json')))).toBe(idOf(baseline(limits)));
  });

  it('of a bias monitor is read although it is written as an analysis', () => {
    const bias = { version: '1.0', post_training_bias_metrics: { label: 'y', facets: {} } };
    const one = observeOne(s3Item('constraints', bias, uri, { ...context, monitorType: 'ModelBias' }));
    expect(one).toMatchObject({ kind: 'document', facts: { role: 'baseline-constraints', monitorType: 'ModelBias' } });
  });

  it('lying among the reports of a run is that run’s', () => {
    const role = (path: string, siblings: JsonObject = {}) => observeOne(fileItem('constraints', limits, path, { siblings })).facts['role'];
    expect(role('claims/mq/2026/11/20/08/constraints.json')).toBe('run-constraints');
    expect(role('somewhere/constraints.json', { violations: [] })).toBe('run-constraints');
    expect(role('somewhere/constraints.json')).toBe('baseline-constraints');
  });
});

describe('a report that cannot be written', () => {
  it('is a gap and not an error, however deep it is', () => {
    const deep = `{"violations":[{"constraint_check_type":"x","deep":${'['.repeat(600)}${']'.repeat(600)}}],"explanations":{}}`;
    expect(observe(fileItem('violations', deep, 'v.json'))).toHaveLength(1);
  });
});
