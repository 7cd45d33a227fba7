// SPDX-License-Identifier: Apache-2.0
import { arrayAt, type Json, stringAt } from '../../evidence/json.ts';
import type { ScopeFile } from '../../evidence/scope-file.ts';

/** What other answers need to know of a bucket: a few members of one item of DescribeBuckets. */
export interface BucketStanding {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly effectivePermission: string;
  readonly sharedAccess: string;
  /** Whether automated discovery or a recurring job looks at it; `null` where Macie does not know. */
  readonly standingCheck: boolean | null;
}

/** Reads the standing of one item of DescribeBuckets. */
export function bucketStanding(bucket: Json, partition: string): BucketStanding {
  const name = stringAt(bucket, 'bucketName') ?? '';
  return {
    name,
    arn: stringAt(bucket, 'bucketArn') ?? `arn:${partition}:s3:::${name}`,
    account: stringAt(bucket, 'accountId') ?? '',
    tags: tagsOf(arrayAt(bucket, 'tags')),
    effectivePermission: stringAt(bucket, 'publicAccess', 'effectivePermission') ?? 'UNKNOWN',
    sharedAccess: stringAt(bucket, 'sharedAccess') ?? 'UNKNOWN',
    standingCheck: standingCheckOf(bucket),
  };
}

function standingCheckOf(bucket: Json): boolean | null {
  if (stringAt(bucket, 'automatedDiscoveryMonitoringStatus') === 'MONITORED') return true;
  const byJob = stringAt(bucket, 'jobDetails', 'isMonitoredByJob');
  if (byJob === 'TRUE') return true;
  return byJob === 'FALSE' ? false : null;
}

/** Tags of a `[{ key, value }]` list as a record. */
export function tagsOf(list: readonly Json[]): Record<string, string> {
  const pairs = list.map((tag) => [stringAt(tag, 'key') ?? '', stringAt(tag, 'value') ?? ''] as const);
  return Object.fromEntries(pairs.filter(([key]) => key !== ''));
}

/** Whether a bucket carries the AI tag, or stands in the scope file by ARN pattern or account. */
export function isAiBucket(bucket: Pick<BucketStanding, 'arn' | 'account' | 'tags'>, scope: ScopeFile): boolean {
  if (Object.hasOwn(bucket.tags, scope.tagKey)) return true;
  return scope.aiSystems.some(
    (system) => system.accounts.includes(bucket.account) || system.arns.some((pattern) => namesBucket(pattern, bucket.arn)),
  );
}

// A pattern for the objects of a bucket (`arn:aws:s3:::b/*`) names the bucket too.
function namesBucket(pattern: string, arn: string): boolean {
  const regex = new RegExp(`^${pattern.split('*').map(literal).join('.*')}$`, 's');
  return regex.test(arn) || regex.test(`${arn}/`);
}

function literal(text: string): string {
  return text.replaceAll(/[\\^$.|?+()[\]{}]/g, '\\$&');
}
