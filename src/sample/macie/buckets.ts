// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from '../../evidence/json.ts';
import type { SampleWorld } from '../world.ts';
import { dayMs, madeUpId, madeUpNumber, wireTime } from './dates.ts';

/** One bucket of the sample, as far as Macie's answers tell of it. */
export interface SampleBucket {
  readonly name: string;
  readonly arn: string;
  /** Empty for a bucket without tags. */
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  /** Name of the AI system whose data it holds, `null` for any other bucket. */
  readonly system: string | null;
  readonly isPublic: boolean;
  /** How Macie looks at it: by automated discovery, by a recurring job, once by a one-time job, not at all, or in vain. */
  readonly coverage: 'discovery' | 'job' | 'once' | 'none' | 'denied';
}

/** Where automated discovery is on and results are exported: the first Region. The second shows an account that is half set up. */
export function isWellSetUp(world: SampleWorld, region: string): boolean {
  return region === world.regions[0];
}

const bucketParts = ['dataBucket', 'reportBucket', 'invocationLogBucket'] as const;

/** Buckets of an account and Region: those of its AI systems first. `scale` adds archive buckets. */
export function sampleBuckets(world: SampleWorld, account: string, region: string): readonly SampleBucket[] {
  const wellSetUp = isWellSetUp(world, region);
  const ai = world.systems
    .filter((system) => system.account === account && system.region === region)
    .flatMap((system) =>
      bucketParts.flatMap((part, i) => {
        const name = system.parts[part];
        const tags = [tag('ai-system', system.tag), tag('owner', system.owner)];
        const coverage = wellSetUp ? 'discovery' : i === 0 ? 'job' : 'none';
        return name === undefined ? [] : [bucket(name, { tags, system: system.name, coverage })];
      }),
    );
  const others = [
    bucket(`acme-website-${region}`, { tags: [tag('team', 'web')], isPublic: true, coverage: 'once' }),
    bucket(`acme-payroll-${region}`, { tags: [tag('team', 'people')], coverage: 'denied' }),
  ];
  const archives = Array.from({ length: 4 * world.scale }, (_, i) =>
    bucket(`acme-archive-${region}-${String(i + 1).padStart(4, '0')}`, { coverage: wellSetUp ? 'discovery' : 'none' }),
  );
  return [...ai, ...others, ...archives];
}

function tag(key: string, value: string): { key: string; value: string } {
  return { key, value };
}

function bucket(name: string, parts: Partial<SampleBucket>): SampleBucket {
  return { name, arn: `arn:aws:s3:::${name}`, tags: [], system: null, isPublic: false, coverage: 'none', ...parts };
}

/** A bucket as an item of DescribeBuckets. */
export function bucketMetadata(sample: SampleBucket, world: SampleWorld, account: string, region: string): JsonObject {
  const until = Date.parse(world.until);
  const objects = 200 + madeUpNumber(9_000, sample.name, 'objects');
  const basic: JsonObject = {
    accountId: account,
    bucketArn: sample.arn,
    bucketCreatedAt: wireTime(until - (200 + madeUpNumber(900, sample.name)) * dayMs),
    bucketName: sample.name,
    lastUpdated: wireTime(until - dayMs / 4),
    region,
    tags: sample.tags,
  };
  if (sample.coverage === 'denied') {
    return {
      ...basic,
      errorCode: 'ACCESS_DENIED',
      errorMessage: 'Macie does not have permission to retrieve information about the bucket.',
    };
  }
  const discovered = sample.coverage === 'discovery';
  return {
    ...basic,
    allowsUnencryptedObjectUploads: 'FALSE',
    automatedDiscoveryMonitoringStatus: discovered ? 'MONITORED' : 'NOT_MONITORED',
    classifiableObjectCount: objects,
    classifiableSizeInBytes: objects * 4_096,
    jobDetails: jobDetails(sample, until),
    ...(discovered
      ? { lastAutomatedDiscoveryTime: wireTime(until - dayMs / 2), sensitivityScore: madeUpNumber(100, sample.name, 'score') }
      : {}),
    objectCount: objects,
    objectCountByEncryptionType: { customerManaged: 0, kmsManaged: objects, s3Managed: 0, unencrypted: 0, unknown: 0 },
    publicAccess: publicAccess(sample),
    replicationDetails: { replicated: false, replicatedExternally: false, replicationAccounts: [] },
    serverSideEncryption: { kmsMasterKeyId: null, type: 'aws:kms' },
    sharedAccess: 'NOT_SHARED',
    sizeInBytes: objects * 4_096,
    sizeInBytesCompressed: 0,
    unclassifiableObjectCount: { fileType: 0, storageClass: 0, total: 0 },
    unclassifiableObjectSizeInBytes: { fileType: 0, storageClass: 0, total: 0 },
    versioning: sample.system !== null,
  };
}

function jobDetails({ coverage, name }: SampleBucket, until: number): JsonObject {
  if (coverage === 'none') return { isDefinedInJob: 'FALSE', isMonitoredByJob: 'FALSE' };
  const ran = { lastJobId: madeUpId('job', name), lastJobRunTime: wireTime(until - 2 * dayMs) };
  return { isDefinedInJob: 'TRUE', isMonitoredByJob: coverage === 'once' ? 'FALSE' : 'TRUE', ...ran };
}

/** Public access of a bucket as findings and bucket answers state it. */
export function publicAccess({ isPublic }: SampleBucket): JsonObject {
  const block = { blockPublicAcls: !isPublic, blockPublicPolicy: !isPublic, ignorePublicAcls: !isPublic, restrictPublicBuckets: !isPublic };
  return {
    effectivePermission: isPublic ? 'PUBLIC' : 'NOT_PUBLIC',
    permissionConfiguration: {
      accountLevelPermissions: {
        blockPublicAccess: { blockPublicAcls: false, blockPublicPolicy: false, ignorePublicAcls: false, restrictPublicBuckets: false },
      },
      bucketLevelPermissions: {
        accessControlList: { allowsPublicReadAccess: false, allowsPublicWriteAccess: false },
        blockPublicAccess: block,
        bucketPolicy: { allowsPublicReadAccess: isPublic, allowsPublicWriteAccess: false },
      },
    },
  };
}

/** The answer of GetBucketStatistics. */
export function bucketStatistics(buckets: readonly SampleBucket[], world: SampleWorld): JsonObject {
  const unknown = buckets.filter((one) => one.coverage === 'denied').length;
  const open = buckets.filter((one) => one.isPublic).length;
  const count = buckets.length;
  return {
    bucketCount: count,
    bucketCountByEffectivePermission: { publiclyAccessible: open, publiclyReadable: open, publiclyWritable: 0, unknown },
    bucketCountByEncryptionType: { kmsManaged: count - unknown, s3Managed: 0, unencrypted: 0, unknown },
    bucketCountByObjectEncryptionRequirement: {
      allowsUnencryptedObjectUploads: 0,
      deniesUnencryptedObjectUploads: count - unknown,
      unknown,
    },
    bucketCountBySharedAccessType: { external: 0, internal: 0, notShared: count - unknown, unknown },
    lastUpdated: wireTime(Date.parse(world.until) - dayMs / 4),
    objectCount: count * 1_000,
    sizeInBytes: count * 4_096_000,
  };
}
