// SPDX-License-Identifier: Apache-2.0
import type { SampleWorld } from '../world.ts';
import { check } from './controls.ts';
import { accountResource } from './resources.ts';
import type { SampleFinding, SampleResource } from './sample-finding.ts';

/** Findings about an account itself in one Region; they do not repeat with the scale. */
export function accountFindings(world: SampleWorld, account: string, region: string): readonly SampleFinding[] {
  const resource = accountResource(account);
  const once = { resource, repeats: false } as const;
  const isFirst = account === world.accounts[0]?.id;
  const trail: SampleResource = {
    type: 'AwsCloudTrailTrail',
    cloudFormationType: 'AWS::CloudTrail::Trail',
    arn: `arn:aws:cloudtrail:${region}:${account}:trail/organization-trail`,
  };
  return [
    check(0.2, 'CloudTrail.1', 'PASSED', once),
    check(2.05, 'CloudTrail.2', isFirst ? 'PASSED' : 'FAILED', { ...once, resource: trail }),
    check(2.9, 'CloudTrail.4', 'PASSED', { ...once, resource: trail }),
    check(3.9, 'Config.1', isFirst ? 'PASSED' : 'FAILED', once),
    check(5.5, 'IAM.6', 'FAILED', { ...once, workflow: 'NOTIFIED' }),
    check(7.1, 'GuardDuty.1', 'PASSED', once),
    check(9.1, 'Macie.1', isFirst ? 'PASSED' : 'FAILED', once),
    check(10.9, 'S3.1', 'PASSED', once),
    check(13.8, 'Account.1', 'FAILED', once),
    // AWS writes PASSED where there was nothing to check.
    check(18.2, 'CodeBuild.1', 'PASSED', { ...once, reason: 'CONFIG_EVALUATIONS_EMPTY' }),
    check(19.6, 'CloudWatch.16', 'WARNING', { ...once, reason: 'CONFIG_ACCESS_DENIED' }),
    // A control that no mapping rule names.
    check(23.5, 'ElastiCache.1', 'FAILED', once),
  ];
}
