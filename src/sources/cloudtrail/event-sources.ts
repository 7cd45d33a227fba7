// SPDX-License-Identifier: Apache-2.0
import type { Json } from '../../evidence/json.ts';

/** Services whose calls are subscribed to, without `.amazonaws.com`: those that run AI, and those that watch over it. */
const subscribed: readonly string[] = [
  ...[
    'a2i-runtime.sagemaker',
    'agent-registry',
    'bedrock',
    'bedrock-agent-runtime',
    'bedrock-agentcore',
    'bedrock-mantle',
    'bedrock-runtime',
    'metrics-sagemaker',
  ],
  ...['sagemaker', 'sagemaker-geospatial', 'comprehend', 'forecast', 'kendra', 'lex', 'lexv2', 'models-v2-lex', 'personalize', 'polly'],
  ...['qbusiness', 'rekognition', 's3vectors', 'textract', 'transcribe', 'translate'],
  ...['access-analyzer', 'auditmanager', 'backup', 'cloudtrail', 'config', 'controltower', 'guardduty', 'inspector2', 'macie2'],
  ...['organizations', 'securityhub', 'ssm-incidents'],
];

const busy = 'its calls come by the thousand in any account; LookupEvents or the log files give those that rules name within the hour';
const slow = 'what rules read of it is no hurry; LookupEvents or the log files give it within the hour';

/** Services that rules name and that are not subscribed to, and why: an event costs as much as the record that comes of it. */
export const polledEventSources: Readonly<Record<string, string>> = Object.fromEntries([
  ...['athena', 'cloudformation', 'dynamodb', 'ec2', 'ec2-instance-connect', 'ecr', 'events', 'glue', 'iam', 'kms', 'lakeformation'].map(
    (name) => [`${name}.amazonaws.com`, busy],
  ),
  ...['lambda', 'logs', 'monitoring', 'rds', 'redshift', 's3', 'secretsmanager', 'sns', 'ssm', 'sso', 'states', 'sts', 'support'].map(
    (name) => [`${name}.amazonaws.com`, busy],
  ),
  ...[
    'agreement-marketplace',
    'aoss',
    'appflow',
    'artifact',
    'aws-marketplace',
    'cleanrooms',
    'codebuild',
    'codecommit',
    'codepipeline',
  ].map((name) => [`${name}.amazonaws.com`, slow]),
  ...['databrew', 'dataexchange', 'datasync', 'datazone', 'dms', 'es', 'fis', 'identitystore', 'ram', 'rolesanywhere'].map((name) => [
    `${name}.amazonaws.com`,
    slow,
  ]),
  ...['route53resolver', 'servicecatalog', 'servicequotas', 'sso-directory', 'wellarchitected'].map((name) => [
    `${name}.amazonaws.com`,
    slow,
  ]),
]);

/**
 * Patterns of CloudTrail's events. A rule that is `ENABLED` is sent no read-only calls. AWS writes the sign-in's type in two ways:
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html and the events themselves (read 2026-11).
 */
export const cloudTrailPatterns: readonly Json[] = [
  {
    'detail-type': ['AWS API Call via CloudTrail', 'AWS Service Event via CloudTrail'],
    detail: { eventSource: subscribed.map((name) => `${name}.amazonaws.com`) },
  },
  { 'detail-type': ['AWS Console Sign In via CloudTrail', 'AWS Console Signin via CloudTrail'] },
  { source: ['aws.cloudtrail'], 'detail-type': ['AWS Insight via CloudTrail'] },
];
