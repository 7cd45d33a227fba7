// SPDX-License-Identifier: Apache-2.0
import type { Resource } from '../../evidence/observation.ts';
import { arnTypes } from './arn-types.ts';
import type { NamedResource } from './named-resources.ts';

/** Where a call was made: fills the ARNs of resources that a record names without one. */
export interface Place {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
}

/** The ARN of a resource that a call names, or the name itself where AWS has no one form. */
export function arnOf([type, template]: NamedResource, name: string, place: Place): string {
  if (template === '*') return name;
  // `alias/x` stands where a key id does.
  if (type === 'AWS::KMS::Key' && name.startsWith('alias/')) return `arn:${place.partition}:kms:${place.region}:${place.account}:${name}`;
  let arn = `arn:${place.partition}:`;
  for (const c of template) {
    if (c === '@') arn += place.region;
    else if (c === '$') arn += place.account;
    else if (c === '*') arn += name;
    else if (c === '~') arn += name.toLowerCase();
    else arn += c;
  }
  return arn;
}

/** The CloudFormation type that an ARN's service and path say, empty where not known. */
export function typeOfArn(arn: string): string {
  const parts = arn.split(':', 6);
  const service = parts[2] ?? '';
  const rest = parts[5] ?? '';
  const end = rest.search(/[/:]/);
  const path = end < 0 ? rest : rest.slice(0, end);
  return arnTypes[`${service}:${path}`] ?? arnTypes[service] ?? '';
}

/** Adds a resource that is not among those found yet. */
export function addResource(found: Resource[], arn: string, type: string): void {
  for (const one of found) if (one.arn === arn) return;
  found.push({ arn, type });
}
