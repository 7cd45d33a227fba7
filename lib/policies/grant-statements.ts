// SPDX-License-Identifier: Apache-2.0
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Grant, GrantTarget } from '../../src/runtime/deployment/grant.ts';

/** Where in this deployment a grant's target is: ARNs, and a condition where an ARN says too little. */
export interface Located {
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** One statement for each grant, and one that refuses. */
export function grantStatements(
  grants: readonly Grant[],
  denies: readonly string[],
  locate: (target: GrantTarget) => Located,
): readonly PolicyStatement[] {
  const allowed = grants.map(({ actions, on }) => {
    const { resources, conditions } = locate(on);
    return new PolicyStatement({
      actions: [...actions],
      resources: [...resources],
      ...(conditions === undefined ? {} : { conditions: { ...conditions } }),
    });
  });
  return [...allowed, new PolicyStatement({ sid: 'Refused', effect: Effect.DENY, actions: [...denies], resources: ['*'] })];
}

/** Targets that need nothing of a stack but its partition: places and keys that the configuration names. */
export function locateNamed(target: GrantTarget, partition: string): Located | null {
  if (target === 'any') return { resources: ['*'] };
  if (typeof target === 'string') return null;
  if ('kmsKey' in target) return { resources: [target.kmsKey] };
  if ('memberRole' in target) return { resources: [`arn:${partition}:iam::*:role/${target.memberRole}`] };
  const { bucket, prefix } = splitLocation(locationOf(target));
  const bucketArn = `arn:${partition}:s3:::${bucket}`;
  if ('s3Objects' in target) return { resources: [`${bucketArn}/${prefix}*`] };
  if ('s3Bucket' in target || prefix === '') return { resources: [bucketArn] };
  return { resources: [bucketArn], conditions: { StringLike: { 's3:prefix': `${prefix}*` } } };
}

type PlaceTarget = Extract<GrantTarget, { s3Objects: string } | { s3Listing: string } | { s3Bucket: string }>;

function locationOf(target: PlaceTarget): string {
  if ('s3Objects' in target) return target.s3Objects;
  return 's3Listing' in target ? target.s3Listing : target.s3Bucket;
}

/** `s3://bucket/a/b` as bucket and prefix. As S3 lists: without a slash at its end `a/b` means `a/bc` too. */
function splitLocation(location: string): { readonly bucket: string; readonly prefix: string } {
  const [bucket = '', ...rest] = location.replace(/^s3:\/\//, '').split('/');
  return { bucket, prefix: rest.join('/') };
}
