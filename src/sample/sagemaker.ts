// SPDX-License-Identifier: Apache-2.0

import { type JsonObject, stringAt } from '../evidence/json.ts';
import { alertHistory, alertsOf } from './sagemaker/alerts.ts';
import { creditAccount } from './sagemaker/credit-account.ts';
import { arnOf, executionSummary, jobDefinition, monitoringJob, plainJob, schedule } from './sagemaker/described.ts';
import { filtered, ok, page, sorted } from './sagemaker/list-pages.ts';
import { creditSystem, type MonitorPlan, runsOf } from './sagemaker/monitor-plan.ts';
import { violationsOf } from './sagemaker/monitor-reports.ts';
import { endpoint, endpointConfig, endpointsOf, model, modelPackage } from './sagemaker/serving.ts';
import { awsError, type SampleAnswer, type SampleRequest, type SampleService } from './sample-service.ts';
import type { SampleSystem, SampleWorld } from './world.ts';

/** SageMaker of the sample organisation: the read-only operations around monitoring, Clarify jobs and what they watch. */
export const sageMakerService: SampleService = (request, world) => {
  const operation = operations[request.operation];
  if (operation === undefined) return awsError(400, 'UnknownOperationException', `the sample's SageMaker has no ${request.operation}`);
  return operation(request, world);
};

const operations: Readonly<Record<string, SampleService>> = {
  ListMonitoringSchedules: (request, world) =>
    page(request, 'MonitoringScheduleSummaries', monitorsOf(request, world), (one) => schedule(request, world, one, true)),
  DescribeMonitoringSchedule: (request, world) => withMonitor(request, world, (one) => ok(schedule(request, world, one, false))),
  ListMonitoringExecutions: listExecutions,
  DescribeDataQualityJobDefinition: describeDefinition,
  DescribeModelQualityJobDefinition: describeDefinition,
  DescribeModelBiasJobDefinition: describeDefinition,
  DescribeModelExplainabilityJobDefinition: describeDefinition,
  ListMonitoringAlerts: (request, world) =>
    withMonitor(request, world, (one) => page(request, 'MonitoringAlertSummaries', alertsOf(world, one), asIs)),
  ListMonitoringAlertHistory: (request, world) =>
    withMonitor(request, world, (one) =>
      page(request, 'MonitoringAlertHistory', sorted(request, alertHistory(world, one), 'CreationTime'), asIs),
    ),
  ListProcessingJobs: listJobs,
  DescribeProcessingJob: describeJob,
  ListEndpoints: (request, world) => page(request, 'Endpoints', endpointsOf(world, request), (one) => endpoint(request, world, one, true)),
  DescribeEndpoint: (request, world) => {
    const found = endpointsOf(world, request).find((one) => one.name === stringAt(request.body, 'EndpointName'));
    return found === undefined ? notFound(request, 'endpoint', 'EndpointName') : ok(endpoint(request, world, found, false));
  },
  DescribeEndpointConfig: (request, world) => {
    const found = endpointsOf(world, request).find((one) => one.config === stringAt(request.body, 'EndpointConfigName'));
    return found === undefined ? notFound(request, 'endpoint-config', 'EndpointConfigName') : ok(endpointConfig(request, world, found));
  },
  DescribeModel: (request, world) => withSystem(request, world, 'ModelName', (system) => ok(model(request, world, system))),
  DescribeModelPackage: (request, world) =>
    withSystem(request, world, 'ModelPackageName', (system) => ok(modelPackage(request, world, system))),
  ListPipelineExecutionSteps: (request) =>
    awsError(400, 'ResourceNotFound', `Pipeline execution with ARN '${stringAt(request.body, 'PipelineExecutionArn')}' does not exist.`),
  ListTags: listTags,
};

function asIs(item: JsonObject): JsonObject {
  return item;
}

function isCreditPlace({ account, region }: SampleRequest, world: SampleWorld): boolean {
  const system = creditSystem(world);
  return system.account === account && system.region === region;
}

function monitorsOf(request: SampleRequest, world: SampleWorld): readonly MonitorPlan[] {
  return isCreditPlace(request, world) ? creditAccount(world).monitors : [];
}

function withMonitor(request: SampleRequest, world: SampleWorld, answer: (monitor: MonitorPlan) => SampleAnswer): SampleAnswer {
  const name = stringAt(request.body, 'MonitoringScheduleName');
  const found = monitorsOf(request, world).find((one) => one.schedule === name);
  return found === undefined ? awsError(400, 'ResourceNotFound', `Monitoring Schedule ${name} does not exist.`) : answer(found);
}

function withSystem(
  request: SampleRequest,
  world: SampleWorld,
  member: string,
  answer: (system: SampleSystem) => SampleAnswer,
): SampleAnswer {
  const name = stringAt(request.body, member) ?? '';
  const here = world.systems.filter(({ account, region }) => account === request.account && region === request.region);
  const found = here.find(
    ({ parts }) =>
      parts['model'] === name || (parts['modelPackageGroup'] !== undefined && name.includes(`/${parts['modelPackageGroup']}/`)),
  );
  return found === undefined ? notFound(request, 'model', member) : answer(found);
}

// SageMaker says "does not exist" as a validation error for everything older than its monitoring calls.
function notFound(request: SampleRequest, type: string, member: string): SampleAnswer {
  return awsError(400, 'ValidationException', `Could not find ${type} "${arnOf(request, type, stringAt(request.body, member) ?? '')}".`);
}

function listExecutions(request: SampleRequest, world: SampleWorld): SampleAnswer {
  const name = stringAt(request.body, 'MonitoringScheduleName');
  const monitors = monitorsOf(request, world).filter((one) => name === undefined || one.schedule === name);
  const runs = monitors.flatMap((one) => runsOf(world, one)).map((run) => executionSummary(request, run));
  return page(request, 'MonitoringExecutionSummaries', sorted(request, filtered(request, runs), 'ScheduledTime'), asIs);
}

function describeDefinition(request: SampleRequest, world: SampleWorld): SampleAnswer {
  const name = stringAt(request.body, 'JobDefinitionName');
  for (const monitor of monitorsOf(request, world)) {
    const found = monitor.definitions.find((one) => one.name === name && request.operation === `Describe${monitor.type}JobDefinition`);
    if (found !== undefined) return ok(jobDefinition(request, world, monitor, found));
  }
  return awsError(400, 'ResourceNotFound', `Job definition ${name} does not exist.`);
}

function jobNamed(request: SampleRequest, world: SampleWorld, name: string): JsonObject | undefined {
  const { runsByJob, jobs } = creditAccount(world);
  const run = runsByJob.get(name);
  if (run !== undefined) return monitoringJob(request, run, violationCount(violationsOf(run)));
  const job = jobs.find((one) => one.name === name);
  return job === undefined ? undefined : plainJob(request, world, job);
}

function violationCount(file: JsonObject): number {
  return Array.isArray(file['violations']) ? file['violations'].length : 0;
}

const summaries = new WeakMap<SampleWorld, readonly JsonObject[]>();
const summaryMembers = [
  'ProcessingJobName',
  'ProcessingJobArn',
  'CreationTime',
  'ProcessingEndTime',
  'LastModifiedTime',
  'ProcessingJobStatus',
  'FailureReason',
  'ExitMessage',
];

// Made once for each world: at a large scale every page would otherwise make all of them again.
function summariesOf(request: SampleRequest, world: SampleWorld): readonly JsonObject[] {
  if (!isCreditPlace(request, world)) return [];
  const known = summaries.get(world);
  if (known !== undefined) return known;
  const { runsByJob, jobs } = creditAccount(world);
  const described = [...runsByJob.keys(), ...jobs.map((job) => job.name)].map((name) => jobNamed(request, world, name) ?? {});
  const made = described.map((job) =>
    Object.fromEntries(summaryMembers.flatMap((name) => (job[name] === undefined ? [] : [[name, job[name]]]))),
  );
  summaries.set(world, made);
  return made;
}

function listJobs(request: SampleRequest, world: SampleWorld): SampleAnswer {
  return page(request, 'ProcessingJobSummaries', sorted(request, filtered(request, summariesOf(request, world)), 'CreationTime'), asIs);
}

function describeJob(request: SampleRequest, world: SampleWorld): SampleAnswer {
  const name = stringAt(request.body, 'ProcessingJobName') ?? '';
  const found = isCreditPlace(request, world) ? jobNamed(request, world, name) : undefined;
  return found === undefined ? awsError(400, 'ResourceNotFound', `Could not find requested job with name: ${name}`) : ok(found);
}

function listTags(request: SampleRequest, world: SampleWorld): SampleAnswer {
  const arn = stringAt(request.body, 'ResourceArn') ?? '';
  const here = world.systems.filter(({ account, region }) => account === request.account && region === request.region);
  const system = here.find(
    ({ name }) => arn.includes(`/${name}`) && arn.startsWith(`arn:aws:sagemaker:${request.region}:${request.account}:`),
  );
  return ok({
    Tags:
      system === undefined
        ? []
        : [
            { Key: 'ai-system', Value: system.tag },
            { Key: 'owner', Value: system.owner },
          ],
  });
}
