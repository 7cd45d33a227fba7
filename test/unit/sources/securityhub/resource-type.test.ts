// SPDX-License-Identifier: Apache-2.0
import { ResourceDetails$ } from '@aws-sdk/client-securityhub';
import { describe, expect, it } from '@jest/globals';
import { arnResourceType, asffResourceType } from '../../../../src/sources/securityhub/resource-type.ts';
import { tables } from '../../../support/securityhub.ts';

const typeOf = (type: string | undefined, id?: string) => asffResourceType(type, id, tables.oddTypes);

describe('the CloudFormation type of a resource', () => {
  it('follows from the ASFF type', () => {
    const cases: readonly (readonly [string, string])[] = [
      ['AwsAccount', 'AWS::::Account'],
      ['AwsS3Bucket', 'AWS::S3::Bucket'],
      ['AwsEc2SecurityGroup', 'AWS::EC2::SecurityGroup'],
      ['AwsEc2Vpc', 'AWS::EC2::VPC'],
      ['AwsRdsDbInstance', 'AWS::RDS::DBInstance'],
      ['AwsElbv2LoadBalancer', 'AWS::ElasticLoadBalancingV2::LoadBalancer'],
      ['AwsElbLoadBalancer', 'AWS::ElasticLoadBalancing::LoadBalancer'],
      ['AwsApiGatewayV2Stage', 'AWS::ApiGatewayV2::Stage'],
      ['AwsSageMakerNotebookInstance', 'AWS::SageMaker::NotebookInstance'],
      ['AwsStepFunctionStateMachine', 'AWS::StepFunctions::StateMachine'],
      ['AWS::SageMaker::Model', 'AWS::SageMaker::Model'],
    ];
    expect(cases.map(([type]) => [type, typeOf(type)])).toEqual(cases);
  });

  it('is known for every AWS type that the SDK knows', () => {
    const names: readonly string[] = ResourceDetails$[4];
    const aws = names.filter((name) => name.startsWith('Aws'));
    expect(aws.length).toBeGreaterThan(90);
    expect(aws.filter((name) => typeOf(name) === undefined)).toEqual([]);
  });

  it('is taken from the ARN where the ASFF type is Other, and left out where that does not say it', () => {
    expect(typeOf('Other', 'arn:aws:sagemaker:eu-west-1:111122223333:endpoint-config/claims')).toBe('AWS::SageMaker::EndpointConfig');
    expect(typeOf('Other', 'arn:aws:s3:::amzn-s3-demo-bucket')).toBe('AWS::S3::Bucket');
    expect(typeOf('Other', 'arn:aws:lambda:eu-west-1:111122223333:function:check')).toBe('AWS::Lambda::Function');
    expect(typeOf(undefined, 'arn:aws:rds:eu-west-1:111122223333:db:claims')).toBe('AWS::RDS::DBInstance');
    expect(typeOf('Other', '111122223333')).toBeUndefined();
    expect(typeOf('AwsSomethingNew', 'arn:aws:somethingnew:eu-west-1:111122223333:thing/1')).toBeUndefined();
    expect(arnResourceType('arn:aws:s3:::amzn-s3-demo-bucket/key')).toBe('AWS::S3::Object');
  });
});
