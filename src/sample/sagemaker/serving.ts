// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from '../../evidence/json.ts';
import type { SampleSystem, SampleWorld } from '../world.ts';
import { arnOf, type Place, timeOn } from './described.ts';
import { creditEndpoints } from './monitor-plan.ts';

/** One endpoint of the sample and the system it serves. */
export interface PlannedEndpoint {
  readonly name: string;
  readonly config: string;
  readonly system: SampleSystem;
  readonly captures: boolean;
}

/** Endpoints of one account and Region, by name. The claims endpoint keeps nothing and nothing watches it. */
export function endpointsOf(world: SampleWorld, { account, region }: Place): readonly PlannedEndpoint[] {
  const systems = world.systems.filter(
    (system) => system.account === account && system.region === region && system.parts['endpoint'] !== undefined,
  );
  return systems.flatMap((system) => {
    const isCredit = system.name === 'credit-scoring';
    const names = isCredit ? creditEndpoints(world) : [system.parts['endpoint'] ?? ''];
    return names
      .map((name) => ({ name, config: system.parts['endpointConfig'] ?? '', system, captures: isCredit }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  });
}

/** A DescribeEndpoint answer; `brief` for an item of ListEndpoints. */
export function endpoint(place: Place, world: SampleWorld, planned: PlannedEndpoint, brief: boolean): JsonObject {
  const summary = {
    EndpointName: planned.name,
    EndpointArn: arnOf(place, 'endpoint', planned.name),
    CreationTime: timeOn(world, -120, 9),
    // The model of October came by an update on the fourth day.
    LastModifiedTime: planned.captures ? timeOn(world, 3, 9.5) : timeOn(world, -30, 9),
    EndpointStatus: 'InService',
  };
  if (brief) return summary;
  const bucket = planned.system.parts['reportBucket'];
  const capture = {
    EnableCapture: true,
    CaptureStatus: 'Started',
    CurrentSamplingPercentage: 100,
    DestinationS3Uri: `s3://${bucket}/capture`,
    KmsKeyId: `arn:aws:kms:${place.region}:${place.account}:key/11111111-2222-4333-8444-555566667777`,
  };
  return {
    ...summary,
    EndpointConfigName: planned.config,
    ProductionVariants: [
      { VariantName: 'AllTraffic', CurrentWeight: 1, DesiredWeight: 1, CurrentInstanceCount: 2, DesiredInstanceCount: 2 },
    ],
    ...(planned.captures ? { DataCaptureConfig: capture } : {}),
  };
}

/** A DescribeEndpointConfig answer. */
export function endpointConfig(place: Place, world: SampleWorld, { config, system, captures }: PlannedEndpoint): JsonObject {
  return {
    EndpointConfigName: config,
    EndpointConfigArn: arnOf(place, 'endpoint-config', config),
    CreationTime: captures ? timeOn(world, 3, 9) : timeOn(world, -30, 8.5),
    ProductionVariants: [
      { VariantName: 'AllTraffic', ModelName: system.parts['model'] ?? '', InitialInstanceCount: 2, InstanceType: 'ml.m5.large' },
    ],
  };
}

/** A DescribeModel answer. */
export function model(place: Place, world: SampleWorld, system: SampleSystem): JsonObject {
  const name = system.parts['model'] ?? '';
  return {
    ModelName: name,
    ModelArn: arnOf(place, 'model', name),
    CreationTime: timeOn(world, system.name === 'credit-scoring' ? 2 : -31, 8),
    PrimaryContainer: { ModelPackageName: arnOf(place, 'model-package', `${system.parts['modelPackageGroup']}/12`) },
  };
}

/** A DescribeModelPackage answer: registered after the bias analysis, approved before the release. */
export function modelPackage(place: Place, world: SampleWorld, system: SampleSystem): JsonObject {
  const isCredit = system.name === 'credit-scoring';
  const group = system.parts['modelPackageGroup'] ?? '';
  return {
    ModelPackageGroupName: group,
    ModelPackageVersion: 12,
    ModelPackageArn: arnOf(place, 'model-package', `${group}/12`),
    CreationTime: timeOn(world, isCredit ? 2 : -31, 7),
    LastModifiedTime: timeOn(world, isCredit ? 2 : -31, 15),
    ModelPackageStatus: 'Completed',
    ModelApprovalStatus: 'Approved',
  };
}
