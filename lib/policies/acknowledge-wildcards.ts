// SPDX-License-Identifier: Apache-2.0
import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Tells the AWS solutions pack, on one policy, why each of its resources with a `*` is no wider than needed. By the exact resource: a wildcard
 * that is added later is found.
 */
export function acknowledgeWildcards(policy: IConstruct, resources: readonly { readonly resource: string; readonly why: string }[]): void {
  const stack = Stack.of(policy);
  const reasons = new Map<string, string>();
  for (const { resource, why } of resources) {
    const flat = flatten(stack.resolve(resource));
    if (flat.includes('*') && !reasons.has(flat)) reasons.set(flat, why);
  }
  for (const [flat, reason] of reasons) Validations.of(policy).acknowledge({ id: `AwsSolutions-IAM5[Resource::${flat}]`, reason });
}

/** The spelling in which cdk-nag names a resource: `<Logical.Arn>/vault/*`, `arn:<AWS::Partition>:s3:::reports/*`. */
function flatten(resolved: unknown): string {
  if (typeof resolved === 'string') return resolved.replaceAll('${', '<').replaceAll('}', '>');
  if (typeof resolved !== 'object' || resolved === null) return String(resolved);
  const [[operation, value] = []] = Object.entries(resolved);
  if (operation === 'Ref') return `<${String(value)}>`;
  if (!Array.isArray(value)) return JSON.stringify(resolved);
  if (operation === 'Fn::GetAtt') return `<${value.map(flatten).join('.')}>`;
  const [delimiter, parts] = value;
  if (operation === 'Fn::Join' && Array.isArray(parts)) return parts.map(flatten).join(String(delimiter));
  return JSON.stringify(resolved);
}
