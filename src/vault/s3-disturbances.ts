// SPDX-License-Identifier: Apache-2.0
import { S3CallError } from './s3-call.ts';
import type { S3Objects } from './s3-objects.ts';
import type { S3History } from './s3-versions.ts';
import type { Disturbance } from './vault.ts';

/**
 * What was done to an object from outside, or could not be seen of it; nothing where only delete markers lie: never written, or lawfully gone.
 * Never throws for S3: a listing goes on past what cannot be read.
 */
export async function disturbancesOf(objects: S3Objects, history: S3History): Promise<Disturbance[]> {
  const { key, oldest, isHidden } = history;
  const found: Disturbance[] = [];
  if (oldest === null) return found;
  if (isHidden) found.push({ what: 'hidden', reason: 'a delete marker lies on top of it; its bytes are still there' });
  const cover = await coverOf(objects, history);
  if (cover !== null) found.push({ what: 'covered', reason: cover });
  return [...found, ...objects.protectionOf(key)];
}

/** Equal bytes on top, locked as those below, are a put that was repeated on a server which ignores `If-None-Match`. */
async function coverOf(objects: S3Objects, { key, oldest, newest }: S3History): Promise<string | null> {
  if (oldest === null || newest === null || oldest.versionId === newest.versionId) return null;
  const other = 'a newer version with other bytes lies on top of it';
  if (oldest.bytes !== newest.bytes) return other;
  try {
    const [first, top] = [await objects.readVersion(key, oldest.versionId), await objects.readVersion(key, newest.versionId)];
    if (Buffer.compare(first.bytes, top.bytes) !== 0) return other;
    return first.isLocked && !top.isLocked ? 'a newer version with the same bytes and no retention lies on top of it' : null;
  } catch (error) {
    if (!(error instanceof S3CallError)) throw error;
    // Somebody put what nobody else can read (with a key of his own, say), or S3 does not answer: something lies there in either case.
    return `a newer version lies on top of it, and the two cannot be compared: ${error.words}`;
  }
}
