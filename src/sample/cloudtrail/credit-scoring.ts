// SPDX-License-Identifier: Apache-2.0
import type { SampleSystem } from '../world.ts';
import { type Caller, dayMs, hourMs, minuteMs, type SampleEvent } from './sample-record.ts';

const scientist: Caller = { role: 'credit-data-science', session: 'r.okafor' };
const modelRisk: Caller = { role: 'model-risk', session: 'j.lindqvist', mfa: true };
const pipeline: Caller = { role: 'credit-delivery', session: 'codepipeline-release' };

/** Credit scoring: trained weekly, each version registered, approved by model risk, and only then deployed. */
export function creditScoringEvents(system: SampleSystem, since: number): readonly SampleEvent[] {
  const events: SampleEvent[] = [];
  for (let week = 0; week < 4; week++) events.push(...release(system, since + week * 7 * dayMs + 9 * hourMs, week + 4));
  const monitors = [
    system.parts['dataQualitySchedule'],
    system.parts['modelQualitySchedule'],
    system.parts['biasSchedule'],
    system.parts['explainabilitySchedule'],
  ];
  for (const [i, monitoringScheduleName] of monitors.entries()) {
    const at = since + dayMs + i * 10 * minuteMs;
    events.push({
      at,
      by: pipeline,
      source: 'sagemaker',
      name: 'UpdateMonitoringSchedule',
      request: { monitoringScheduleName: monitoringScheduleName ?? '' },
    });
  }
  for (let day = 0; day < 30; day++) {
    const request = { endpointName: system.parts['endpoint'] ?? '' };
    events.push({
      at: since + day * dayMs + 6 * hourMs,
      by: pipeline,
      source: 'sagemaker',
      name: 'DescribeEndpoint',
      readOnly: true,
      request,
    });
  }
  return events;
}

interface ReleaseNames {
  readonly prefix: string;
  readonly group: string;
  readonly modelPackageArn: string;
  readonly modelName: string;
  readonly endpointConfigName: string;
}

function namesOf(system: SampleSystem, version: number): ReleaseNames {
  const prefix = `arn:aws:sagemaker:${system.region}:${system.account}`;
  const group = system.parts['modelPackageGroup'] ?? '';
  return {
    prefix,
    group,
    modelPackageArn: `${prefix}:model-package/${group}/${version}`,
    modelName: `${group}-v${version}`,
    endpointConfigName: version === 7 ? (system.parts['endpointConfig'] ?? '') : `${group}-prod-${version}`,
  };
}

function requestsOf(system: SampleSystem, version: number) {
  const { group, modelPackageArn, modelName, endpointConfigName } = namesOf(system, version);
  const tags = [{ key: 'ai-system', value: system.tag }];
  const training = {
    trainingJobName: `${group}-train-${version}`,
    algorithmSpecification: { trainingImage: '121021644041.dkr.ecr.eu-west-1.amazonaws.com/xgboost:1.7-1', trainingInputMode: 'File' },
    roleArn: `arn:aws:iam::${system.account}:role/credit-training`,
    hyperParameters: { max_depth: '6', eta: '0.2', objective: 'binary:logistic' },
    inputDataConfig: [
      {
        channelName: 'train',
        dataSource: { s3DataSource: { s3DataType: 'S3Prefix', s3Uri: `s3://${system.parts['dataBucket'] ?? ''}/train/` } },
      },
    ],
    resourceConfig: { instanceType: 'ml.m5.2xlarge', instanceCount: 1, volumeSizeInGB: 50 },
    environment: { DB_PASSWORD: 'EXAMPLE-NOT-A-SECRET', FEATURE_SET: 'v12' },
    tags,
  };
  const registration = {
    modelPackageGroupName: group,
    modelApprovalStatus: 'PendingManualApproval',
    inferenceSpecification: { supportedContentTypes: ['text/csv'] },
  };
  const approval = { modelPackageArn, modelApprovalStatus: 'Approved', approvalDescription: 'Model risk review passed' };
  const model = {
    modelName,
    primaryContainer: { modelPackageName: modelPackageArn },
    executionRoleArn: `arn:aws:iam::${system.account}:role/credit-serving`,
    tags,
  };
  const config = {
    endpointConfigName,
    productionVariants: [{ variantName: 'main', modelName, initialInstanceCount: 2, instanceType: 'ml.m5.xlarge' }],
    dataCaptureConfig: {
      enableCapture: true,
      initialSamplingPercentage: 100,
      destinationS3Uri: `s3://${system.parts['reportBucket'] ?? ''}/capture/`,
      captureOptions: [{ captureMode: 'Input' }, { captureMode: 'Output' }],
    },
    tags,
  };
  const endpoint = { endpointName: system.parts['endpoint'] ?? '', endpointConfigName };
  return { training, registration, approval, model, config, endpoint };
}

function release(system: SampleSystem, start: number, version: number): SampleEvent[] {
  const { prefix, modelPackageArn, modelName, endpointConfigName } = namesOf(system, version);
  const { training, registration, approval, model, config, endpoint } = requestsOf(system, version);
  const shared = { source: 'sagemaker' } as const;
  return [
    {
      ...shared,
      at: start,
      by: scientist,
      name: 'CreateTrainingJob',
      request: training,
      response: { trainingJobArn: `${prefix}:training-job/${training.trainingJobName}` },
    },
    { ...shared, at: start + 3 * hourMs, by: scientist, name: 'CreateModelPackage', request: registration, response: { modelPackageArn } },
    { ...shared, at: start + 26 * hourMs, by: modelRisk, name: 'UpdateModelPackage', request: approval, response: { modelPackageArn } },
    {
      ...shared,
      at: start + 28 * hourMs,
      by: pipeline,
      name: 'CreateModel',
      request: model,
      response: { modelArn: `${prefix}:model/${modelName}` },
    },
    {
      ...shared,
      at: start + 28 * hourMs + minuteMs,
      by: pipeline,
      name: 'CreateEndpointConfig',
      request: config,
      response: { endpointConfigArn: `${prefix}:endpoint-config/${endpointConfigName}` },
    },
    {
      ...shared,
      at: start + 28 * hourMs + 2 * minuteMs,
      by: pipeline,
      name: 'UpdateEndpoint',
      request: endpoint,
      response: { endpointArn: `${prefix}:endpoint/${endpoint.endpointName}` },
    },
  ];
}
