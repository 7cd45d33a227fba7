// SPDX-License-Identifier: Apache-2.0
import { type JsonObject, stringAt } from '../../evidence/json.ts';
import { sampleBuckets } from '../macie/buckets.ts';
import { sampleFindings } from '../macie/findings.ts';
import type { SampleWorld } from '../world.ts';
import { resourcesOf } from './resources.ts';
import type { SampleFinding } from './sample-finding.ts';

/** Findings that GuardDuty, Inspector and Macie sent to Security Hub. */
export function productFindings(world: SampleWorld, account: string, region: string): readonly SampleFinding[] {
  const systems = world.systems.filter((system) => system.account === account && system.region === region);
  const own = systems.flatMap((system) => {
    const of = resourcesOf(system);
    return [threat(6.9, of.bucket('dataBucket')), handledThreat(20.3, of.bucket('dataBucket')), weakness(11.1, of.repository())];
  });
  return [...own, ...macieCopies(world, account, region)];
}

function threat(day: number, resource: SampleFinding['resource']): SampleFinding {
  return {
    day,
    name: `threat ${resource.arn}`,
    product: 'guardduty',
    title: 'An unusual number of objects was read from the bucket',
    severity: 'HIGH',
    types: ['TTPs/Exfiltration/Exfiltration:S3-AnomalousBehavior'],
    workflow: 'NEW',
    recordState: 'ACTIVE',
    resource,
    repeats: true,
  };
}

function handledThreat(day: number, resource: SampleFinding['resource']): SampleFinding {
  return {
    ...threat(day, resource),
    name: `handled threat ${resource.arn}`,
    title: 'Buckets were listed from an unusual place',
    severity: 'LOW',
    types: ['TTPs/Discovery/Discovery:S3-AnomalousBehavior'],
    workflow: 'RESOLVED',
    note: 'A new colleague; confirmed by customer-care.',
  };
}

function weakness(day: number, resource: SampleFinding['resource']): SampleFinding {
  return {
    day,
    name: `weakness ${resource.arn}`,
    product: 'inspector',
    title: 'CVE-2026-00000 - example-package',
    severity: 'CRITICAL',
    types: ['Software and Configuration Checks/Vulnerabilities/CVE'],
    workflow: 'NEW',
    recordState: 'ACTIVE',
    resource: { ...resource, type: 'AwsEcrContainerImage', arn: `${resource.arn}/sha256:${'0'.repeat(64)}` },
    repeats: true,
  };
}

const macieSeverity: Readonly<Record<string, SampleFinding['severity']>> = { Low: 'LOW', Medium: 'MEDIUM', High: 'HIGH' };

/** Macie sends its policy findings to Security Hub by itself; the copies keep Macie's finding id. */
function macieCopies(world: SampleWorld, account: string, region: string): readonly SampleFinding[] {
  if (world.accounts.find((one) => one.id === account)?.macie !== 'on') return [];
  const buckets = sampleBuckets({ ...world, scale: 1 }, account, region);
  return sampleFindings({ world: { ...world, scale: 1 }, account, region }, buckets, [])
    .filter((finding) => finding['category'] === 'POLICY' && finding['sample'] !== true)
    .map((finding) => macieCopy(world, finding));
}

function macieCopy(world: SampleWorld, finding: JsonObject): SampleFinding {
  const updated = Date.parse(stringAt(finding, 'updatedAt') ?? world.since);
  const bucket = stringAt(finding, 'resourcesAffected', 's3Bucket', 'arn') ?? '';
  const type = stringAt(finding, 'type') ?? '';
  return {
    day: (updated - Date.parse(world.since)) / 86_400_000 + 0.01,
    name: `macie ${stringAt(finding, 'id')}`,
    ownId: stringAt(finding, 'id') ?? '',
    product: 'macie',
    title: stringAt(finding, 'title') ?? type,
    severity: macieSeverity[stringAt(finding, 'severity', 'description') ?? ''] ?? 'MEDIUM',
    types: [`Software and Configuration Checks/AWS Security Best Practices/${type.replace('/', '-')}`],
    workflow: 'NEW',
    recordState: 'ACTIVE',
    resource: { type: 'AwsS3Bucket', cloudFormationType: 'AWS::S3::Bucket', arn: bucket },
    repeats: false,
  };
}
