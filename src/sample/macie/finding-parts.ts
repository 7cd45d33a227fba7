// SPDX-License-Identifier: Apache-2.0
import type { Json, JsonObject } from '../../evidence/json.ts';
import type { SampleWorld } from '../world.ts';
import { publicAccess, type SampleBucket } from './buckets.ts';
import { dayMs, madeUpId, madeUpNumber, wireTime } from './dates.ts';

/** Where a finding of the sample was made. */
export interface Place {
  readonly world: SampleWorld;
  readonly account: string;
  readonly region: string;
}

/** Members that every finding has. `at` and `updated` are epoch milliseconds. */
export function common({ account, region }: Place, of: { id: string; at: number; updated: number; count: number }): JsonObject {
  return {
    accountId: account,
    count: of.count,
    createdAt: wireTime(of.at),
    id: of.id,
    partition: 'aws',
    region,
    sample: false,
    schemaVersion: '1.0',
    updatedAt: wireTime(of.updated),
  };
}

/** `resourcesAffected.s3Bucket` of a finding. */
export function affectedBucket({ world }: Place, bucket: SampleBucket): JsonObject {
  return {
    allowsUnencryptedObjectUploads: 'FALSE',
    arn: bucket.arn,
    createdAt: wireTime(Date.parse(world.until) - (200 + madeUpNumber(900, bucket.name)) * dayMs),
    defaultServerSideEncryption: { encryptionType: 'aws:kms', kmsMasterKeyId: null },
    name: bucket.name,
    owner: { displayName: 'acme', id: madeUpId('owner') + madeUpId('owner', '2') },
    publicAccess: publicAccess(bucket),
    tags: bucket.tags,
  };
}

/** `resourcesAffected.s3Object` of a finding made at `at`, epoch milliseconds. */
export function affectedObject(bucket: SampleBucket, key: string, extension: string, at: number): JsonObject {
  const tags: readonly Json[] = [];
  return {
    bucketArn: bucket.arn,
    eTag: madeUpId('etag', bucket.name, key),
    extension,
    key,
    lastModified: wireTime(at - dayMs / 8),
    path: `${bucket.name}/${key}`,
    publicAccess: bucket.isPublic,
    serverSideEncryption: { encryptionType: 'aws:kms', kmsMasterKeyId: null },
    size: 8_000 + madeUpNumber(900_000, key),
    storageClass: 'STANDARD',
    tags,
    versionId: '',
  };
}
