// SPDX-License-Identifier: Apache-2.0

/**
 * The sample account: one organisation, two accounts, two Regions, three AI systems, 30 days.
 * Everything in it is made up and the same on every run. Account ids are AWS's documentation ids.
 */
export interface SampleWorld {
  readonly organization: string;
  /** The production account runs the credit and support systems, the claims account the third. */
  readonly accounts: readonly SampleAccount[];
  readonly regions: readonly string[];
  /** First instant and end (exclusive) of the 30 days; ISO 8601 UTC. `until` is the sample's present. */
  readonly since: string;
  readonly until: string;
  /** How often the population is repeated; 1 unless `--scale` says more. */
  readonly scale: number;
  readonly systems: readonly SampleSystem[];
}

/** One account of the sample organisation. */
export interface SampleAccount {
  readonly id: string;
  readonly name: string;
  readonly macie: 'on' | 'off';
  /** Regions in which a service control policy denies every call. */
  readonly deniedRegions: readonly string[];
  /** Regions that the account has not switched on: they know none of its keys. */
  readonly offRegions?: readonly string[];
}

/** One AI system of the sample organisation and the names of its parts. */
export interface SampleSystem {
  readonly name: string;
  readonly owner: string;
  readonly account: string;
  readonly region: string;
  /** Value of the tag `ai-system` on its resources. */
  readonly tag: string;
  readonly parts: Readonly<Record<string, string>>;
}

/** Makes the sample world; `scale` repeats its population. */
export function sampleWorld(scale = 1): SampleWorld {
  return {
    organization: 'o-exampleorgid',
    accounts: [
      { id: '111122223333', name: 'prod-ai', macie: 'on', deniedRegions: [] },
      { id: '444455556666', name: 'claims', macie: 'off', deniedRegions: ['us-east-1'] },
    ],
    regions: ['eu-west-1', 'us-east-1'],
    since: '2026-10-12T00:00:00Z',
    until: '2026-11-11T00:00:00Z',
    scale,
    systems: [
      {
        name: 'credit-scoring',
        owner: 'retail-lending',
        account: '111122223333',
        region: 'eu-west-1',
        tag: 'credit-scoring',
        parts: {
          endpoint: 'credit-scoring-prod',
          endpointConfig: 'credit-scoring-prod-7',
          model: 'credit-scoring-2026-10',
          modelPackageGroup: 'credit-scoring',
          dataBucket: 'acme-credit-training-data',
          reportBucket: 'acme-credit-monitoring',
          dataQualitySchedule: 'credit-scoring-data-quality',
          modelQualitySchedule: 'credit-scoring-model-quality',
          biasSchedule: 'credit-scoring-bias',
          explainabilitySchedule: 'credit-scoring-explainability',
        },
      },
      {
        name: 'support-assistant',
        owner: 'customer-care',
        account: '111122223333',
        region: 'us-east-1',
        tag: 'support-assistant',
        parts: {
          foundationModel: 'anthropic.claude-sonnet-4-5-20250929-v1:0',
          guardrail: 'gr7kexample01',
          agent: 'AGENTEXMPL',
          knowledgeBase: 'KBEXAMPLE1',
          dataBucket: 'acme-support-knowledge',
          invocationLogBucket: 'acme-support-invocation-logs',
        },
      },
      {
        name: 'claims-triage',
        owner: 'claims-operations',
        account: '444455556666',
        region: 'eu-west-1',
        tag: 'claims-triage',
        parts: {
          endpoint: 'claims-triage-prod',
          endpointConfig: 'claims-triage-prod-2',
          model: 'claims-triage-2026-09',
          modelPackageGroup: 'claims-triage',
          humanReviewFlow: 'claims-triage-review',
          dataBucket: 'acme-claims-images',
        },
      },
    ],
  };
}
