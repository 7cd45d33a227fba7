// SPDX-License-Identifier: Apache-2.0
import { type Arn, parseArn } from './arn.ts';
import { arnServices, asffServices, oddArnThings, oddThings, singleThings } from './resource-type-names.ts';

/** CloudFormation type of a resource in an ASFF finding; `undefined` where service or thing is not known. */
export function asffResourceType(type: string | undefined, id: string | undefined, odd: ReadonlyMap<string, string>): string | undefined {
  if (type === undefined || type === 'Other') return arnResourceType(id);
  if (type.includes('::')) return type;
  return odd.get(type) ?? oddThings.get(type) ?? regularType(type) ?? arnResourceType(id);
}

function regularType(type: string): string | undefined {
  for (const [name, service] of asffServices) {
    const prefix = `Aws${name}`;
    const thing = type.slice(prefix.length);
    if (type.startsWith(prefix) && /^[A-Z]/.test(thing)) return `AWS::${service}::${thing}`;
  }
  return undefined;
}

/** CloudFormation type by the ARN alone: `arn:aws:sagemaker:…:endpoint-config/x` is `AWS::SageMaker::EndpointConfig`. */
export function arnResourceType(id: string | undefined): string | undefined {
  const arn = parseArn(id);
  const service = arn === undefined ? undefined : arnServices.get(arn.service);
  if (arn === undefined || service === undefined) return undefined;
  if (arn.service === 's3' && arn.resource.includes('/')) return 'AWS::S3::Object';
  const kind = kindOf(arn);
  if (kind === undefined) return singleThings.get(arn.service);
  return oddArnThings.get(`${arn.service}/${kind}`) ?? `AWS::${service}::${pascal(kind)}`;
}

/** The word before the name in the resource part; `undefined` where the whole part is a name, as for buckets, topics and queues. */
function kindOf(arn: Arn): string | undefined {
  if (singleThings.has(arn.service)) return undefined;
  return /^([a-z][a-z0-9-]*)[:/]/.exec(arn.resource)?.[1];
}

function pascal(kebab: string): string {
  return kebab.replace(/(?:^|-)([a-z0-9])/g, (_, first: string) => first.toUpperCase());
}
