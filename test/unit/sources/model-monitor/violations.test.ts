// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../../src/evidence/json.ts';
import type { RawItem } from '../../../../src/evidence/observation.ts';
import { noDeclarations } from '../../../../src/evidence/scope-file.ts';
import { laptopTools } from '../../../../src/runtime/laptop-tools.ts';
import { fileItem, gapsOf, idOf, MemoryHome, observe, observeOne, s3Item } from '../../../support/sagemaker.ts';

const dataEntry = {
  feature_name: 'age',
  constraint_check_type: 'data_type_check',
  description: 'Value: 0.5 does not meet the constraint requirement! ',
};
const biasEntry = {
  constraint_check_type: 'bias_drift_check',
  description: "Metric value Infinity doesn't meet the baseline constraint requirement 2.9",
  facet: 'Sex',
  facet_value: '0',
  metric_name: 'TE',
};
const attributionEntry = {
  label: 'label0',
  metric_name: 'shap',
  constraint_check_type: 'feature_attribution_drift_check',
  description: 'Feature attribution drift 0.76 exceeds threshold 0.9',
};
const qualityEntry = {
  constraint_check_type: 'LessThanThreshold',
  metric_name: 'auc',
  description: 'Metric auc with 0.61 was LessThanThreshold 0.78',
};
const place = (day: number, schedule = 'claims-dq') =>
  `claims/${schedule}/2026/11/${String(day).padStart(2, '0')}/08/constraint_violations.json`;

describe('a file of violations', () => {
  it('gives one finding for each entry, in the dialect of its monitor, each with its own text', () => {
    const text = JSON.stringify({ version: '1.0', violations: [dataEntry, biasEntry, attributionEntry, qualityEntry] }, null, 2);
    const found = observe(fileItem('violations', text, 'v.json'));
    expect(found.map((one) => one.facts['monitorType'])).toEqual(['DataQuality', 'ModelBias', 'ModelExplainability', 'ModelQuality']);
    expect(found.map((one) => JSON.parse(one.text))).toEqual([dataEntry, biasEntry, attributionEntry, qualityEntry]);
    expect(found[1]?.text).toContain('\n      "facet": "Sex"');
    expect(found.map((one) => one.facts['numbers'])).toEqual([[0.5], ['Infinity', 2.9], [0.76, 0.9], [0.61, 0.78]]);
    expect(found.map((one) => one.title)).toEqual([
      'data_type_check violated: age',
      'bias_drift_check violated: TE Sex=0',
      'feature_attribution_drift_check violated: shap label0',
      'LessThanThreshold violated: auc',
    ]);
  });

  it('believes the schedule before the entry, and calls what nobody can tell unknown', () => {
    const own = { constraint_check_type: 'LessThanThreshold', metric_name: 'gini' };
    const typeOf = (context: JsonObject) =>
      observeOne(s3Item('violations', { violations: [own] }, 's3://b/v.json', context)).facts['monitorType'];
    expect(typeOf({ monitorType: 'DataQuality' })).toBe('DataQuality');
    expect(typeOf({})).toBe('UNKNOWN');
  });

  it('with an entry that is none is a gap for that entry alone', () => {
    expect(gapsOf(fileItem('violations', { violations: ['x', dataEntry] }, 'v.json'))).toHaveLength(1);
    expect(gapsOf(fileItem('violations', { other: 1 }, 'v.json'))).toMatchObject([{ reason: 'malformed' }]);
  });

  it('keeps an entry that does not say what was checked', () => {
    const { constraint_check_type: _check, ...entry } = dataEntry;
    const one = observeOne(fileItem('violations', { violations: [entry] }, 'v.json'));
    expect(one).toMatchObject({ kind: 'finding', title: 'unknown check violated: age', facts: { monitorType: 'DataQuality' } });
  });

  it('keeps bare words that are no JSON', () => {
    const one = observeOne(fileItem('violations', '{"violations":[{"constraint_check_type":"x_check","value":NaN}]}', 'v.json'));
    expect(one.detail).toEqual({ constraint_check_type: 'x_check', value: 'NaN' });
    expect(one.text).toBe('{"constraint_check_type":"x_check","value":NaN}');
  });
});

describe('a report without violations', () => {
  const text = '{"version": "1.0", "violations": []}';
  const uri = `s3://amzn-s3-demo-bucket/reports/${place(20)}`;
  const context = { monitorType: 'DataQuality', runTime: '2026-11-20T08:00:00.000Z', previousRun: '2026-11-19T08:00:00.000Z' };

  it('is one document that says so, and neither that there were limits nor what was monitored', () => {
    const one = observeOne(fileItem('violations', text, 'out/constraint_violations.json'));
    expect(one).toMatchObject({ kind: 'document', text, detail: { version: '1.0', violations: [] }, severity: null });
    expect(one.facts).toEqual({
      monitorType: 'UNKNOWN',
      role: 'run-violations',
      violations: 0,
      sha256: hash('sha256', text),
      reduced: false,
    });
  });

  it('is of the run and the monitor that its reader knows', () => {
    const { facts, resources, occurredAt } = observeOne(s3Item('violations', text, uri, context));
    expect(facts).toMatchObject({ monitorType: 'DataQuality', runTime: '2026-11-20T08:00:00.000Z', violations: 0 });
    expect([occurredAt, resources.map(({ type }) => type)]).toEqual([
      '2026-11-20T08:00:00.000Z',
      ['AWS::SageMaker::MonitoringSchedule', 'AWS::SageMaker::Endpoint'],
    ]);
  });

  it('has one id by API, by event and from a folder, and another in the next run', () => {
    const byApi = s3Item('violations', text, uri, context);
    const byEvent: RawItem = { ...byApi, channel: { kind: 'event', eventId: 'e-1' } };
    const ids = [byApi, byEvent, fileItem('violations', text, place(20))].map((item) => idOf(observeOne(item)));
    expect(new Set(ids).size).toBe(1);
    expect(idOf(observeOne(fileItem('violations', text, place(21))))).not.toBe(ids[0]);
  });

  it('claims context and never that monitoring works: the run is counted for that', () => {
    const { mapper } = laptopTools(noDeclarations);
    const { matches } = mapper.map(observeOne(s3Item('violations', text, uri, context)), new Set());
    expect(matches.map(({ rule, controls }) => [rule, controls])).toEqual([
      ['sagemaker-model-monitor.run-file.no-violations', [{ control: 'A.6.2.6', strength: 'context', polarity: 'context' }]],
    ]);
  });
});

describe('the id of a violation', () => {
  const text = `${JSON.stringify({ violations: [dataEntry] }, null, 2)}\n`;
  const byApi = (day: number, context: JsonObject = {}) =>
    idOf(
      observeOne(
        s3Item('violations', text, `s3://amzn-s3-demo-bucket/reports/${place(day)}`, {
          monitorType: 'DataQuality',
          runTime: `2026-11-${day}T08:00:00.000Z`,
          ...context,
        }),
      ),
    );
  const byFolder = (path: string, body = text) => idOf(observeOne(fileItem('violations', body, path)));

  it('is one by API and from a folder', () => {
    expect(byFolder(place(20))).toBe(byApi(20));
    expect(byFolder(`copied/${place(20)}`)).toBe(byApi(20));
  });

  it('is one whatever the reader knew of the run', () => {
    expect(byApi(20, { previousRun: '2026-11-19T08:00:00.000Z', scheduleArn: 'arn:x' })).toBe(byApi(20));
  });

  it('is two for equal files of two runs', () => {
    expect(byApi(21)).not.toBe(byApi(20));
    expect(byFolder(place(21))).not.toBe(byFolder(place(20)));
    expect(byFolder(place(20, 'other-dq'))).not.toBe(byFolder(place(20)));
  });

  it('is two for equal files of two runs whose place names no run, where the reader knows the runs', () => {
    const at = (runTime: string) => idOf(observeOne(s3Item('violations', text, 's3://b/out/v.json', { scheduleName: 's', runTime })));
    expect(at('2026-11-21T08:00:00.000Z')).not.toBe(at('2026-11-20T08:00:00.000Z'));
  });

  it('is two for equal entries of two files that differ elsewhere', () => {
    const other = JSON.stringify({ violations: [dataEntry, qualityEntry] });
    const [first] = observe(fileItem('violations', other, 'b/v.json'));
    expect(first === undefined ? '' : idOf(first)).not.toBe(byFolder('a/v.json'));
    expect(byFolder('b/v.json')).toBe(byFolder('a/v.json'));
  });

  it('holds no feature, group or value', () => {
    const { sourceIdentity, versionKey } = observeOne(fileItem('violations', { violations: [biasEntry] }, place(20)));
    expect(sourceIdentity).toBe('violation:claims-dq/2026/11/20/08');
    expect(versionKey).toEqual({ contentAnd: [], facts: ['sha256'] });
  });
});

describe('a violation that comes back', () => {
  const on = (day: number, previousDay: number | null, entries: readonly JsonObject[] = [dataEntry]) => {
    const time = (d: number) => new Date(Date.UTC(2026, 10, d, 8)).toISOString();
    const context = { runTime: time(day), scheduleArn: 'arn:s', ...(previousDay === null ? {} : { previousRun: time(previousDay) }) };
    return observe(s3Item('violations', { violations: [...entries] }, `s3://b/${day}/v.json`, context));
  };

  it('counts the runs in a row; a clean run between starts anew', async () => {
    const home = new MemoryHome();
    const counts: unknown[] = [];
    for (const [day, previous] of [
      [1, null],
      [2, 1],
      [3, 2],
      [5, 4],
      [6, 5],
    ] as const) {
      for (const one of on(day, previous)) counts.push((await home.facts(one))['repeatRuns']);
    }
    expect(counts).toEqual([1, 2, 3, 1, 2]);
  });

  it('counts what was violated, and of whom, apart', async () => {
    const home = new MemoryHome();
    const other = { ...biasEntry, facet_value: '1' };
    for (const one of on(1, null, [dataEntry, biasEntry])) await home.take(one);
    const counts = [];
    for (const one of on(2, 1, [dataEntry, biasEntry, other])) counts.push((await home.facts(one))['repeatRuns']);
    expect(counts).toEqual([2, 2, 1]);
  });

  it('stops counting at 90 days', async () => {
    const home = new MemoryHome();
    let last: unknown;
    for (let day = 1; day <= 200; day++)
      for (const one of on(day, day === 1 ? null : day - 1)) last = (await home.facts(one))['repeatRuns'];
    expect(last).toBe(91);
  });

  it('is one record when seen again, and another when an older run becomes known later', async () => {
    const home = new MemoryHome();
    const [second] = on(2, 1);
    const [first] = on(1, null);
    if (first === undefined || second === undefined) throw new Error('no violation');
    const alone = await home.take(second);
    expect(alone.observation.facts['repeatRuns']).toBe(1);
    expect((await home.take(second)).isKnown).toBe(true);
    await home.take(first);
    const counted = await home.take(second);
    expect(counted).toMatchObject({
      isKnown: false,
      observation: { facts: { repeatRuns: 2, repeatSince: first.facts['runTime'], revision: ['repeatRuns=2', `after=${alone.id}`] } },
    });
    expect(alone.observation.facts).not.toHaveProperty('revision');
    expect((await home.take(second)).id).toBe(counted.id);
  });
});
