// SPDX-License-Identifier: Apache-2.0
import type { SampleSystem } from '../world.ts';
import type { SampleResource } from './sample-finding.ts';

/** Makes the resources of one AI system, with its tag on them. */
export function resourcesOf(system: SampleSystem) {
  const { account, region, tag } = system;
  const part = (name: string) => system.parts[name] ?? `${system.name}-${name}`;
  const sageMaker = (kind: string, thing: string, name: string): SampleResource => ({
    type: `AwsSageMaker${thing}`,
    cloudFormationType: `AWS::SageMaker::${thing}`,
    arn: `arn:aws:sagemaker:${region}:${account}:${kind}/${name}`,
    tag,
  });
  return {
    part,
    endpointConfig: () => sageMaker('endpoint-config', 'EndpointConfig', part('endpointConfig')),
    model: () => sageMaker('model', 'Model', part('model')),
    notebook: (name: string) => sageMaker('notebook-instance', 'NotebookInstance', name),
    schedule: (name: string) => sageMaker('monitoring-schedule', 'MonitoringSchedule', part(name)),
    job: (kind: string, thing: string) => sageMaker(kind, thing, `${system.name}-${kind}`),
    bucket: (name: string): SampleResource => ({
      type: 'AwsS3Bucket',
      cloudFormationType: 'AWS::S3::Bucket',
      arn: `arn:aws:s3:::${part(name)}`,
      tag,
    }),
    key: (): SampleResource => ({
      type: 'AwsKmsKey',
      cloudFormationType: 'AWS::KMS::Key',
      arn: `arn:aws:kms:${region}:${account}:key/1234abcd-12ab-34cd-56ef-1234567890ab`,
      tag,
    }),
    repository: (): SampleResource => ({
      type: 'AwsEcrRepository',
      cloudFormationType: 'AWS::ECR::Repository',
      arn: `arn:aws:ecr:${region}:${account}:repository/${system.name}`,
      tag,
    }),
    // ASFF has no type of its own for these: AWS writes Other and the ARN says what it is.
    other: (cloudFormationType: string, service: string, resource: string): SampleResource => ({
      type: 'Other',
      cloudFormationType,
      arn: `arn:aws:${service}:${region}:${account}:${resource}`,
      tag,
    }),
  };
}

/** The account itself as a resource, written as Security Hub writes it. */
export function accountResource(account: string): SampleResource {
  return { type: 'AwsAccount', cloudFormationType: 'AWS::::Account', arn: `AWS::::Account:${account}` };
}
