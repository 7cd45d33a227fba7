// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { loadPack } from '../../../src/catalog/pack-file.ts';
import type { JsonObject } from '../../../src/evidence/json.ts';
import type { Observation } from '../../../src/evidence/observation.ts';
import { noDeclarations } from '../../../src/evidence/scope-file.ts';
import { createMapper } from '../../../src/mapping/mapper.ts';
import { parseLenientJson } from '../../../src/sources/report/lenient-json.ts';
import { apiItem, idOf, observe, observeOne, s3Item } from '../../support/sagemaker.ts';

const mapper = createMapper(loadPack(), noDeclarations);
const mapped = (observation: Observation) => mapper.map(observation, new Set());
const counted = ({ claims }: ReturnType<typeof mapped>) => claims.filter((claim) => claim.strength !== 'context');

const type = fc.constantFrom('DataQuality', 'ModelQuality', 'ModelBias', 'ModelExplainability');
const answer = fc.record({
  status: fc.constantFrom('Pending', 'InProgress', 'Stopping', 'Completed', 'CompletedWithViolations', 'Failed', 'Stopped'),
  type: fc.option(fc.oneof(type, fc.constant('SomethingNew'))),
  scheduleType: fc.option(type),
  reason: fc.option(fc.constantFrom('Job inputs had no data', 'No S3 objects found under S3 URL "s3://b/c"', 'Algorithm Error')),
  definition: fc.option(fc.constantFrom<JsonObject>({}, { DataQualityBaselineConfig: { BaseliningJobName: 'b' } })),
  isRead: fc.boolean(),
  violations: fc.nat(70),
});
type Answer = typeof answer extends fc.Arbitrary<infer Value> ? Value : never;

function runOf(one: Answer): Observation {
  const body = {
    MonitoringScheduleName: 's',
    ScheduledTime: 1763625600,
    LastModifiedTime: 1763626860,
    MonitoringExecutionStatus: one.status,
    MonitoringJobDefinitionName: 'd',
    ...(one.type === null ? {} : { MonitoringType: one.type }),
    ...(one.reason !== null && one.status === 'Failed' ? { FailureReason: one.reason } : {}),
  };
  const report = one.isRead ? { read: true, violations: one.violations } : { read: false };
  const schedule = one.scheduleType === null ? {} : { schedule: { MonitoringType: one.scheduleType } };
  const definition = one.definition === null ? {} : { definition: one.definition, definitionOperation: 'DescribeDataQualityJobDefinition' };
  return observeOne(apiItem('sagemaker-model-monitor', 'execution', body, { report, ...schedule, ...definition }));
}

describe('a monitoring run, from AWS’s answer to its claims', () => {
  it('matches exactly one rule for how it ended, and a second one only where its violations are not known', () => {
    void fc.assert(
      fc.property(answer, (one) => {
        const run = runOf(one);
        const rules = mapped(run).matches.map(({ rule }) => rule);
        const unread = rules.filter((rule) => rule.endsWith('-report-not-read'));
        expect(rules.length - unread.length).toBe(1);
        const isUnknown =
          one.status === 'CompletedWithViolations' &&
          !one.isRead &&
          !['UNKNOWN', 'ModelExplainability'].includes(String(run.facts['monitorType']));
        expect(unread).toHaveLength(isUnknown ? 1 : 0);
      }),
      { numRuns: 500 },
    );
  });

  it('counts no control twice in one direction, and supports nothing without a result', () => {
    void fc.assert(
      fc.property(answer, (one) => {
        const claims = counted(mapped(runOf(one)));
        const keys = claims.map(({ control, polarity }) => `${control} ${polarity}`);
        expect(new Set(keys).size).toBe(keys.length);
        if (!one.status.startsWith('Completed')) expect(claims.filter(({ polarity }) => polarity === 'supports')).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('and its violations never count one exception twice', () => {
    const check = fc.constantFrom(
      'data_type_check',
      'baseline_drift_check',
      'bias_drift_check',
      'feature_attribution_drift_check',
      'LessThanThreshold',
      'new_check',
    );
    void fc.assert(
      fc.property(answer, fc.array(check, { minLength: 1, maxLength: 5 }), (one, checks) => {
        const run = mapped(runOf({ ...one, status: 'CompletedWithViolations', isRead: true, violations: checks.length }));
        const body = { violations: checks.map((constraint_check_type, i) => ({ constraint_check_type, feature_name: `f${i}` })) };
        const found = observe(s3Item('violations', body, 's3://b/v.json')).map(mapped);
        expect(counted(run).filter(({ polarity }) => polarity === 'exception')).toEqual([]);
        for (const violation of found) expect(violation.matches.length).toBeGreaterThan(0);
        expect(found.flatMap(counted).filter(({ control }) => control === 'A.6.2.6')).toEqual([]);
      }),
    );
  });

  it('has one id for one state of things', () => {
    void fc.assert(fc.property(answer, (one) => expect(idOf(runOf(one))).toBe(idOf(runOf(structuredClone(one))))));
  });
});

describe('lenient JSON', () => {
  it('reads all JSON as a strict parser does', () => {
    void fc.assert(
      fc.property(fc.jsonValue(), (value) => expect(parseLenientJson(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(value)))),
    );
  });

  it('never changes a string, whatever bare words stand around it', () => {
    void fc.assert(
      fc.property(fc.string(), fc.constantFrom('NaN', 'Infinity', '-Infinity'), (text, word) => {
        expect(parseLenientJson(`{"a":${word},"s":${JSON.stringify(text)},"b":[${word}]}`)).toEqual({ a: word, s: text, b: [word] });
      }),
    );
  });
});
