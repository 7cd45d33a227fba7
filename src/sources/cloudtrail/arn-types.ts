// SPDX-License-Identifier: Apache-2.0
import { callNames } from './call-names.ts';
import { namedResources } from './named-resources.ts';

// What the tables of named resources already know, read backwards: service and path of the ARN give the type.
const named = [
  ...Object.values(namedResources).flatMap((members) => Object.values(members)),
  ...Object.values(callNames).flatMap((names) => names.map(([, , resource]) => resource)),
];
const fromNames = named
  .filter(([, arn]) => arn.includes(':'))
  .map(([type, arn]) => {
    const parts = arn.split(':');
    const path = (parts[3] ?? '').split('/')[0] ?? '';
    return [path === '*' ? (parts[0] ?? '') : `${parts[0]}:${path}`, type] as const;
  });

/** CloudFormation type by `service:path` of an ARN, or by `service` alone where ARNs have no path. Kept without a prototype: keys come from outside. */
export const arnTypes: Readonly<Record<string, string>> = Object.assign(Object.create(null), Object.fromEntries(fromNames), {
  s3: 'AWS::S3::Bucket',
  sns: 'AWS::SNS::Topic',
  sqs: 'AWS::SQS::Queue',
  'kms:key': 'AWS::KMS::Key',
  'kms:alias': 'AWS::KMS::Alias',
  'iam:role': 'AWS::IAM::Role',
  'iam:user': 'AWS::IAM::User',
  'iam:policy': 'AWS::IAM::ManagedPolicy',
  'bedrock:agent-alias': 'AWS::Bedrock::AgentAlias',
  'bedrock:custom-model': 'AWS::Bedrock::CustomModel',
  'bedrock:evaluation-job': 'AWS::Bedrock::EvaluationJob',
  'bedrock:foundation-model': 'AWS::Bedrock::FoundationModel',
  'bedrock:inference-profile': 'AWS::Bedrock::InferenceProfile',
  'bedrock:model-customization-job': 'AWS::Bedrock::ModelCustomizationJob',
  'sagemaker:model-package': 'AWS::SageMaker::ModelPackage',
  'states:stateMachine': 'AWS::StepFunctions::StateMachine',
  'secretsmanager:secret': 'AWS::SecretsManager::Secret',
});
