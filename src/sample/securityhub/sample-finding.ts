// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';

/** A resource that a finding is about. `tag` is the value of its tag `ai-system`. */
export interface SampleResource {
  /** ASFF type, such as `AwsS3Bucket`. */
  readonly type: string;
  /** CloudFormation type, which the OCSF form uses. */
  readonly cloudFormationType: string;
  readonly arn: string;
  readonly tag?: string;
}

/** One finding of the sample, before it is written in ASFF or OCSF. */
export interface SampleFinding {
  /** Days after the beginning of the 30 days at which it was last updated. */
  readonly day: number;
  /** Tells findings of one place apart; the made-up id comes from it. */
  readonly name: string;
  readonly product: 'securityhub' | 'guardduty' | 'inspector' | 'macie';
  readonly controlId?: string;
  readonly title: string;
  readonly severity: 'INFORMATIONAL' | 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL';
  readonly types: readonly string[];
  readonly outcome?: 'PASSED' | 'FAILED' | 'WARNING' | 'NOT_AVAILABLE';
  /** Reason code of an outcome that judged nothing. */
  readonly reason?: string;
  readonly workflow: 'NEW' | 'NOTIFIED' | 'SUPPRESSED' | 'RESOLVED';
  readonly recordState: 'ACTIVE' | 'ARCHIVED';
  readonly note?: string;
  /** The product's own id of the finding, where it is not made up from the name. */
  readonly ownId?: string;
  /** Number in CIS 1.2 of a finding that was made before findings were consolidated. */
  readonly cisNumber?: string;
  readonly resource: SampleResource;
  /** False for checks of the account itself, of which there is one however large the sample is. */
  readonly repeats: boolean;
}

/** Where a finding is: account, Region, and which repetition of the population it belongs to. */
export interface FindingPlace {
  readonly account: string;
  readonly region: string;
  readonly copy: number;
  /** Milliseconds since 1970 of its last update. */
  readonly updated: number;
}

/** A made-up hexadecimal id, the same for the same name. */
export function madeUpHex(length: number, ...name: readonly (string | number)[]): string {
  return hash('sha256', `aims-evidence sample securityhub ${name.join(' ')}`).slice(0, length);
}

/** A made-up id in the form of a UUID. */
function madeUpUuid(...name: readonly (string | number)[]): string {
  const hex = madeUpHex(32, ...name);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** ISO 8601 UTC with milliseconds, as findings write times. */
export function wireTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** The product's own id of a finding: for controls with the control in it, as AWS writes it since findings are consolidated. */
export function findingIdOf(finding: SampleFinding, { account, region, copy }: FindingPlace): string {
  const uuid = madeUpUuid(account, region, finding.name, copy);
  if (finding.ownId !== undefined) return finding.ownId;
  const prefix = `arn:aws:securityhub:${region}:${account}`;
  switch (finding.product) {
    case 'guardduty':
      return `arn:aws:guardduty:${region}:${account}:detector/${madeUpHex(32, account, region)}/finding/${madeUpHex(32, uuid)}`;
    case 'inspector':
      return `arn:aws:inspector2:${region}:${account}:finding/${madeUpHex(32, uuid)}`;
    case 'macie':
      return madeUpHex(32, uuid);
    case 'securityhub':
      return finding.cisNumber === undefined
        ? `${prefix}:security-control/${finding.controlId ?? ''}/finding/${uuid}`
        : `${prefix}:subscription/cis-aws-foundations-benchmark/v/1.2.0/${finding.cisNumber}/finding/${uuid}`;
  }
}

/** The ARN of the resource in a repetition of the population. */
export function resourceArnOf(finding: SampleFinding, { copy }: FindingPlace): string {
  return copy === 0 || !finding.repeats ? finding.resource.arn : `${finding.resource.arn}-${copy}`;
}
