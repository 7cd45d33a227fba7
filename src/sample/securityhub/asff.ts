// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from '../../evidence/json.ts';
import type { SampleWorld } from '../world.ts';
import type { PlacedFinding } from './population.ts';
import { findingIdOf, madeUpHex, resourceArnOf, type SampleFinding, wireTime } from './sample-finding.ts';
import { standardNames } from './standards.ts';

const normalized = { INFORMATIONAL: 0, LOW: 1, MEDIUM: 40, HIGH: 70, CRITICAL: 90 } as const;
const productNames = { securityhub: 'Security Hub', guardduty: 'GuardDuty', inspector: 'Inspector', macie: 'Macie' } as const;
const daysSinceFirst = 45;

/** Writes a finding in ASFF, as GetFindings answers it. */
export function asffFinding({ finding, place }: PlacedFinding, world: SampleWorld): JsonObject {
  const { account, region, updated } = place;
  const id = findingIdOf(finding, place);
  const productArn = `arn:aws:securityhub:${region}::product/aws/${finding.product}`;
  const first = wireTime(updated - daysSinceFirst * 86_400_000);
  const severity = { Label: finding.severity, Normalized: normalized[finding.severity], Original: finding.severity };
  return {
    SchemaVersion: '2018-10-08',
    Id: id,
    ProductArn: productArn,
    ProductName: productNames[finding.product],
    CompanyName: 'AWS',
    Region: region,
    GeneratorId: generatorOf(finding, account, region),
    AwsAccountId: account,
    Types: [...finding.types],
    FirstObservedAt: first,
    LastObservedAt: wireTime(updated),
    CreatedAt: first,
    UpdatedAt: wireTime(updated),
    Severity: severity,
    Title: finding.title,
    Description: `${finding.title}.`,
    ProductFields: productFields(finding, `${productArn}/${id}`, account, region),
    Resources: [resourceOf({ finding, place })],
    ...(finding.outcome !== undefined && { Compliance: complianceOf(finding, world, account) }),
    WorkflowState: 'NEW',
    Workflow: { Status: finding.workflow },
    RecordState: finding.recordState,
    ...(finding.note !== undefined && {
      Note: { Text: finding.note, UpdatedBy: 'security-team', UpdatedAt: wireTime(updated + 3_600_000) },
    }),
    FindingProviderFields: { Severity: { Label: finding.severity, Original: finding.severity }, Types: [...finding.types] },
    // Triage an hour later moves ProcessedAt and leaves UpdatedAt.
    ProcessedAt: wireTime(updated + (finding.note === undefined ? 4_200 : 3_600_000)),
    AwsAccountName: world.accounts.find((one) => one.id === account)?.name ?? '',
  };
}

function generatorOf(finding: SampleFinding, account: string, region: string): string {
  switch (finding.product) {
    case 'guardduty':
      return `arn:aws:guardduty:${region}:${account}:detector/${madeUpHex(32, account, region)}`;
    case 'inspector':
      return 'AWSInspector';
    case 'macie':
      return 'aws/macie';
    case 'securityhub':
      return finding.cisNumber === undefined
        ? `security-control/${finding.controlId ?? ''}`
        : `arn:aws:securityhub:::ruleset/cis-aws-foundations-benchmark/v/1.2.0/rule/${finding.cisNumber}`;
  }
}

function productFields(finding: SampleFinding, hubId: string, account: string, region: string): JsonObject {
  const common = {
    'aws/securityhub/ProductName': productNames[finding.product],
    'aws/securityhub/CompanyName': 'AWS',
    'aws/securityhub/FindingId': hubId,
  };
  if (finding.cisNumber === undefined) return common;
  const standard = 'cis-aws-foundations-benchmark/v/1.2.0';
  return {
    StandardsGuideArn: `arn:aws:securityhub:::ruleset/${standard}`,
    RuleId: finding.cisNumber,
    StandardsControlArn: `arn:aws:securityhub:${region}:${account}:control/${standard}/${finding.cisNumber}`,
    'ArchivalReasons:0/Description': 'The finding is in an ARCHIVED state because consolidated control findings has been turned on.',
    'ArchivalReasons:0/ReasonCode': 'CONSOLIDATED_CONTROL_FINDINGS_UPDATE',
    ...common,
  };
}

function resourceOf({ finding, place }: PlacedFinding): JsonObject {
  const { type, tag } = finding.resource;
  return {
    Type: type,
    Id: resourceArnOf(finding, place),
    Partition: 'aws',
    Region: place.region,
    ...(tag !== undefined && { Tags: { 'ai-system': tag } }),
  };
}

function complianceOf(finding: SampleFinding, world: SampleWorld, account: string): JsonObject {
  const reasons = finding.reason === undefined ? [] : [{ ReasonCode: finding.reason, Description: 'Made up for the sample account.' }];
  const status = { Status: finding.outcome, ...(reasons.length > 0 && { StatusReasons: reasons }) };
  if (finding.cisNumber !== undefined) return status;
  const standards = standardNames(world, account).map((name) => ({ StandardsId: `standards/${name}` }));
  return { ...status, SecurityControlId: finding.controlId, AssociatedStandards: standards };
}
