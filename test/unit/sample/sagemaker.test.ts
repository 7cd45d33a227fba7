// SPDX-License-Identifier: Apache-2.0
import * as sdk from '@aws-sdk/client-sagemaker';
import { describe, expect, it } from '@jest/globals';
import { arrayAt, isJsonObject, type Json, type JsonObject, stringAt } from '../../../src/evidence/json.ts';
import { s3Service } from '../../../src/sample/s3.ts';
import { sageMakerService } from '../../../src/sample/sagemaker.ts';
import type { SampleAnswer } from '../../../src/sample/sample-service.ts';
import { sampleWorld } from '../../../src/sample/world.ts';
import { deviationsFrom } from '../../support/sdk-schema.ts';

const world = sampleWorld();
const credit = { account: '111122223333', region: 'eu-west-1' };

function call(
  operation: string,
  body: JsonObject = {},
  { scale = 1, ...place }: { scale?: number; account?: string; region?: string } = {},
): SampleAnswer {
  const request = { service: 'sagemaker', operation, method: 'POST', path: '/', query: new URLSearchParams(), ...credit, ...place, body };
  return sageMakerService(request, scale === 1 ? world : sampleWorld(scale));
}

function answer(operation: string, body: JsonObject = {}, more: { scale?: number; account?: string; region?: string } = {}): Json {
  const { status, body: value } = call(operation, body, more);
  if (status !== 200 || typeof value !== 'object' || value instanceof Uint8Array)
    throw new Error(`${operation}: ${status} ${JSON.stringify(value)}`);
  return value;
}

function s3(path: string, query: Record<string, string> = {}, account = credit.account): SampleAnswer {
  return s3Service(
    {
      service: 's3',
      operation: '',
      method: 'GET',
      path,
      query: new URLSearchParams(query),
      account,
      region: credit.region,
      body: undefined,
    },
    world,
  );
}

const bodyText = ({ body }: SampleAnswer) => (body instanceof Uint8Array ? new TextDecoder().decode(body) : String(body));
const schedule = 'credit-scoring-data-quality';
const aJob = () =>
  stringAt(arrayAt(answer('ListProcessingJobs', { MaxResults: 100 }), 'ProcessingJobSummaries')[0], 'ProcessingJobName') ?? '';

describe('the sample’s SageMaker', () => {
  const calls: readonly [string, () => JsonObject, unknown][] = [
    ['ListMonitoringSchedules', () => ({}), sdk.ListMonitoringSchedulesResponse$],
    ['DescribeMonitoringSchedule', () => ({ MonitoringScheduleName: schedule }), sdk.DescribeMonitoringScheduleResponse$],
    ['ListMonitoringExecutions', () => ({ MonitoringScheduleName: schedule }), sdk.ListMonitoringExecutionsResponse$],
    ['DescribeDataQualityJobDefinition', () => ({ JobDefinitionName: `${schedule}-def-1` }), sdk.DescribeDataQualityJobDefinitionResponse$],
    [
      'DescribeModelQualityJobDefinition',
      () => ({ JobDefinitionName: 'credit-scoring-model-quality-def-1' }),
      sdk.DescribeModelQualityJobDefinitionResponse$,
    ],
    [
      'DescribeModelBiasJobDefinition',
      () => ({ JobDefinitionName: 'credit-scoring-bias-def-1' }),
      sdk.DescribeModelBiasJobDefinitionResponse$,
    ],
    [
      'DescribeModelExplainabilityJobDefinition',
      () => ({ JobDefinitionName: 'credit-scoring-explainability-def-1' }),
      sdk.DescribeModelExplainabilityJobDefinitionResponse$,
    ],
    ['ListMonitoringAlerts', () => ({ MonitoringScheduleName: schedule }), sdk.ListMonitoringAlertsResponse$],
    ['ListMonitoringAlertHistory', () => ({ MonitoringScheduleName: schedule }), sdk.ListMonitoringAlertHistoryResponse$],
    ['ListProcessingJobs', () => ({}), sdk.ListProcessingJobsResponse$],
    ['DescribeProcessingJob', () => ({ ProcessingJobName: aJob() }), sdk.DescribeProcessingJobResponse$],
    ['ListEndpoints', () => ({}), sdk.ListEndpointsOutput$],
    ['DescribeEndpoint', () => ({ EndpointName: 'credit-scoring-prod' }), sdk.DescribeEndpointOutput$],
    ['DescribeEndpointConfig', () => ({ EndpointConfigName: 'credit-scoring-prod-7' }), sdk.DescribeEndpointConfigOutput$],
    ['DescribeModel', () => ({ ModelName: 'credit-scoring-2026-10' }), sdk.DescribeModelOutput$],
    [
      'DescribeModelPackage',
      () => ({ ModelPackageName: 'arn:aws:sagemaker:eu-west-1:111122223333:model-package/credit-scoring/12' }),
      sdk.DescribeModelPackageOutput$,
    ],
    ['ListTags', () => ({ ResourceArn: 'arn:aws:sagemaker:eu-west-1:111122223333:endpoint/credit-scoring-prod' }), sdk.ListTagsOutput$],
  ];

  it.each(calls)('answers %s as AWS’s model says', (operation, body, schema) => {
    const value = answer(operation, body());
    expect(isJsonObject(value) ? Object.keys(value).length : 0).toBeGreaterThan(0);
    expect(deviationsFrom(schema, value)).toEqual([]);
  });

  it('gives the same on every run', () => {
    for (const [operation, body] of calls) expect(answer(operation, body())).toEqual(answer(operation, body()));
    expect(
      sageMakerService(
        {
          service: 'sagemaker',
          operation: 'ListProcessingJobs',
          method: 'POST',
          path: '/',
          query: new URLSearchParams(),
          ...credit,
          body: {},
        },
        sampleWorld(),
      ),
    ).toEqual(call('ListProcessingJobs'));
  });

  it('pages by ten unless asked, to the end and without a repeat', () => {
    const names: string[] = [];
    let token: string | undefined;
    do {
      const page = answer('ListProcessingJobs', token === undefined ? {} : { NextToken: token });
      const found = arrayAt(page, 'ProcessingJobSummaries').map((job) => stringAt(job, 'ProcessingJobName') ?? '');
      expect(found.length).toBeLessThanOrEqual(10);
      names.push(...found);
      token = stringAt(page, 'NextToken');
    } while (token !== undefined);
    expect(names.length).toBe(120);
    expect(new Set(names).size).toBe(120);
    expect(call('ListProcessingJobs', { MaxResults: 101 })).toMatchObject({ status: 400, body: { __type: 'ValidationException' } });
  });

  it('lists runs by time in the order asked for', () => {
    const day = Date.parse('2026-10-20T00:00:00Z') / 1000;
    const within = {
      MonitoringScheduleName: schedule,
      ScheduledTimeAfter: day,
      ScheduledTimeBefore: day + 3 * 86_400,
      SortBy: 'ScheduledTime',
    };
    const times = (SortOrder: string) =>
      arrayAt(answer('ListMonitoringExecutions', { ...within, SortOrder }), 'MonitoringExecutionSummaries').map((run) =>
        isJsonObject(run) ? run['ScheduledTime'] : 0,
      );
    expect(times('Ascending')).toHaveLength(3);
    expect(times('Descending')).toEqual(times('Ascending').toReversed());
  });

  it('grows with its scale', () => {
    expect(arrayAt(answer('ListMonitoringSchedules', { MaxResults: 100 }, { scale: 3 }), 'MonitoringScheduleSummaries')).toHaveLength(12);
    expect(arrayAt(answer('ListEndpoints', {}, { scale: 3 }), 'Endpoints')).toHaveLength(3);
  });

  it('knows nothing of monitors in the claims account, and refuses what it has not', () => {
    const claims = { account: '444455556666', region: 'eu-west-1' };
    expect(arrayAt(answer('ListMonitoringSchedules', {}, claims), 'MonitoringScheduleSummaries')).toEqual([]);
    expect(arrayAt(answer('ListEndpoints', {}, claims), 'Endpoints')).toHaveLength(1);
    expect(call('DescribeEndpoint', { EndpointName: 'x' })).toMatchObject({ status: 400, body: { __type: 'ValidationException' } });
    expect(call('DescribeMonitoringSchedule', { MonitoringScheduleName: 'x' })).toMatchObject({ body: { __type: 'ResourceNotFound' } });
    expect(call('DeleteEndpoint')).toMatchObject({ body: { __type: 'UnknownOperationException' } });
  });
});

describe('the sample’s S3', () => {
  it('lists below a prefix, page by page', () => {
    const first = bodyText(s3('/acme-credit-monitoring/', { 'list-type': '2', prefix: 'baselines/', 'max-keys': '3' }));
    expect(first.match(/<Key>baselines\//g)).toHaveLength(3);
    const token = /<NextContinuationToken>([^<]+)/.exec(first)?.[1] ?? '';
    const second = bodyText(s3('/acme-credit-monitoring', { 'list-type': '2', prefix: 'baselines/', 'continuation-token': token }));
    expect(second).toContain('<IsTruncated>false</IsTruncated>');
    expect(second.match(/<Key>/g)).toHaveLength(4);
  });

  it('gives an object, as it lies there, and its size in a list', () => {
    const report = s3('/acme-credit-monitoring/clarify/credit-scoring-bias-2026-10-13/analysis.json');
    expect(report.status).toBe(200);
    expect(bodyText(report)).toMatch(/"value": Infinity\b/);
    const listed = bodyText(s3('/acme-credit-monitoring', { 'list-type': '2', prefix: 'clarify/credit-scoring-bias-2026-10-13/analysis' }));
    expect(listed).toContain(`<Size>${report.body instanceof Uint8Array ? report.body.byteLength : 0}</Size>`);
  });

  it.each([
    ['/acme-credit-monitoring/none.json', credit.account, 404, 'NoSuchKey'],
    ['/no-such-bucket/none.json', credit.account, 404, 'NoSuchBucket'],
    ['/acme-credit-monitoring/none.json', '444455556666', 403, 'AccessDenied'],
  ])('refuses %s to %s with %i', (path, account, status, code) => {
    const refused = s3(path, {}, account);
    expect(refused.status).toBe(status);
    expect(bodyText(refused)).toContain(`<Code>${code}</Code>`);
  });

  it('is never written to', () => {
    const request = {
      service: 's3',
      operation: '',
      method: 'PUT',
      path: '/acme-credit-monitoring/x',
      query: new URLSearchParams(),
      ...credit,
      body: undefined,
    };
    expect(s3Service(request, world).status).toBe(405);
  });
});
