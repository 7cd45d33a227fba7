// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Gap } from '../../src/evidence/gap.ts';
import { isJsonObject, stringAt } from '../../src/evidence/json.ts';
import type { Observation, RawItem } from '../../src/evidence/observation.ts';
import { s3Service } from '../../src/sample/s3.ts';
import { reportBuckets } from '../../src/sample/sagemaker/report-objects.ts';
import { sageMakerService } from '../../src/sample/sagemaker.ts';
import { awsError, type SampleRequest, type SampleService } from '../../src/sample/sample-service.ts';
import { startSampleServer } from '../../src/sample/server.ts';
import { sampleWorld } from '../../src/sample/world.ts';
import { account, fileItem, idOf, observe, region, sources } from '../support/sagemaker.ts';

const world = sampleWorld();
const denied: SampleService = () => ({
  status: 403,
  body: '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>',
});

interface Reading {
  readonly items: readonly RawItem[];
  readonly gaps: readonly Gap[];
  readonly observations: readonly Observation[];
  readonly asked: readonly SampleRequest[];
}

interface Asking {
  readonly source?: 'sagemaker-model-monitor' | 'sagemaker-clarify';
  /** Answers in the place of the sample; null lets it answer. */
  readonly instead?: (request: SampleRequest) => ReturnType<SampleService> | null;
  readonly since?: string;
  readonly until?: string;
  readonly place?: { readonly account: string; readonly region: string };
  readonly reportLocations?: readonly string[];
}

/** Reads the sample over a real socket with the real SDK. */
async function read({ source = 'sagemaker-model-monitor', instead, place = { account, region }, ...more }: Asking = {}): Promise<Reading> {
  const asked: SampleRequest[] = [];
  const watched =
    (service: SampleService): SampleService =>
    (request, of) => {
      asked.push(request);
      return instead?.(request) ?? service(request, of);
    };
  const server = await startSampleServer(world, { s3: watched(s3Service), sagemaker: watched(sageMakerService) }, { throttleOneIn: 0 });
  const clientConfig = {
    region: place.region,
    endpoint: server.endpoint,
    credentials: server.credentials(place.account),
    forcePathStyle: true,
  };
  const window = { since: more.since ?? world.since, until: more.until ?? world.until };
  const scope = { partition: 'aws', ...place, window, sweptAt: world.until, reportLocations: more.reportLocations ?? [] };
  const items: RawItem[] = [];
  const gaps: Gap[] = [];
  try {
    for await (const reading of sources()[source].read({ region: place.region, clientConfig, channel: 'sample' }, scope)) {
      if ('gap' in reading) gaps.push(reading.gap);
      else if ('item' in reading) items.push(reading.item);
    }
  } finally {
    await server.close();
  }
  return { items, gaps, observations: items.flatMap((item) => observe(item)), asked };
}

const ofKind = ({ observations }: Reading, kind: string) => observations.filter((one) => one.kind === kind);
const oneDay = { since: '2026-10-30T00:00:00Z', until: '2026-10-31T00:00:00Z' };
const isViolations = ({ service, path }: SampleRequest) => service === 's3' && path.endsWith('constraint_violations.json');

describe('Model Monitor over the wire', () => {
  it('reads every run with its reports, each schedule, baseline and alert, and nothing is missing', async () => {
    const reading = await read();
    expect(reading.gaps).toEqual([]);
    const statuses = Object.groupBy(ofKind(reading, 'execution'), ({ detail }) => String(detail['MonitoringExecutionStatus']));
    expect(Object.fromEntries(Object.entries(statuses).map(([status, runs]) => [status, runs?.length]))).toEqual({
      Completed: 76,
      CompletedWithViolations: 36,
      Failed: 1,
      InProgress: 1,
      Stopped: 1,
    });
    expect(ofKind(reading, 'execution').filter(({ facts }) => facts['reportRead'] === false)).toEqual([]);
    expect(ofKind(reading, 'finding').length).toBe(121);
    const states = ofKind(reading, 'state');
    expect(states.filter(({ facts }) => facts['runMissing'] === true).map(({ detail }) => detail['MonitoringScheduleName'])).toEqual([
      'credit-scoring-model-quality',
    ]);
    expect(states.filter(({ facts }) => facts['alertOverdue'] === true)).toHaveLength(1);
    expect(states.filter(({ facts }) => facts['operation'] === 'DescribeEndpoint').map(({ facts }) => facts['hasSchedule'])).toEqual([
      true,
    ]);
  });

  it('keeps answers as they came: times as they were written, and members that the SDK does not know', async () => {
    const instead = (request: SampleRequest) => {
      if (request.operation !== 'DescribeMonitoringSchedule') return null;
      const { body, status } = sageMakerService(request, world);
      return {
        status,
        body: {
          ...(typeof body === 'object' && !(body instanceof Uint8Array) && isJsonObject(body) ? body : {}),
          NewerThanTheSdk: { a: 1 },
        },
      };
    };
    const { items } = await read({ ...oneDay, instead });
    const described = items.filter(({ context }) => context['operation'] === 'DescribeMonitoringSchedule');
    expect(described).toHaveLength(4);
    for (const { text } of described) {
      expect(text).toContain('"NewerThanTheSdk":{"a":1}');
      expect(text).toMatch(/"CreationTime":\d{10}[,}]/);
    }
  });

  it('says which run came before the first of a window, so that repeats are counted over its edge', async () => {
    const { items } = await read(oneDay);
    const violations = items.filter(
      ({ shape, context }) => shape === 'violations' && stringAt(context, 'scheduleName') === 'credit-scoring-data-quality',
    );
    expect(violations.map(({ context }) => [context['runTime'], context['previousRun']])).toEqual([
      ['2026-10-30T06:00:00.000Z', '2026-10-29T06:00:00.000Z'],
    ]);
  });

  it('takes runs whose violations are denied for not read, and tells of it once for each schedule', async () => {
    const reading = await read({ instead: (request) => (isViolations(request) ? denied(request, world) : null) });
    expect(ofKind(reading, 'finding')).toEqual([]);
    const ended = ofKind(reading, 'execution').filter(({ facts }) => facts['reportRead'] !== undefined);
    expect(ended.length).toBe(112);
    expect(ended.filter(({ facts }) => facts['reportRead'] === true)).toEqual([]);
    expect(reading.gaps.map(({ reason, what, extent }) => [reason, what, extent])).toEqual(
      Array(4).fill(['denied', 's3:GetObject', 'scope']),
    );
    expect(reading.gaps.reduce((sum, { detail }) => sum + Number(detail['times']), 0)).toBe(112);
    // The run's own words still count them.
    const bias = ended.filter(({ detail }) => detail['MonitoringScheduleName'] === 'credit-scoring-bias');
    expect(bias.some(({ facts }) => Number(facts['violations']) > 0)).toBe(true);
  });

  it('reads the other spelling of the violations file', async () => {
    const plain = await read(oneDay);
    const instead = (request: SampleRequest) => {
      if (isViolations(request)) return s3Service({ ...request, path: '/acme-credit-monitoring/none' }, world);
      const path = request.path.replace('constraints_violations.json', 'constraint_violations.json');
      return path === request.path ? null : s3Service({ ...request, path }, world);
    };
    const renamed = await read({ ...oneDay, instead });
    expect(ofKind(plain, 'finding').length).toBeGreaterThan(0);
    expect(ofKind(renamed, 'finding').map(idOf)).toEqual(ofKind(plain, 'finding').map(idOf));
  });

  it('makes a broken report a gap with its hash and reads on', async () => {
    const body = '{"violations":[';
    const reading = await read({
      ...oneDay,
      instead: (request) => (isViolations(request) ? { status: 200, body: new TextEncoder().encode(body) } : null),
    });
    expect(reading.gaps.length).toBeGreaterThan(0);
    expect(reading.gaps[0]).toMatchObject({ reason: 'malformed', extent: 'item', detail: { sha256: hash('sha256', body) } });
    expect(ofKind(reading, 'metric').length).toBeGreaterThan(0);
  });

  it('does not say that an endpoint has no monitor where schedules could not be listed', async () => {
    const instead = (request: SampleRequest) =>
      request.operation === 'ListMonitoringSchedules'
        ? awsError(400, 'AccessDeniedException', 'not authorized to perform: sagemaker:ListMonitoringSchedules')
        : null;
    const { gaps, observations } = await read({ instead });
    expect(gaps).toMatchObject([{ reason: 'denied', what: 'sagemaker:ListMonitoringSchedules' }]);
    expect(observations.map(({ facts }) => facts['operation'])).toEqual(['DescribeEndpoint']);
    expect(observations[0]?.facts).not.toHaveProperty('hasSchedule');
  });

  it('sees the endpoint that nothing watches, and a region that is denied', async () => {
    const claims = await read({ place: { account: '444455556666', region: 'eu-west-1' } });
    expect(
      claims.observations.map(({ facts, detail }) => [detail['EndpointName'], facts['hasSchedule'], facts['replacementMonitor']]),
    ).toEqual([['claims-triage-prod', false, false]]);
    const closed = await read({ place: { account: '444455556666', region: 'us-east-1' } });
    expect(closed.items).toEqual([]);
    expect(closed.gaps.map(({ reason }) => reason)).toEqual(['denied', 'denied']);
  });

  it('gives one id to a report read by API and to its copy in a folder', async () => {
    const reading = await read({
      ...oneDay,
      reportLocations: ['s3://acme-credit-monitoring/reports/credit-scoring-prod/credit-scoring-bias/2026/10/30/'],
    });
    const found = ofKind(reading, 'finding').filter(({ facts }) => facts['monitorType'] === 'ModelBias');
    const key = 'reports/credit-scoring-prod/credit-scoring-bias/2026/10/30/07/constraint_violations.json';
    const text = reportBuckets(world).get('acme-credit-monitoring')?.objects.get(key)?.text() ?? '';
    const copied = observe(fileItem('violations', text, key.replace('reports/', '')));
    expect(copied.length).toBeGreaterThan(0);
    // Once through the run and once through the declared prefix.
    expect(found).toHaveLength(2 * copied.length);
    expect(new Set(found.map(idOf))).toEqual(new Set(copied.map(idOf)));
  });

  it('counts what is no report below a declared prefix, and says when a prefix is denied', async () => {
    const instead = (request: SampleRequest) =>
      request.service === 's3' && request.path.endsWith('evaluation.json')
        ? { status: 200, body: new TextEncoder().encode('{"a":1}') }
        : null;
    const strange = await read({
      ...oneDay,
      since: '2026-10-20T00:00:00Z',
      reportLocations: ['s3://acme-support-knowledge/evaluations'],
      instead,
    });
    expect(strange.gaps).toMatchObject([{ reason: 'unsupported', code: 'REPORT_UNRECOGNISED', detail: { files: 1 } }]);
    const elsewhere = await read({ ...oneDay, reportLocations: ['s3://somebody-elses/reports'] });
    expect(elsewhere.gaps).toMatchObject([{ reason: 'unavailable', what: 's3:ListBucket', code: 'NoSuchBucket' }]);
  });
});

describe('Clarify over the wire', () => {
  it('finds its jobs by their image, over all pages, with reports, configurations and what came of failed ones', async () => {
    const reading = await read({ source: 'sagemaker-clarify' });
    expect(reading.gaps).toEqual([]);
    const jobs = ofKind(reading, 'execution');
    expect(jobs.length).toBe(64);
    expect(
      jobs
        .filter(({ facts }) => facts['rerunCompleted'] !== undefined && facts['origin'] === 'JOB')
        .map(({ detail, facts }) => [detail['ProcessingJobName'], facts['rerunCompleted']]),
    ).toEqual([
      ['credit-scoring-explain-2026-10-13', true],
      ['credit-scoring-bias-2026-11-07', false],
    ]);
    const pages = reading.asked.filter(({ operation }) => operation === 'ListProcessingJobs');
    expect(pages.map(({ body }) => stringAt(body, 'NextToken') !== undefined)).toEqual([false, true]);
    const documents = ofKind(reading, 'document');
    expect(documents.filter(({ facts }) => facts['role'] === 'analysis-config')).toHaveLength(4);
    expect(documents.filter(({ facts }) => facts['timing'] === 'BEFORE')).toHaveLength(1);
    expect(new Set(documents.map(({ facts }) => facts['origin']))).toEqual(new Set(['MONITORING', 'JOB']));
  });

  it('keeps null metrics and a bare Infinity, and marks what the run lists as violated', async () => {
    const metrics = ofKind(await read({ source: 'sagemaker-clarify' }), 'metric');
    expect(metrics.filter(({ facts }) => facts['valueState'] === 'INFINITE').map(({ text }) => text)).toEqual([
      expect.stringContaining('Infinity'),
    ]);
    expect(metrics.filter(({ facts }) => facts['valueState'] === 'NULL').every(({ detail }) => typeof detail['error'] === 'string')).toBe(
      true,
    );
    expect(metrics.filter(({ facts }) => facts['violated'] === true).length).toBeGreaterThan(0);
  });

  it('never asks for rows: of explanations, of captured payloads, of data', async () => {
    const { asked } = await read({ source: 'sagemaker-clarify', reportLocations: ['s3://acme-credit-monitoring/clarify/'] });
    const keys = asked.filter(({ service, query }) => service === 's3' && !query.has('list-type')).map(({ path }) => path);
    expect(keys.some((path) => path.endsWith('/analysis.json'))).toBe(true);
    expect(keys.filter((path) => !path.endsWith('.json') || path.includes('/capture'))).toEqual([]);
  });

  it('does not call an analysis older than the release where endpoints could not be read', async () => {
    const instead = (request: SampleRequest) =>
      request.operation === 'DescribeEndpointConfig' ? awsError(400, 'AccessDeniedException', 'no') : null;
    const reading = await read({ source: 'sagemaker-clarify', instead });
    expect(reading.gaps).toMatchObject([{ reason: 'denied', what: 'sagemaker:DescribeEndpointConfig' }]);
    expect(ofKind(reading, 'document').filter(({ facts }) => facts['timing'] === 'BEFORE')).toEqual([]);
  });

  it('knows a check step of a pipeline by its job', async () => {
    const name = 'credit-scoring-bias-2026-10-13';
    const arn = `arn:aws:sagemaker:${region}:${account}:processing-job/${name}`;
    const instead = (request: SampleRequest) => {
      if (request.operation === 'ListPipelineExecutionSteps') {
        return {
          status: 200,
          body: { PipelineExecutionSteps: [{ StepName: 'CheckBias', Metadata: { ClarifyCheck: { CheckJobArn: arn } } }] },
        };
      }
      if (request.operation !== 'DescribeProcessingJob' || stringAt(request.body, 'ProcessingJobName') !== name) return null;
      const { body } = sageMakerService(request, world);
      const job = typeof body === 'object' && !(body instanceof Uint8Array) && isJsonObject(body) ? body : {};
      return {
        status: 200,
        body: { ...job, ProcessingJobName: `pipelines-x-${name}`, ExperimentConfig: { ExperimentName: 'credit', TrialName: 'x' } },
      };
    };
    const { observations, asked } = await read({
      source: 'sagemaker-clarify',
      since: '2026-10-13T00:00:00Z',
      until: '2026-10-14T00:00:00Z',
      instead,
    });
    expect(new Set(observations.map(({ facts }) => facts['origin']))).toContain('PIPELINE_CHECK');
    const steps = asked.filter(({ operation }) => operation === 'ListPipelineExecutionSteps');
    expect(steps.map(({ body }) => stringAt(body, 'PipelineExecutionArn'))).toEqual([
      `arn:aws:sagemaker:${region}:${account}:pipeline/credit/execution/x`,
    ]);
  });

  it('reads evaluations below a declared prefix', async () => {
    const { observations } = await read({
      source: 'sagemaker-clarify',
      since: '2026-10-20T00:00:00Z',
      until: '2026-10-21T00:00:00Z',
      reportLocations: ['s3://acme-support-knowledge/evaluations/'],
    });
    const scores = observations.filter(({ facts }) => facts['section'] === 'fmeval');
    expect(scores.map(({ facts }) => [facts['metric'], facts['group'], facts['value']])).toEqual([
      ['toxicity', '', 0.021],
      ['prompt_stereotyping', '', 0.58],
      ['prompt_stereotyping', 'age', 0.61],
    ]);
  });
});
