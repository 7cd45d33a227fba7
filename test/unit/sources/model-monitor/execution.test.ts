// SPDX-License-Identifier: Apache-2.0
import { ListMonitoringExecutionsResponse$ } from '@aws-sdk/client-sagemaker';
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../../src/evidence/json.ts';
import { apiItem, gapsOf, idOf, MemoryHome, observeOne } from '../../../support/sagemaker.ts';
import { deviationsFrom } from '../../../support/sdk-schema.ts';

const run: JsonObject = {
  MonitoringScheduleName: 'Claims-DQ',
  ScheduledTime: 1763625600,
  CreationTime: 1763626320.5,
  LastModifiedTime: 1763626860.25,
  MonitoringExecutionStatus: 'Completed',
  ProcessingJobArn: 'arn:aws:sagemaker:eu-west-1:111122223333:processing-job/model-monitoring-202511200800-1a2b',
  EndpointName: 'claims',
  MonitoringJobDefinitionName: 'claims-dq-def',
};
const withBaseline = { JobDefinitionName: 'claims-dq-def', DataQualityBaselineConfig: { ConstraintsResource: { S3Uri: 's3://b/c.json' } } };
const joined = { definition: withBaseline, definitionOperation: 'DescribeDataQualityJobDefinition', report: { read: true, violations: 0 } };
const execution = (change: JsonObject = {}, context: JsonObject = joined) =>
  observeOne(apiItem('sagemaker-model-monitor', 'execution', { ...run, ...change }, context));

describe('a monitoring run', () => {
  it('is what AWS answers', () => {
    expect(deviationsFrom(ListMonitoringExecutionsResponse$, { MonitoringExecutionSummaries: [run] })).toEqual([]);
  });

  it('is the schedule at its scheduled time; status and last change tell its versions apart', () => {
    const one = execution();
    expect(one).toMatchObject({
      kind: 'execution',
      sourceIdentity: 'execution:arn:aws:sagemaker:eu-west-1:111122223333:monitoring-schedule/claims-dq:2025-11-20T08:00:00.000Z',
      occurredAt: '2025-11-20T08:00:00.000Z',
      observedAt: '2025-11-20T08:21:00.250Z',
    });
    const running = execution({ MonitoringExecutionStatus: 'InProgress', LastModifiedTime: 1763626400 });
    expect(running.findingKey).toBe(one.findingKey);
    expect(idOf(running)).not.toBe(idOf(one));
    expect(idOf(execution())).toBe(idOf(one));
    expect(execution({ ScheduledTime: 1763629200 }).findingKey).not.toBe(one.findingKey);
  });

  it('has one id whether its times are epoch seconds or the dates that the CLI prints', () => {
    const printed = { ScheduledTime: '2025-11-20T08:00:00+00:00', LastModifiedTime: '2025-11-20T09:21:00.250000+01:00' };
    expect(idOf(execution(printed))).toBe(idOf(execution()));
  });

  it('without a name or a time is a malformed gap, with the hash of what came', () => {
    const [gap] = gapsOf(apiItem('sagemaker-model-monitor', 'execution', { MonitoringScheduleName: 'x' }));
    expect(gap).toMatchObject({ reason: 'malformed', extent: 'item', code: 'REPORT_MALFORMED' });
    expect(gap?.detail['sha256']).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('what a run monitors', () => {
  const typeOf = (change: JsonObject, context: JsonObject) => execution(change, context).facts['monitorType'];

  it('is its own word first, then its schedule’s, then the call that knows its definition', () => {
    const schedule = { MonitoringType: 'ModelBias' };
    const definitionOperation = 'DescribeModelExplainabilityJobDefinition';
    expect(typeOf({ MonitoringType: 'ModelQuality' }, { schedule, definitionOperation })).toBe('ModelQuality');
    expect(typeOf({}, { schedule, definitionOperation })).toBe('ModelBias');
    expect(typeOf({}, { schedule: { MonitoringScheduleConfig: { MonitoringType: 'ModelBias' } }, definitionOperation })).toBe('ModelBias');
    expect(typeOf({}, { definitionOperation })).toBe('ModelExplainability');
    expect(typeOf({}, {})).toBe('UNKNOWN');
  });

  it('is unknown where AWS names a type that nobody knows', () => {
    expect(typeOf({ MonitoringType: 'ModelMood' }, {})).toBe('UNKNOWN');
  });
});

describe('the baseline of a run', () => {
  const baselineOf = (change: JsonObject, context: JsonObject) => execution(change, context).facts['baseline'];

  it('is that of the definition it names', () => {
    expect(baselineOf({}, { definition: withBaseline })).toBe('PRESENT');
    expect(baselineOf({}, { definition: { ModelBiasBaselineConfig: { BaseliningJobName: 'base' } } })).toBe('PRESENT');
    expect(baselineOf({}, { definition: { DataQualityBaselineConfig: { StatisticsResource: { S3Uri: 's3://b/s.json' } } } })).toBe(
      'ABSENT',
    );
    expect(baselineOf({}, { definition: { JobDefinitionName: 'claims-dq-def' } })).toBe('ABSENT');
  });

  it('is unknown where that definition could not be read', () => {
    expect(baselineOf({}, { schedule: { MonitoringScheduleConfig: { MonitoringJobDefinition: { BaselineConfig: {} } } } })).toBe('UNKNOWN');
  });

  it('is the one written into the schedule where it names none', () => {
    const inline = (BaselineConfig: JsonObject) => ({
      schedule: { MonitoringScheduleConfig: { MonitoringJobDefinition: { BaselineConfig } } },
    });
    const { MonitoringJobDefinitionName: _name, ...unnamed } = run;
    const item = (config: JsonObject) => observeOne(apiItem('sagemaker-model-monitor', 'execution', unnamed, inline(config)));
    expect(item({ ConstraintsResource: { S3Uri: 's3://b/c' } }).facts['baseline']).toBe('PRESENT');
    expect(item({}).facts['baseline']).toBe('ABSENT');
  });
});

describe('the report of a run', () => {
  it('is said to be read or not on every run that ended with a result, and on no other', () => {
    expect(execution().facts).toMatchObject({ reportRead: true, violations: 0 });
    expect(execution({ MonitoringExecutionStatus: 'CompletedWithViolations' }, {}).facts['reportRead']).toBe(false);
    for (const MonitoringExecutionStatus of ['Failed', 'Stopped', 'InProgress', 'Pending', 'Stopping']) {
      expect(execution({ MonitoringExecutionStatus }, {}).facts).not.toHaveProperty('reportRead');
    }
  });

  it('not read, still counts what the exit message says', () => {
    const exitMessage = 'CompletedWithViolations: Job completed successfully with 60 violations.';
    const facts = execution(
      { MonitoringExecutionStatus: 'CompletedWithViolations' },
      { ...joined, report: { read: false }, exitMessage },
    ).facts;
    expect(facts).toMatchObject({ reportRead: false, violations: 60 });
    expect(execution({}, { report: { read: false }, exitMessage: 'Completed: Job completed.' }).facts).not.toHaveProperty('violations');
  });

  it('once read stays read when S3 has deleted it since: the second look is the first record', async () => {
    const home = new MemoryHome();
    const status = { MonitoringExecutionStatus: 'CompletedWithViolations' };
    const read = await home.take(execution(status, { ...joined, report: { read: true, violations: 7 } }));
    const later = await home.take(execution(status, { ...joined, report: { read: false } }));
    expect(later).toMatchObject({ id: read.id, isKnown: true, observation: { facts: { reportRead: true, violations: 7 } } });
  });

  it('read at last is a version of its own', async () => {
    const home = new MemoryHome();
    const status = { MonitoringExecutionStatus: 'CompletedWithViolations' };
    const denied = await home.take(execution(status, { ...joined, report: { read: false } }));
    const read = await home.take(execution(status, { ...joined, report: { read: true, violations: 7 } }));
    expect(denied.observation.facts['reportRead']).toBe(false);
    expect(read).toMatchObject({ isKnown: false, observation: { facts: { reportRead: true } } });
  });
});
