// SPDX-License-Identifier: Apache-2.0
import type { S3Client } from '@aws-sdk/client-s3';

/** How long, and how strictly, what is written cannot be deleted. */
export interface S3Retention {
  readonly mode: 'GOVERNANCE' | 'COMPLIANCE';
  readonly days: number;
}

/** Where in S3 something is kept, and how. The bucket has versioning and Object Lock. */
export interface S3Place {
  readonly client: S3Client;
  readonly bucket: string;
  /** What every key begins with, such as `vault/`. */
  readonly prefix: string;
  /** Null where nothing is locked: a deployment that can be destroyed completely, whose bucket refuses puts that ask for a lock. */
  readonly retention: S3Retention | null;
  /** KMS key for new objects; null leaves it to the bucket, which then encrypts with S3's own key. */
  readonly encryptionKeyArn: string | null;
  /** The present, for the end of retention; the machine's clock unless given. */
  readonly now?: () => Date;
}

const dayMs = 86_400_000;

/**
 * Until when an object written at `now` is kept: the end of the UTC day that retention ends in. Rounded up, so that a bucket policy which
 * asks for at least as many days still agrees when the request arrives a moment later.
 */
export function retainUntil(days: number, now: Date): Date {
  return new Date((Math.floor(now.getTime() / dayMs) + days + 1) * dayMs);
}

/**
 * The day (UTC) such that the retention of every segment written before it is over at `now`: what is absent of those is expired, of others
 * missing. A day is left for segments that were put after the midnight that ended their day.
 */
export function expiredBefore(days: number, now: Date): string {
  return new Date(now.getTime() - (days + 1) * dayMs).toISOString().slice(0, 10);
}
