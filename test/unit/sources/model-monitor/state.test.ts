// SPDX-License-Identifier: Apache-2.0
import { DescribeEndpointOutput$, DescribeMonitoringScheduleResponse$, ListMonitoringAlertsResponse$ } from '@aws-sdk/client-sagemaker';
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../../src/evidence/json.ts';
import { scopeFileSchema } from '../../../../src/evidence/scope-file.ts';
import { intervalHours } from '../../../../src/sources/model-monitor/schedule-interval.ts';
import { apiItem, gapsOf, idOf, observeOne } from '../../../support/sagemaker.ts';
import { deviationsFrom } from '../../../support/sdk-schema.ts';

const hour = 3600;
const now = Date.parse('2026-11-11T00:00:00Z') / 1000;
const state = (operation: string, body: JsonObject, context: JsonObject = {}) =>
  observeOne(apiItem('sagemaker-model-monitor', 'state', body, { operation, ...context }));

const schedule: JsonObject = {
  MonitoringScheduleArn: 'arn:aws:sagemaker:eu-west-1:111122223333:monitoring-schedule/claims-dq',
  MonitoringScheduleName: 'claims-dq',
  MonitoringScheduleStatus: 'Scheduled',
  MonitoringType: 'DataQuality',
  CreationTime: now - 400 * hour,
  LastModifiedTime: now - 10 * hour,
  MonitoringScheduleConfig: { ScheduleConfig: { ScheduleExpression: 'cron(0 * ? * * *)' }, MonitoringJobDefinitionName: 'claims-dq-def' },
  EndpointName: 'claims',
};
const lastRun = (hoursAgo: number) => ({
  LastMonitoringExecutionSummary: {
    MonitoringScheduleName: 'claims-dq',
    ScheduledTime: now - hoursAgo * hour,
    MonitoringExecutionStatus: 'Failed',
  },
});
const describeSchedule = (change: JsonObject = {}, context: JsonObject = {}) =>
  state('DescribeMonitoringSchedule', { ...schedule, ...change }, context);

describe('the planned hours between runs', () => {
  it.each([
    ['cron(0 * ? * * *)', 1],
    ['cron(0 6 ? * * *)', 24],
    ['cron(0 0/6 ? * * *)', 6],
    ['cron(0 17/12 ? * * *)', 12],
    [undefined, 24],
    ['NOW', null],
    ['cron(0 0/0 ? * * *)', null],
    ['rate(1 hour)', null],
  ])('of %s are %s', (expression, hours) => {
    expect(intervalHours(expression)).toBe(hours);
  });
});

describe('a schedule', () => {
  it('is what AWS answers', () => {
    expect(deviationsFrom(DescribeMonitoringScheduleResponse$, { ...schedule, ...lastRun(1) })).toEqual([]);
  });

  it('on time has its facts', () => {
    const one = describeSchedule(lastRun(1.5), { endpointStatus: 'InService', definition: {} });
    expect(one.facts).toEqual({
      operation: 'DescribeMonitoringSchedule',
      monitorType: 'DataQuality',
      baseline: 'ABSENT',
      targetInService: 'YES',
      runMissing: false,
      intervalHours: 1,
      hoursSinceLastRun: 1.5,
    });
    expect(one.text).toBe(JSON.stringify({ ...schedule, ...lastRun(1.5) }));
  });

  it('misses a run after more than two intervals and an hour, a failed run being no missing run', () => {
    expect(describeSchedule(lastRun(3)).facts['runMissing']).toBe(false);
    expect(describeSchedule(lastRun(3.01)).facts['runMissing']).toBe(true);
    expect(describeSchedule({}, { newestRun: '2026-11-10T23:00:00.000Z' }).facts['runMissing']).toBe(false);
  });

  it('never run counts from its creation', () => {
    expect(describeSchedule().facts).toMatchObject({ runMissing: true, hoursSinceLastRun: 400 });
  });

  it('stopped, failed or run once misses nothing', () => {
    expect(describeSchedule({ ...lastRun(99), MonitoringScheduleStatus: 'Stopped' }).facts['runMissing']).toBe(false);
    const once = { MonitoringScheduleConfig: { ScheduleConfig: { ScheduleExpression: 'NOW' } } };
    expect(describeSchedule({ ...lastRun(99), ...once }).facts).toMatchObject({ runMissing: false });
    expect(describeSchedule({ ...lastRun(99), ...once }).facts).not.toHaveProperty('intervalHours');
  });

  it.each([
    ['InService', 'YES'],
    ['RollingBack', 'YES'],
    ['Failed', 'NO'],
    ['absent', 'NO'],
    [undefined, 'UNKNOWN'],
  ])('whose endpoint is %s watches something in service: %s', (endpointStatus, expected) => {
    expect(describeSchedule({}, endpointStatus === undefined ? {} : { endpointStatus }).facts['targetInService']).toBe(expected);
  });

  it('is one record while hours pass, and a new one when it falls silent', () => {
    const onTime = (hoursAgo: number) => idOf(describeSchedule(lastRun(hoursAgo)));
    expect(onTime(2)).toBe(onTime(1));
    expect(onTime(9)).not.toBe(onTime(1));
    expect(idOf(describeSchedule({}, { endpointStatus: 'Failed' }))).not.toBe(idOf(describeSchedule({}, { endpointStatus: 'InService' })));
  });

  it('without a name is a gap', () => {
    const { MonitoringScheduleName: _name, ...unnamed } = schedule;
    const item = apiItem('sagemaker-model-monitor', 'state', unnamed, { operation: 'DescribeMonitoringSchedule' });
    expect(gapsOf(item)).toMatchObject([{ reason: 'malformed', extent: 'item' }]);
  });
});

const endpoint: JsonObject = {
  EndpointName: 'claims',
  EndpointArn: 'arn:aws:sagemaker:eu-west-1:111122223333:endpoint/claims',
  EndpointStatus: 'InService',
  CreationTime: now - 90 * hour,
  LastModifiedTime: now - 50 * hour,
};

describe('an endpoint', () => {
  const described = (context: JsonObject, change: JsonObject = {}) => state('DescribeEndpoint', { ...endpoint, ...change }, context);

  it('is what AWS answers', () => {
    expect(deviationsFrom(DescribeEndpointOutput$, endpoint)).toEqual([]);
  });

  it('has a schedule, has none, or nobody could tell', () => {
    expect(described({ hasSchedule: true }).facts['hasSchedule']).toBe(true);
    expect(described({ hasSchedule: false }).facts['hasSchedule']).toBe(false);
    expect(described({}).facts).not.toHaveProperty('hasSchedule');
    expect(idOf(described({ hasSchedule: true }))).not.toBe(idOf(described({ hasSchedule: false })));
  });

  it('has a replacement where the scope file names one for its AI system', () => {
    const scope = scopeFileSchema.parse({
      schema: 'aims-evidence/scope/1',
      aiSystems: [{ name: 'claims', owner: 'ops', tags: ['claims'] }],
      replacementMonitors: [{ aiSystem: 'claims', kind: 'report-prefix', at: 's3://amzn-s3-demo-bucket/reports' }],
    });
    const item = (tag: string) =>
      apiItem('sagemaker-model-monitor', 'state', endpoint, {
        operation: 'DescribeEndpoint',
        hasSchedule: false,
        endpointTags: { 'ai-system': tag },
      });
    expect(observeOne(item('claims'), { scope }).facts['replacementMonitor']).toBe(true);
    expect(observeOne(item('other'), { scope }).facts['replacementMonitor']).toBe(false);
    expect(described({}).facts['replacementMonitor']).toBe(false);
  });

  it('keeps its capture settings as they came, and loses the rows of an online explainer', () => {
    const shap = (rows: JsonObject) => ({ ExplainerConfig: { ClarifyExplainerConfig: { ShapConfig: { ShapBaselineConfig: rows } } } });
    const plain = described({}, { DataCaptureConfig: { EnableCapture: true } });
    expect(plain.text).toContain('"EnableCapture":true');
    const explained = described({}, shap({ MimeType: 'text/csv', ShapBaseline: '38,52000,divorced' }));
    expect(explained.text).not.toContain('divorced');
    expect(explained.detail).toMatchObject(shap({ MimeType: 'text/csv', ShapBaseline: '[rows left out]' }));
  });
});

describe('a job definition', () => {
  it.each(['DataQuality', 'ModelQuality', 'ModelBias', 'ModelExplainability'])(
    'of %s says its type, its baseline and its endpoint',
    (type) => {
      const body = {
        JobDefinitionName: 'd',
        JobDefinitionArn: `arn:aws:sagemaker:eu-west-1:111122223333:definition/${type}`,
        CreationTime: now,
        [`${type}BaselineConfig`]: { BaseliningJobName: 'base' },
        [`${type}JobInput`]: { EndpointInput: { EndpointName: 'claims' } },
      };
      const one = state(`Describe${type}JobDefinition`, body);
      expect(one.facts).toEqual({ operation: `Describe${type}JobDefinition`, monitorType: type, baseline: 'PRESENT' });
      expect(one.resources.map((resource) => resource.type)).toEqual([`AWS::SageMaker::${type}JobDefinition`, 'AWS::SageMaker::Endpoint']);
    },
  );
});

describe('an alert', () => {
  const alert = {
    MonitoringAlertName: 'dq-alert',
    CreationTime: now - 900 * hour,
    LastModifiedTime: now - 5 * hour,
    AlertStatus: 'InAlert',
    DatapointsToAlert: 1,
    EvaluationPeriod: 1,
    Actions: {},
  };
  const schedules = { scheduleName: 'claims-dq', scheduleArn: 'arn:aws:sagemaker:eu-west-1:111122223333:monitoring-schedule/claims-dq' };
  const listed = (raisedHoursAgo: number, change: JsonObject = {}) =>
    state(
      'ListMonitoringAlerts',
      { ...alert, ...change },
      { ...schedules, raisedAt: new Date((now - raisedHoursAgo * hour) * 1000).toISOString() },
    );

  it('is what AWS answers', () => {
    expect(deviationsFrom(ListMonitoringAlertsResponse$, { MonitoringAlertSummaries: [alert] })).toEqual([]);
  });

  it('is overdue after more than seven days, and never when at rest', () => {
    expect(listed(168).facts).toMatchObject({ alertOpenHours: 168, alertOverdue: false });
    expect(listed(169).facts).toMatchObject({ alertOpenHours: 169, alertOverdue: true });
    expect(listed(169, { AlertStatus: 'OK' }).facts).toEqual({ operation: 'ListMonitoringAlerts', alertOverdue: false });
  });

  it('counts from its last change where its history was not readable', () => {
    expect(state('ListMonitoringAlerts', alert, schedules).facts).toMatchObject({ alertOpenHours: 5, alertOverdue: false });
  });

  it('is one record while it stays open, and a new one when it is overdue', () => {
    expect(idOf(listed(20))).toBe(idOf(listed(5)));
    expect(idOf(listed(200))).not.toBe(idOf(listed(5)));
  });

  it('of equal name on another schedule is another alert', () => {
    const other = { ...schedules, scheduleArn: `${schedules.scheduleArn}-2` };
    expect(idOf(state('ListMonitoringAlerts', alert, other))).not.toBe(idOf(state('ListMonitoringAlerts', alert, schedules)));
  });

  it('has lines of history that never change', () => {
    const line = {
      MonitoringScheduleName: 'claims-dq',
      MonitoringAlertName: 'dq-alert',
      CreationTime: now - 5 * hour,
      AlertStatus: 'InAlert',
    };
    const one = state('ListMonitoringAlertHistory', line, schedules);
    expect(one).toMatchObject({
      findingKey: null,
      occurredAt: '2026-11-10T19:00:00.000Z',
      facts: { operation: 'ListMonitoringAlertHistory' },
    });
    expect(idOf(state('ListMonitoringAlertHistory', { ...line, CreationTime: now }, schedules))).not.toBe(idOf(one));
  });
});
