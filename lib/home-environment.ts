// SPDX-License-Identifier: Apache-2.0
import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { envNames } from '../src/runtime/deployment/env-names.ts';
import { metricNamespace } from '../src/runtime/deployment/metric-names.ts';
import type { EvidenceHome } from './evidence-home.ts';

/** What every function is told of its home: names and ARNs, no values. */
export function homeEnvironment(scope: Construct, home: EvidenceHome): Record<string, string> {
  const variables: Record<string, string | undefined> = {
    [envNames.vaultBucket]: home.bucket.bucketName,
    [envNames.vaultKey]: home.vaultKey?.keyArn,
    [envNames.lockMode]: home.lock.mode,
    [envNames.retentionDays]: String(home.lock.retentionDays),
    [envNames.table]: home.table.tableName,
    [envNames.signingKey]: home.signingKey.keyArn,
    [envNames.previousSigningKey]: home.previousSigningKey?.keyArn,
    [envNames.secretKey]: home.secretKey.keyArn,
    [envNames.topic]: home.topic.topicArn,
    [envNames.homeKind]: home.sampleEndpoint === undefined ? 'real' : 'sample',
    [envNames.sourceEndpoint]: home.sampleEndpoint,
    // Stack traces that name the lines of the source, from the map beside the bundle.
    NODE_OPTIONS: '--enable-source-maps',
    POWERTOOLS_METRICS_NAMESPACE: metricNamespace,
    POWERTOOLS_SERVICE_NAME: Stack.of(scope).stackName,
  };
  return Object.fromEntries(Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
