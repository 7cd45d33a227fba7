// SPDX-License-Identifier: Apache-2.0
import type { SampleFinding, SampleResource } from './sample-finding.ts';

type Severity = SampleFinding['severity'];

/** The controls that the sample checks: a short title in our words, and a severity. */
const controls: Readonly<Record<string, readonly [string, Severity]>> = {
  'Account.1': ['Security contact details should be given for the account', 'MEDIUM'],
  'Bedrock.1': ['Data sources of knowledge bases should be encrypted with customer managed keys', 'MEDIUM'],
  'BedrockAgentCore.2': ['Agent gateways should require authorization', 'HIGH'],
  'BedrockAgentCore.6': ['Agent browsers should record their sessions', 'MEDIUM'],
  'CloudTrail.1': ['A multi-Region trail should log management events', 'HIGH'],
  'CloudTrail.2': ['Trails should be encrypted at rest', 'MEDIUM'],
  'CloudTrail.4': ['Log file validation should be enabled', 'LOW'],
  'CloudWatch.16': ['Log groups should be kept for the set time', 'MEDIUM'],
  'CodeBuild.1': ['Build sources should not hold credentials', 'CRITICAL'],
  'Config.1': ['AWS Config should record with its service-linked role', 'CRITICAL'],
  'ECR.1': ['Private repositories should have image scanning', 'HIGH'],
  'ElastiCache.1': ['Clusters should have automatic backups', 'HIGH'],
  'GuardDuty.1': ['GuardDuty should be enabled', 'HIGH'],
  'IAM.6': ['Hardware MFA should be enabled for the root user', 'CRITICAL'],
  'KMS.4': ['Key rotation should be enabled', 'MEDIUM'],
  'Macie.1': ['Macie should be enabled', 'MEDIUM'],
  'S3.1': ['The account should block public access to S3', 'MEDIUM'],
  'S3.2': ['Buckets should block public read access', 'CRITICAL'],
  'S3.5': ['Buckets should require requests to use TLS', 'MEDIUM'],
  'S3.8': ['Buckets should block public access', 'HIGH'],
  'S3.9': ['Buckets should have server access logging', 'MEDIUM'],
  'S3.14': ['Buckets should have versioning', 'LOW'],
  'S3.15': ['Buckets should have Object Lock', 'MEDIUM'],
  'S3.17': ['Buckets should be encrypted with KMS keys', 'MEDIUM'],
  'SageMaker.1': ['Notebook instances should not have direct internet access', 'HIGH'],
  'SageMaker.2': ['Notebook instances should be in a custom VPC', 'HIGH'],
  'SageMaker.3': ['Users should not have root access to notebook instances', 'HIGH'],
  'SageMaker.4': ['Endpoint variants should start with more than one instance', 'MEDIUM'],
  'SageMaker.5': ['Models should have network isolation', 'MEDIUM'],
  'SageMaker.9': ['Data quality jobs should encrypt traffic between containers', 'MEDIUM'],
  'SageMaker.12': ['Bias jobs should have network isolation', 'MEDIUM'],
  'SageMaker.14': ['Monitoring schedules should have network isolation', 'MEDIUM'],
  'SageMaker.25': ['Model quality jobs should have network isolation', 'MEDIUM'],
};

/** What a check of the sample may say beside control, resource and outcome. */
export type CheckParts = Partial<
  Pick<SampleFinding, 'workflow' | 'recordState' | 'note' | 'reason' | 'cisNumber' | 'repeats'> & { readonly round: number }
>;

/** A finding of Security Hub's own checks. A pass is RESOLVED, as AWS sets it; `round` tells later results of one check apart. */
export function check(
  day: number,
  controlId: string,
  outcome: NonNullable<SampleFinding['outcome']>,
  about: { readonly resource: SampleResource } & CheckParts,
): SampleFinding {
  const { resource, round = 0, ...parts } = about;
  const [title, severity] = controls[controlId] ?? [controlId, 'MEDIUM'];
  return {
    day,
    name: `${controlId} ${resource.arn} ${round} ${parts.cisNumber ?? ''}`,
    product: 'securityhub',
    controlId,
    title,
    severity: outcome === 'PASSED' ? 'INFORMATIONAL' : severity,
    types: ['Software and Configuration Checks/Industry and Regulatory Standards'],
    outcome,
    workflow: outcome === 'PASSED' ? 'RESOLVED' : 'NEW',
    recordState: 'ACTIVE',
    repeats: true,
    resource,
    ...parts,
  };
}

/** Ids of every control that the sample's standards hold. */
export const sampleControlIds: readonly string[] = Object.keys(controls);

/** Title and severity of a control of the sample. */
export function controlWords(controlId: string): { readonly title: string; readonly severity: Severity } {
  const [title, severity] = controls[controlId] ?? [controlId, 'MEDIUM'];
  return { title, severity };
}
