// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../../src/evidence/json.ts';
import { thresholdsFileSchema } from '../../../../src/evidence/scope-file.ts';
import { fileItem, gapsOf, idOf, MemoryHome, observe, observeOne, s3Item } from '../../../support/sagemaker.ts';

const section = (entries: readonly JsonObject[]) => ({ label: 'fraud', label_value_or_threshold: '0', facets: { gender: [...entries] } });
const group = (value: string, ...metrics: readonly JsonObject[]) => ({ value_or_threshold: value, metrics: [...metrics] });
const noGroup = { name: 'CDDPL', description: 'Conditional …', value: null, error: 'Group variable is empty or not provided' };
const analysis = {
  version: '1.0',
  post_training_bias_metrics: section([group('1', { name: 'DI', value: 0.9 }, noGroup), group('0', { name: 'DI', value: 0.9 })]),
  pre_training_bias_metrics: section([group('1', { name: 'CI', value: 0.4 }, { name: 'CDD', value: 0.1 })]),
};
const metricsOf = (body: object | string, context: JsonObject = {}) =>
  observe(s3Item('analysis', typeof body === 'string' ? body : JSON.stringify(body), 's3://b/out/analysis.json', context)).filter(
    ({ kind }) => kind === 'metric',
  );

describe('an analysis report', () => {
  it('is one document with what it asks and of how many groups', () => {
    const [document] = observe(s3Item('analysis', JSON.stringify(analysis), 's3://b/out/analysis.json', { origin: 'JOB' }));
    expect(document).toMatchObject({
      kind: 'document',
      facts: {
        role: 'analysis',
        sections: ['pre_training_bias_metrics', 'post_training_bias_metrics'],
        asksBias: true,
        groupCount: 2,
        timing: 'UNKNOWN',
        origin: 'JOB',
        reduced: false,
      },
    });
  });

  it('that names no group says so', () => {
    const [document] = observe(fileItem('analysis', { post_training_bias_metrics: { label: 'x', facets: {} } }, 'analysis.json'));
    expect(document?.facts).toMatchObject({ asksBias: true, groupCount: 0, origin: 'FILE', timing: 'UNKNOWN' });
  });

  it('gives one metric for each number of each group, with canonical codes', () => {
    expect(
      metricsOf(analysis).map(({ facts }) => [facts['section'], facts['metric'], facts['group'], facts['valueState'], facts['value']]),
    ).toEqual([
      ['pre_training_bias_metrics', 'CI', 'gender=1', 'NUMBER', 0.4],
      ['pre_training_bias_metrics', 'CDDL', 'gender=1', 'NUMBER', 0.1],
      ['post_training_bias_metrics', 'DI', 'gender=1', 'NUMBER', 0.9],
      ['post_training_bias_metrics', 'CDDPL', 'gender=1', 'NULL', undefined],
      ['post_training_bias_metrics', 'DI', 'gender=0', 'NUMBER', 0.9],
    ]);
  });

  it('keeps a metric that could not be computed, with its reason', () => {
    const one = metricsOf(analysis).find(({ facts }) => facts['metric'] === 'CDDPL');
    expect(one?.detail).toEqual(noGroup);
    expect(one?.facts).not.toHaveProperty('thresholdOutcome');
  });

  it('keeps a bare Infinity as it stood, and DCAcc under its one code', () => {
    const text =
      '{"post_training_bias_metrics":{"facets":{"gender":[{"value_or_threshold":1,"metrics":[{"name":"TE","value": Infinity},{"name":"DCAcc","value":0}]}]}}}';
    const [te, dca] = metricsOf(text);
    expect(te?.facts).toMatchObject({ metric: 'TE', valueState: 'INFINITE', group: 'gender=1', thresholdOutcome: 'NO_THRESHOLD' });
    expect(te?.text).toBe('{"name":"TE","value": Infinity}');
    expect(dca?.facts).toMatchObject({ metric: 'DCA', value: 0 });
  });

  it('without any section is a gap', () => {
    expect(gapsOf(fileItem('analysis', { version: '1.0' }, 'analysis.json'))).toMatchObject([{ reason: 'malformed', extent: 'item' }]);
  });
});

describe('a bias metric that the run lists as violated', () => {
  const violation = { constraint_check_type: 'bias_drift_check', facet: 'gender', facet_value: '1', metric_name: 'DI' };
  const violatedOf = (...violations: readonly JsonObject[]) =>
    metricsOf(analysis, { siblings: { violations: [...violations] } })
      .filter(({ facts }) => facts['violated'] === true)
      .map(({ facts }) => `${facts['metric']} ${facts['group']}`);

  it('is the one of the same group only', () => {
    expect(violatedOf(violation)).toEqual(['DI gender=1']);
    expect(violatedOf()).toEqual([]);
  });

  it('is found under any spelling, and not under another check', () => {
    expect(violatedOf({ ...violation, metric_name: 'CDD' })).toEqual(['CDDL gender=1']);
    expect(violatedOf({ ...violation, constraint_check_type: 'other_check' })).toEqual([]);
  });

  it('is told alike when the file beside it came whole', () => {
    const whole = { violations: { version: '1.0', violations: [violation] } };
    expect(metricsOf(analysis, { siblings: whole }).some(({ facts }) => facts['violated'] === true)).toBe(true);
  });
});

describe('explanations', () => {
  const explained = {
    version: '1.0',
    explanations: {
      kernel_shap: {
        label0: { global_shap_values: { age: 0.1 }, expected_value: 0.2 },
        label1: { global_shap_values: { age: 0.3 }, expected_value: 0.2, global_top_shap_text: { note: { divorced: 0.4 } } },
      },
      pdp: [{ feature_name: 'age', data_type: 'numerical', feature_values: [1, 2] }],
      asymmetric_shapley_value: { item_Amelia: [1, 2] },
    },
  };

  it('give one metric for each label, each feature and each other method, without a value and never violated', () => {
    const found = metricsOf(explained);
    expect(found.map(({ facts }) => [facts['metric'], facts['group'], facts['valueState'], facts['violated']])).toEqual([
      ['kernel_shap', 'label0', 'MISSING', false],
      ['kernel_shap', 'label1', 'MISSING', false],
      ['pdp', 'age', 'MISSING', false],
      ['asymmetric_shapley_value', '', 'MISSING', false],
    ]);
    expect(found[0]?.text).toBe('{"global_shap_values":{"age":0.1},"expected_value":0.2}');
  });

  it('hold no word of a text feature and no item of a series, in no observation', () => {
    const all = observe(s3Item('analysis', JSON.stringify(explained), 's3://b/analysis.json'));
    expect(JSON.stringify(all)).toContain('global_shap_values');
    expect(JSON.stringify(all)).not.toMatch(/divorced|Amelia/);
    expect(all[0]?.facts).toMatchObject({ reduced: true, asksBias: false, groupCount: 0 });
  });
});

describe('the id of a metric', () => {
  const text = `${JSON.stringify(analysis, null, 4)}\n`;
  const ids = (path: string, body = text) => observe(fileItem('analysis', body, path)).map(idOf);

  it('differs for equal numbers of two groups and of two reports', () => {
    expect(new Set(ids('a/analysis.json')).size).toBe(6);
    const other = ids('b/analysis.json', text.replace('0.4', '0.5'));
    expect(ids('a/analysis.json').filter((id) => other.includes(id))).toEqual([]);
  });

  it('is one for a copied file, by API and from a folder', () => {
    const byApi = observe(
      s3Item('analysis', text, 's3://b/x/bias-2026-10-13/analysis.json', { origin: 'JOB', jobArn: 'arn:j', timing: 'BEFORE' }),
    );
    expect(byApi.map(idOf)).toEqual(ids('bias-2026-10-13/analysis.json'));
    expect(ids('a/analysis.json')).toEqual(ids('b/analysis.json'));
    expect(ids('bias-2026-10-14/analysis.json')).not.toEqual(ids('bias-2026-10-13/analysis.json'));
  });

  it('is one for a report with bare words too, whatever space the file ends with', () => {
    const bare = '{"post_training_bias_metrics":{"facets":{"g":[{"value_or_threshold":1,"metrics":[{"name":"TE","value":Infinity}]}]}}}\n';
    expect(observe(s3Item('analysis', bare, 's3://b/analysis.json')).map(idOf)).toEqual(ids('analysis.json', bare));
  });

  it('names no group', () => {
    const [, metric] = observe(fileItem('analysis', text, 'bias-2026-10-13/analysis.json'));
    expect(metric?.sourceIdentity).toBe('metric:bias-2026-10-13:pre_training_bias_metrics:CI:0.0.0');
  });
});

describe('a limit for one group', () => {
  it('is found by system, section, metric and group', () => {
    const thresholds = thresholdsFileSchema.parse({
      schema: 'aims-evidence/thresholds/1',
      approvedBy: 'a person',
      approvedOn: '2026-10-01',
      metrics: [
        {
          aiSystem: 'credit',
          section: 'post_training_bias_metrics',
          metric: 'DI',
          group: 'gender=1',
          operator: 'within-distance',
          value: 0.05,
        },
      ],
    });
    const item = s3Item('analysis', JSON.stringify(analysis), 's3://b/analysis.json', {
      jobArn: 'arn:j',
      tags: { 'ai-system': 'credit' },
    });
    const outcomes = observe(item, { thresholds })
      .filter(({ facts }) => facts['metric'] === 'DI')
      .map(({ facts }) => [facts['group'], facts['thresholdOutcome']]);
    expect(outcomes).toEqual([
      ['gender=1', 'WORSE'],
      ['gender=0', 'NO_THRESHOLD'],
    ]);
  });
});

describe('the time of an analysis against the release of its model', () => {
  const report = (timing: string, ended: string, extra: JsonObject = {}) => {
    const context = { modelName: 'credit-7', timing, effectiveAt: ended, origin: 'JOB' };
    const [document] = observe(s3Item('analysis', JSON.stringify({ ...analysis, ...extra }), `s3://b/${ended}/analysis.json`, context));
    if (document === undefined) throw new Error('no document');
    return document;
  };

  it('is AFTER only where no other analysis of the model came before', async () => {
    const home = new MemoryHome();
    expect((await home.facts(report('AFTER', '2026-10-20T00:00:00.000Z')))['timing']).toBe('AFTER');
    await home.take(report('BEFORE', '2026-10-01T00:00:00.000Z', { version: '1.1' }));
    expect((await home.facts(report('AFTER', '2026-10-25T00:00:00.000Z', { version: '1.2' })))['timing']).toBe('UNKNOWN');
  });

  it('known later is a version of its own', async () => {
    const home = new MemoryHome();
    const first = await home.take(report('UNKNOWN', '2026-10-01T00:00:00.000Z'));
    const known = await home.take(report('BEFORE', '2026-10-01T00:00:00.000Z'));
    expect(first.isKnown).toBe(false);
    expect(known).toMatchObject({
      isKnown: false,
      observation: { facts: { timing: 'BEFORE', revision: ['timing=BEFORE', `after=${first.id}`] } },
    });
    expect((await home.take(report('BEFORE', '2026-10-01T00:00:00.000Z'))).isKnown).toBe(true);
  });
});

describe('an analysis configuration', () => {
  const config = (change: JsonObject) =>
    observeOne(fileItem('analysis-config', { dataset_type: 'text/csv', ...change }, 'config/analysis_config.json'));

  it.each([
    ['a list of facets', { facet: [{ name_or_index: 'a' }, { name_or_index: 'b' }] }, true, 2],
    ['one facet', { facet: { name_or_index: 'a' } }, true, 1],
    ['bias without a group', { methods: { post_training_bias: { methods: 'all' } } }, true, 0],
    ['explanations only', { methods: { shap: { num_samples: 9 } } }, false, 0],
  ] as const)('with %s', (_what, change, asksBias, groupCount) => {
    expect(config(change).facts).toMatchObject({ role: 'analysis-config', asksBias, groupCount, origin: 'FILE' });
  });

  it('is kept without the rows of its SHAP baseline', () => {
    const one = config({ methods: { shap: { baseline: [[38, 'divorced']], num_samples: 9 } } });
    expect(one.text).not.toContain('divorced');
    expect(one.text).toContain('num_samples');
    expect(one.facts['reduced']).toBe(true);
  });
});
