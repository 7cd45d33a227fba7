// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from '../../evidence/json.ts';
import type { SampleWorld } from '../world.ts';
import type { PlacedFinding } from './population.ts';
import { findingIdOf, madeUpHex, resourceArnOf, type SampleFinding, wireTime } from './sample-finding.ts';
import { standardNames } from './standards.ts';

const severities = {
  INFORMATIONAL: ['Informational', 1],
  LOW: ['Low', 2],
  MEDIUM: ['Medium', 3],
  HIGH: ['High', 4],
  CRITICAL: ['Critical', 5],
} as const;
const statuses = { NEW: ['New', 1], NOTIFIED: ['In Progress', 2], SUPPRESSED: ['Suppressed', 3], RESOLVED: ['Resolved', 4] } as const;
const verdicts = { PASSED: ['Pass', 1], WARNING: ['Warning', 2], FAILED: ['Fail', 3], NOT_AVAILABLE: ['Unknown', 0] } as const;
const classes = {
  securityhub: ['Compliance Finding', 2003],
  guardduty: ['Detection Finding', 2004],
  inspector: ['Vulnerability Finding', 2002],
  macie: ['Data Security Finding', 2006],
} as const;

/** Writes a finding in OCSF, as GetFindingsV2 answers it. */
export function ocsfFinding({ finding, place }: PlacedFinding, world: SampleWorld): JsonObject {
  const { account, region, updated } = place;
  const id = findingIdOf(finding, place);
  const [className, classId] = classes[finding.product];
  const [severity, severityId] = severities[finding.severity];
  const isClosed = finding.recordState === 'ARCHIVED';
  const activityId = isClosed ? 3 : 2;
  const [status, statusId] = statuses[finding.workflow];
  const times = { time: updated, time_dt: wireTime(updated) };
  return {
    activity_id: activityId,
    activity_name: isClosed ? 'Close' : 'Update',
    category_name: 'Findings',
    category_uid: 2,
    class_name: className,
    class_uid: classId,
    cloud: { account: { uid: account }, cloud_partition: 'aws', provider: 'AWS', region },
    ...(finding.outcome !== undefined && { compliance: complianceOf(finding, world, account) }),
    finding_info: infoOf(finding, id, updated),
    metadata: {
      product: { name: finding.product, uid: `arn:aws:securityhub:${region}::productv2/aws/${finding.product}`, vendor_name: 'AWS' },
      profiles: ['cloud', 'datetime'],
      uid: madeUpHex(64, id),
      version: '1.6.0',
    },
    resources: [resourceOf({ finding, place })],
    severity,
    severity_id: severityId,
    status,
    status_id: statusId,
    ...times,
    type_uid: classId * 100 + activityId,
    vendor_attributes: { severity, severity_id: severityId },
  };
}

function complianceOf(finding: SampleFinding, world: SampleWorld, account: string): JsonObject {
  const [status, statusId] = verdicts[finding.outcome ?? 'NOT_AVAILABLE'];
  const standards = standardNames(world, account).map((name) => `standards/${name}`);
  return { control: finding.controlId, standards, status, status_id: statusId };
}

function infoOf(finding: SampleFinding, id: string, updated: number): JsonObject {
  return {
    desc: `${finding.title}.`,
    created_time_dt: wireTime(updated - 45 * 86_400_000),
    last_seen_time_dt: wireTime(updated),
    modified_time: updated,
    modified_time_dt: wireTime(updated),
    title: finding.title,
    types: [...finding.types],
    uid: id,
  };
}

function resourceOf({ finding, place }: PlacedFinding): JsonObject {
  const arn = resourceArnOf(finding, place);
  const { tag, cloudFormationType } = finding.resource;
  const isAccount = cloudFormationType === 'AWS::::Account';
  return {
    cloud_partition: 'aws',
    owner: { account: { uid: place.account } },
    region: place.region,
    type: cloudFormationType,
    uid: isAccount ? place.account : (arn.split(/[:/]/).at(-1) ?? arn),
    ...(!isAccount && { uid_alt: arn }),
    ...(tag !== undefined && { tags: [{ name: 'ai-system', value: tag }] }),
  };
}
