// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from '../../evidence/json.ts';
import type { SampleWorld } from '../world.ts';
import { controlWords, sampleControlIds } from './controls.ts';

const foundational = 'aws-foundational-security-best-practices/v/1.0.0';
const ai = 'ai-security-best-practices/v/1.0.0';

/** Names of the standards that are on, as findings list them. */
export function standardNames(world: SampleWorld, account: string): readonly string[] {
  return account === world.accounts[0]?.id ? [foundational, ai] : [foundational];
}

/** The answers about standards in one account and Region. The claims account has no recorder of AWS Config. */
export function enabledStandards(world: SampleWorld, account: string, region: string): readonly JsonObject[] {
  const isRecorded = account === world.accounts[0]?.id;
  return standardNames(world, account).map((name) => ({
    StandardsSubscriptionArn: `arn:aws:securityhub:${region}:${account}:subscription/${name}`,
    StandardsArn: standardArn(region, name),
    StandardsInput: {},
    StandardsStatus: isRecorded ? 'READY' : 'INCOMPLETE',
    StandardsControlsUpdatable: 'READY_FOR_UPDATES',
    ...(!isRecorded && { StandardsStatusReason: { StatusReasonCode: 'NO_AVAILABLE_CONFIGURATION_RECORDER' } }),
    Provider: 'AWS',
  }));
}

/** ARN of a standard in a Region. */
function standardArn(region: string, name: string): string {
  return `arn:aws:securityhub:${region}::standards/${name}`;
}

/** Controls of a standard as ListSecurityControlDefinitions gives them. */
export function controlDefinitions(standard: string | null): readonly JsonObject[] {
  return sampleControlIds
    .filter((id) => standard === null || isInStandard(id, standard))
    .map((id) => {
      const { title, severity } = controlWords(id);
      return {
        SecurityControlId: id,
        Title: title,
        Description: `${title}.`,
        RemediationUrl: `https://docs.aws.amazon.com/console/securityhub/${id}/remediation`,
        SeverityRating: severity,
        CurrentRegionAvailability: 'AVAILABLE',
        ParameterDefinitions: {},
        CustomizableProperties: [],
        Provider: 'AWS',
      };
    });
}

function isInStandard(controlId: string, standard: string): boolean {
  return !standard.endsWith(ai) || /^(SageMaker|Bedrock|BedrockAgentCore)\./.test(controlId);
}

/** Controls that are off: one with a reason, one on AI services without. */
const disabled: Readonly<Record<string, string | null>> = {
  'SageMaker.12': 'Bias jobs run outside the VPC by design',
  'BedrockAgentCore.6': null,
};

/** One control in one standard, as BatchGetStandardsControlAssociations gives it; `undefined` where the standard does not hold it. */
export function association(
  place: { account: string; region: string; until: string },
  controlId: string,
  standard: string,
): JsonObject | undefined {
  const { account, region, until } = place;
  if (!sampleControlIds.includes(controlId) || !isInStandard(controlId, standard)) return undefined;
  const reason = disabled[controlId];
  const { title } = controlWords(controlId);
  return {
    StandardsArn: standard,
    SecurityControlId: controlId,
    SecurityControlArn: `arn:aws:securityhub:${region}:${account}:security-control/${controlId}`,
    AssociationStatus: reason === undefined ? 'ENABLED' : 'DISABLED',
    RelatedRequirements: [],
    UpdatedAt: new Date(Date.parse(until) - 20 * 86_400_000).toISOString(),
    ...(typeof reason === 'string' && { UpdatedReason: reason }),
    StandardsControlTitle: title,
    StandardsControlDescription: `${title}.`,
    StandardsControlArns: [],
  };
}
