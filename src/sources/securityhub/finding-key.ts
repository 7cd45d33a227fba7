// SPDX-License-Identifier: Apache-2.0
import type { Resource } from '../../evidence/observation.ts';

interface KeyParts {
  readonly findingId: string;
  readonly partition: string;
  readonly account: string;
  readonly region: string;
  readonly product: string | undefined;
  readonly controlId: string | undefined;
  readonly resources: readonly Resource[];
}

/**
 * What stays the same over a check's life. For controls: partition, account, Region, control and first resource, because finding ids and
 * standards change when consolidation is switched. IAM controls leave the Region out: AWS repeats them in every Region.
 * For other products: product, account and the product's own id. The ASFF and the OCSF form of one finding have the same key.
 */
export function findingKeyOf(parts: KeyParts): string {
  const { account, controlId } = parts;
  if (controlId === undefined) return ['securityhub', parts.product ?? 'unknown', account, parts.findingId].join('|');
  const region = controlId.startsWith('IAM.') ? '' : parts.region;
  return ['securityhub', parts.partition, account, region, controlId, subjectOf(parts.resources[0], account)].join('|');
}

function subjectOf(resource: Resource | undefined, account: string): string {
  return resource === undefined || resource.type === 'AWS::::Account' ? account : resource.arn;
}
