// SPDX-License-Identifier: Apache-2.0
import { ListObjectVersionsCommand, type S3Client } from '@aws-sdk/client-s3';
import { bucketPrefixes } from '../deployment/env-names.ts';
import { checkpointPath, type KeptCheckpoint } from '../home-checkpoint-time.ts';
import { awsFailure } from './aws-error.ts';

/** When S3 took in a checkpoint, by its own clock: the time of the first version. ISO 8601 UTC; null where S3 shows none. */
export async function bucketTimeOf(client: S3Client, bucket: string, checkpoint: KeptCheckpoint): Promise<string | null> {
  const key = `${bucketPrefixes.ledger}${checkpointPath(checkpoint)}`;
  const { Versions: versions } = await client
    .send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key }))
    .catch((cause: unknown) => {
      throw awsFailure('s3:ListBucketVersions', `s3://${bucket}/${key}`, cause);
    });
  const times = (versions ?? []).flatMap((version) =>
    version.Key === key && version.LastModified !== undefined ? [version.LastModified.toISOString()] : [],
  );
  return times.sort()[0] ?? null;
}
