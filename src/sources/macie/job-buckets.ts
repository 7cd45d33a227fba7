// SPDX-License-Identifier: Apache-2.0
import { arrayAt, at, type Json, stringAt } from '../../evidence/json.ts';
import type { BucketStanding } from './bucket-standing.ts';

/** Which buckets a discovery job covers: those it lists by name, else those of the account that its criteria accept now. */
interface BucketsOfJob {
  /** In order of name. */
  readonly buckets: readonly BucketStanding[];
  /** False where a bucket's tags or the whole list could not be read, so that silence about a bucket means nothing. */
  readonly complete: boolean;
}

/** Buckets by name, or `null` when DescribeBuckets could not be read to its end. */
export type KnownBuckets = ReadonlyMap<string, BucketStanding> | null;

/** Buckets that a job covers; `null` when criteria decide and cannot be judged: no list of buckets, or a criterion that is new to us. */
export function bucketsOfJob(job: Json, known: KnownBuckets, partition: string): BucketsOfJob | null {
  const definition = at(job, 's3JobDefinition');
  const criteria = at(definition, 'bucketCriteria');
  const found = new Map<string, BucketStanding>();
  for (const { name, account } of namedBuckets(definition)) found.set(name, known?.get(name) ?? unseen(name, account, partition));
  if (criteria !== undefined && criteria !== null) {
    if (known === null) return null;
    for (const bucket of known.values()) {
      const verdict = accepts(criteria, bucket);
      if (verdict === null) return null;
      if (verdict) found.set(bucket.name, bucket);
    }
  }
  const buckets = [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { buckets, complete: known !== null };
}

function namedBuckets(definition: Json | undefined): { name: string; account: string }[] {
  return arrayAt(definition, 'bucketDefinitions').flatMap((entry) => {
    const account = stringAt(entry, 'accountId') ?? '';
    return arrayAt(entry, 'buckets')
      .filter((name) => typeof name === 'string')
      .map((name) => ({ name, account }));
  });
}

function unseen(name: string, account: string, partition: string): BucketStanding {
  const arn = `arn:${partition}:s3:::${name}`;
  return { name, arn, account, tags: {}, effectivePermission: 'UNKNOWN', sharedAccess: 'UNKNOWN', standingCheck: null };
}

// `includes` minus `excludes`; the conditions of a block are joined by AND, the values of a condition by OR; no `includes` means every bucket.
// https://docs.aws.amazon.com/macie/latest/APIReference/jobs.html, S3BucketCriteriaForJob, read 2026-11.
function accepts(criteria: Json, bucket: BucketStanding): boolean | null {
  const includes = arrayAt(criteria, 'includes', 'and');
  const excludes = arrayAt(criteria, 'excludes', 'and');
  const included = holdsAll(includes, bucket);
  const excluded = excludes.length === 0 ? false : holdsAll(excludes, bucket);
  return included === null || excluded === null ? null : included && !excluded;
}

function holdsAll(conditions: readonly Json[], bucket: BucketStanding): boolean | null {
  const verdicts = conditions.map((condition) => holds(condition, bucket));
  return verdicts.includes(null) ? null : verdicts.every((verdict) => verdict === true);
}

function holds(condition: Json, bucket: BucketStanding): boolean | null {
  const tag = at(condition, 'tagCriterion');
  if (tag !== undefined && tag !== null) return holdsTag(tag, bucket);
  const simple = at(condition, 'simpleCriterion');
  const value = propertyOf(stringAt(simple, 'key'), bucket);
  const wanted = arrayAt(simple, 'values').filter((one) => typeof one === 'string');
  return value === null ? null : compare(stringAt(simple, 'comparator'), value, wanted);
}

function holdsTag(tag: Json, { tags }: BucketStanding): boolean | null {
  // An empty value stands for the key with any value.
  const any = arrayAt(tag, 'tagValues').some((pair) => {
    const [key, value] = [stringAt(pair, 'key') ?? '', stringAt(pair, 'value') ?? ''];
    return Object.hasOwn(tags, key) && (value === '' || tags[key] === value);
  });
  const comparator = stringAt(tag, 'comparator');
  if (comparator === 'EQ') return any;
  return comparator === 'NE' ? !any : null;
}

function propertyOf(key: string | undefined, bucket: BucketStanding): string | null {
  switch (key) {
    case 'ACCOUNT_ID':
      return bucket.account;
    case 'S3_BUCKET_NAME':
      return bucket.name;
    case 'S3_BUCKET_EFFECTIVE_PERMISSION':
      return bucket.effectivePermission;
    case 'S3_BUCKET_SHARED_ACCESS':
      return bucket.sharedAccess;
    default:
      return null;
  }
}

function compare(comparator: string | undefined, value: string, wanted: readonly string[]): boolean | null {
  switch (comparator) {
    case 'EQ':
      return wanted.includes(value);
    case 'NE':
      return !wanted.includes(value);
    case 'CONTAINS':
      return wanted.some((part) => value.includes(part));
    case 'STARTS_WITH':
      return wanted.some((part) => value.startsWith(part));
    default:
      return null;
  }
}
