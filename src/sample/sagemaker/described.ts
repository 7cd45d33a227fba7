// SPDX-License-Identifier: Apache-2.0
import type { Json, JsonObject } from '../../evidence/json.ts';
import type { SampleWorld } from '../world.ts';
import type { PlannedJob } from './clarify-plan.ts';
import {
  creditSystem,
  dayMilliseconds,
  epochSeconds,
  type MonitorPlan,
  type PlannedDefinition,
  type PlannedRun,
  runsOf,
} from './monitor-plan.ts';

/** Where a sample answer comes from: account and Region of the call. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** ARN of a SageMaker resource of the sample. */
export function arnOf({ account, region }: Place, type: string, name: string): string {
  return `arn:aws:sagemaker:${region}:${account}:${type}/${name}`;
}

const images: Readonly<Record<MonitorPlan['type'], string>> = {
  DataQuality: '468650794304.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-model-monitor-analyzer',
  ModelQuality: '468650794304.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-model-monitor-analyzer',
  ModelBias: '131013547314.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-clarify-processing:1.0',
  ModelExplainability: '131013547314.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-clarify-processing:1.0',
};

const definitionTypes: Readonly<Record<MonitorPlan['type'], string>> = {
  DataQuality: 'data-quality-job-definition',
  ModelQuality: 'model-quality-job-definition',
  ModelBias: 'model-bias-job-definition',
  ModelExplainability: 'model-explainability-job-definition',
};

/** Epoch seconds of an hour of a day of the sample. */
export function timeOn(world: SampleWorld, day: number, hour = 0): number {
  return epochSeconds(Date.parse(world.since) + day * dayMilliseconds + hour * 3_600_000);
}

/** One MonitoringExecutionSummary. */
export function executionSummary(place: Place, run: PlannedRun): JsonObject {
  const { monitor, status } = run;
  const started = run.scheduled + 12 * 60_000;
  const noData = `No S3 objects found under S3 URL "s3://${monitor.bucket}/capture/${monitor.endpoint}" given in input data source. Please ensure that the bucket exists in the selected region.`;
  return {
    MonitoringScheduleName: monitor.schedule,
    ScheduledTime: epochSeconds(run.scheduled),
    CreationTime: epochSeconds(started),
    LastModifiedTime: epochSeconds(started + (status === 'InProgress' ? 60_000 : 9 * 60_000)),
    MonitoringExecutionStatus: status,
    // A run that found no input never got a job.
    ...(status === 'Failed' ? { FailureReason: noData } : { ProcessingJobArn: arnOf(place, 'processing-job', run.job) }),
    EndpointName: monitor.endpoint,
    MonitoringJobDefinitionName: run.definition.name,
    MonitoringType: monitor.type,
  };
}

/** A DescribeMonitoringSchedule answer; `brief` for an item of ListMonitoringSchedules. */
export function schedule(place: Place, world: SampleWorld, monitor: MonitorPlan, brief: boolean): JsonObject {
  const last = runsOf(world, monitor).at(-1);
  const definition = monitor.definitions.at(-1)?.name ?? '';
  const summary = {
    MonitoringScheduleArn: arnOf(place, 'monitoring-schedule', monitor.schedule),
    MonitoringScheduleName: monitor.schedule,
    MonitoringScheduleStatus: 'Scheduled',
    MonitoringType: monitor.type,
    EndpointName: monitor.endpoint,
    CreationTime: timeOn(world, -100),
    LastModifiedTime: last === undefined ? timeOn(world, -100) : epochSeconds(last.scheduled + 21 * 60_000),
  };
  if (brief) return { ...summary, MonitoringJobDefinitionName: definition };
  const ScheduleConfig = { ScheduleExpression: `cron(0 ${monitor.hour} ? * * *)` };
  return {
    ...summary,
    MonitoringScheduleConfig: { ScheduleConfig, MonitoringJobDefinitionName: definition, MonitoringType: monitor.type },
    ...(last === undefined ? {} : { LastMonitoringExecutionSummary: executionSummary(place, last) }),
  };
}

/** A Describe…JobDefinition answer. */
export function jobDefinition(place: Place, world: SampleWorld, monitor: MonitorPlan, definition: PlannedDefinition): JsonObject {
  const { type } = monitor;
  const isClarify = type === 'ModelBias' || type === 'ModelExplainability';
  const uri = (file: string) => ({ S3Uri: `s3://${monitor.bucket}/${definition.baseline}/${file}` });
  const statistics = type === 'DataQuality' ? { StatisticsResource: uri('statistics.json') } : {};
  const app = isClarify ? { ConfigUri: `s3://${monitor.bucket}/${configKey(monitor)}` } : {};
  return {
    JobDefinitionArn: arnOf(place, definitionTypes[type], definition.name),
    JobDefinitionName: definition.name,
    CreationTime: definition.fromDay === 0 ? timeOn(world, -100) : timeOn(world, definition.fromDay, 1),
    [`${type}BaselineConfig`]: { ConstraintsResource: uri('constraints.json'), ...statistics },
    [`${type}AppSpecification`]: { ImageUri: images[type], ...app, Environment: { publish_cloudwatch_metrics: 'Enabled' } },
    [`${type}JobInput`]: { EndpointInput: { EndpointName: monitor.endpoint, LocalPath: '/opt/ml/processing/input' } },
    [`${type}JobOutputConfig`]: {
      MonitoringOutputs: [{ S3Output: { S3Uri: `s3://${monitor.bucket}/reports`, LocalPath: '/opt/ml/processing/output' } }],
    },
    JobResources: { ClusterConfig: { InstanceCount: 1, InstanceType: 'ml.m5.xlarge', VolumeSizeInGB: 20 } },
    RoleArn: `arn:aws:iam::${place.account}:role/model-monitor`,
    StoppingCondition: { MaxRuntimeInSeconds: 1800 },
  };
}

/** Key of the analysis configuration of a bias or attribution monitor. */
export function configKey(monitor: MonitorPlan): string {
  return `config/${monitor.schedule}/analysis_config.json`;
}

/** DescribeProcessingJob of a monitoring run. */
export function monitoringJob(place: Place, run: PlannedRun, violations: number): JsonObject {
  const { monitor, status } = run;
  const started = run.scheduled + 13 * 60_000;
  const isClarify = monitor.type === 'ModelBias' || monitor.type === 'ModelExplainability';
  const input = { InputName: 'analysis_config', S3Input: s3Input(`s3://${monitor.bucket}/${configKey(monitor)}`, 'config') };
  const exit =
    status === 'CompletedWithViolations'
      ? `CompletedWithViolations: Job completed successfully with ${violations} violations.`
      : 'Completed: Job completed successfully with no violations.';
  const ended = status === 'InProgress' ? {} : { ProcessingEndTime: epochSeconds(started + 7 * 60_000) };
  return {
    ProcessingJobName: run.job,
    ProcessingJobArn: arnOf(place, 'processing-job', run.job),
    ProcessingJobStatus: status === 'CompletedWithViolations' ? 'Completed' : status,
    ...(status.startsWith('Completed') ? { ExitMessage: exit } : {}),
    ProcessingInputs: isClarify ? [input] : [],
    ProcessingOutputConfig: s3Output('monitoring_output', `s3://${monitor.bucket}/${run.output}`),
    ...jobFrame(place, images[monitor.type]),
    CreationTime: epochSeconds(run.scheduled + 12 * 60_000),
    ProcessingStartTime: epochSeconds(started),
    ...ended,
    LastModifiedTime: epochSeconds(started + 8 * 60_000),
    MonitoringScheduleArn: arnOf(place, 'monitoring-schedule', monitor.schedule),
  };
}

/** DescribeProcessingJob of a job that no monitor started. */
export function plainJob(place: Place, world: SampleWorld, job: PlannedJob): JsonObject {
  const bucket = creditSystem(world).parts['reportBucket'];
  const isClarify = job.config !== undefined;
  const image = isClarify ? images.ModelBias : `${place.account}.dkr.ecr.${place.region}.amazonaws.com/feature-preparation:12`;
  return {
    ProcessingJobName: job.name,
    ProcessingJobArn: arnOf(place, 'processing-job', job.name),
    ProcessingJobStatus: job.status,
    ...(job.failure === undefined ? {} : { FailureReason: job.failure }),
    ProcessingInputs: isClarify
      ? [{ InputName: 'analysis_config', AppManaged: false, S3Input: s3Input(`s3://${bucket}/${job.config}`, 'config') }]
      : [],
    ProcessingOutputConfig: s3Output('analysis_result', `s3://${bucket}/${job.output}`),
    ...jobFrame(place, image),
    CreationTime: epochSeconds(job.created),
    ProcessingStartTime: epochSeconds(job.created + 120_000),
    ProcessingEndTime: epochSeconds(job.created + job.minutes * 60_000),
    LastModifiedTime: epochSeconds(job.created + job.minutes * 60_000 + 1500),
  };
}

function jobFrame({ account }: Place, image: string): JsonObject {
  return {
    ProcessingResources: { ClusterConfig: { InstanceCount: 1, InstanceType: 'ml.m5.xlarge', VolumeSizeInGB: 20 } },
    StoppingCondition: { MaxRuntimeInSeconds: 1800 },
    AppSpecification: { ImageUri: image },
    RoleArn: `arn:aws:iam::${account}:role/model-monitor`,
  };
}

function s3Input(uri: string, directory: string): JsonObject {
  return {
    S3Uri: uri,
    LocalPath: `/opt/ml/processing/input/${directory}`,
    S3DataType: 'S3Prefix',
    S3InputMode: 'File',
    S3DataDistributionType: 'FullyReplicated',
  };
}

function s3Output(name: string, uri: string): Json {
  return {
    Outputs: [
      { OutputName: name, S3Output: { S3Uri: uri, LocalPath: '/opt/ml/processing/output', S3UploadMode: 'EndOfJob' }, AppManaged: false },
    ],
  };
}
