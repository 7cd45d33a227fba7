// SPDX-License-Identifier: Apache-2.0
import { at, type JsonObject } from '../../evidence/json.ts';
import { isWellSetUp, type SampleBucket } from './buckets.ts';
import { dayMs, madeUpId, madeUpNumber, wireTime } from './dates.ts';
import { affectedBucket, affectedObject, common, type Place } from './finding-parts.ts';
import { sensitiveKinds, sensitiveResult } from './sensitive-data.ts';

/** Findings of an account and Region in order of creation: sensitive data, policy, suppressed ones, and one sample finding. `scale` repeats them. */
export function sampleFindings(place: Place, buckets: readonly SampleBucket[], jobs: readonly JsonObject[]): readonly JsonObject[] {
  const wellSetUp = isWellSetUp(place.world, place.region);
  const readable = buckets.filter((bucket) => bucket.coverage !== 'denied').slice(0, 5);
  // Without automated discovery only the bucket of the daily job is looked at.
  const looked = wellSetUp ? readable : readable.slice(0, 1);
  const sensitive = Array.from({ length: (wellSetUp ? 72 : 26) * place.world.scale }, (_, i) =>
    sensitiveFinding(place, pick(looked, i), jobs, i),
  );
  const policy = Array.from({ length: place.world.scale }, (_, round) => policyFindings(place, readable, round)).flat();
  return [...sensitive, ...policy].sort((a, b) => (String(a['updatedAt']) < String(b['updatedAt']) ? -1 : 1));
}

function pick<Item>(list: readonly Item[], i: number): Item {
  const item = list[i % list.length];
  if (item === undefined) throw new RangeError('a sample account without buckets has no findings');
  return item;
}

function sensitiveFinding(place: Place, bucket: SampleBucket, jobs: readonly JsonObject[], i: number): JsonObject {
  const { account, region } = place;
  const kind = pick(sensitiveKinds, madeUpNumber(sensitiveKinds.length, region, 'kind', String(i)));
  const job = bucket.system !== null && (i % 2 === 0 || !isWellSetUp(place.world, region)) ? jobs[0] : undefined;
  const createdAt = job === undefined ? discoveredAt(place, i) : foundInRunAt(job, i);
  // Made-up training data lies under `synthetic/`: the account's suppression rule archives what Macie finds there.
  const folder = i % 9 === 4 ? 'synthetic' : 'incoming';
  const key = `${folder}/${String(i).padStart(6, '0')}.${kind.extension}`;
  const id = madeUpId('finding', account, region, String(i));
  return {
    ...common(place, { id, at: createdAt, updated: createdAt, count: 1 }),
    archived: folder === 'synthetic',
    category: 'CLASSIFICATION',
    classificationDetails: classification(place, { id, job, result: sensitiveResult(kind, i, `arn:aws:macie2:${region}:${account}`) }),
    description: kind.description,
    resourcesAffected: { s3Bucket: affectedBucket(place, bucket), s3Object: affectedObject(bucket, key, kind.extension, createdAt) },
    severity: kind.severity,
    title: kind.title,
    type: `SensitiveData:S3Object/${kind.name}`,
  };
}

// Automated discovery samples all month long.
function discoveredAt({ world, account, region }: Place, i: number): number {
  const since = Date.parse(world.since);
  return since + madeUpNumber(Date.parse(world.until) - since - dayMs / 2, region, account, 'finding', String(i));
}

// A job finds things within the hour after a run began: the last run, and the three before it.
function foundInRunAt(job: JsonObject, i: number): number {
  const days = at(job, 'scheduleFrequency', 'weeklySchedule') === undefined ? 1 : 7;
  return Date.parse(String(job['lastRunTime'])) - (i % 4) * days * dayMs + 60_000 + madeUpNumber(3_000_000, 'run', String(i));
}

interface ClassificationParts {
  readonly id: string;
  /** The job that found it; automated discovery where undefined. */
  readonly job: JsonObject | undefined;
  readonly result: JsonObject;
}

function classification({ world, account, region }: Place, { id, job, result }: ClassificationParts): JsonObject {
  const producer = job === undefined ? 'automated-discovery' : String(job['jobId']);
  // The literal that Macie writes where no bucket for detailed results is set.
  const bucket = isWellSetUp(world, region) ? 'acme-macie-results' : '[export-config-not-set]';
  return {
    detailedResultsLocation: `s3://${bucket}/AWSLogs/${account}/Macie/${region}/${producer}/${id}.jsonl.gz`,
    ...(job === undefined ? {} : { jobArn: job['jobArn'], jobId: producer }),
    originType: job === undefined ? 'AUTOMATED_SENSITIVE_DATA_DISCOVERY' : 'SENSITIVE_DATA_DISCOVERY_JOB',
    result,
  };
}

const policyKinds = [
  // The guard was taken away before the 30 days began and again since: open for longer than 30 days.
  {
    name: 'S3BlockPublicAccessDisabled',
    api: 'DeletePublicAccessBlock',
    createdDay: -11,
    updatedDay: 8,
    count: 3,
    severity: { description: 'High', score: 3 },
  },
  { name: 'S3BucketPublic', api: 'PutBucketPolicy', createdDay: 5, updatedDay: 19, count: 2, severity: { description: 'High', score: 3 } },
  {
    name: 'S3BucketSharedExternally',
    api: 'PutBucketPolicy',
    createdDay: 12,
    updatedDay: 12,
    count: 1,
    severity: { description: 'High', score: 3 },
  },
  {
    name: 'S3BucketEncryptionDisabled',
    api: 'DeleteBucketEncryption',
    createdDay: 16,
    updatedDay: 16,
    count: 1,
    severity: { description: 'Low', score: 1 },
  },
  {
    name: 'S3BucketPublic',
    api: 'PutBucketAcl',
    createdDay: 21,
    updatedDay: 21,
    count: 1,
    severity: { description: 'High', score: 3 },
    sample: true,
  },
] as const;

function policyFindings(place: Place, buckets: readonly SampleBucket[], round: number): readonly JsonObject[] {
  const { world, account, region } = place;
  return policyKinds.map((kind, i) => {
    const day = (n: number) => Date.parse(world.since) + n * dayMs + (9 + i) * 3_600_000 + round * 1_000;
    const id = madeUpId('policy', account, region, String(i), String(round));
    const [at, updated] = [day(kind.createdDay), day(kind.updatedDay)];
    return {
      ...common(place, { id, at, updated, count: kind.count }),
      archived: false,
      category: 'POLICY',
      description: `A setting of the bucket changed with ${kind.api}.`,
      policyDetails: policyDetails(place, kind.api, at, updated),
      resourcesAffected: { s3Bucket: affectedBucket(place, pick(buckets, i + round)) },
      sample: 'sample' in kind,
      severity: kind.severity,
      title: `The S3 bucket setting was weakened: ${kind.name}`,
      type: `Policy:IAMUser/${kind.name}`,
    };
  });
}

function policyDetails({ account }: Place, api: string, at: number, updated: number): JsonObject {
  const apiCallDetails = { api, apiServiceName: 's3.amazonaws.com', firstSeen: wireTime(at), lastSeen: wireTime(updated) };
  const actor = {
    accessKeyId: 'ASIAEXAMPLEEXAMPLE00',
    accountId: account,
    arn: `arn:aws:sts::${account}:assumed-role/storage-admin/dana`,
    principalId: 'AROAEXAMPLEROLEID0002:dana',
  };
  return {
    action: { actionType: 'AWS_API_CALL', apiCallDetails },
    actor: {
      ipAddressDetails: { ipAddressV4: '203.0.113.17', ipCountry: { code: 'DE', name: 'Germany' } },
      userIdentity: { assumedRole: actor, type: 'AssumedRole' },
    },
  };
}
