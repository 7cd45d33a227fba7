// SPDX-License-Identifier: Apache-2.0
import { S3CallError } from './s3-call.ts';
import type { S3Objects } from './s3-objects.ts';
import type { S3History } from './s3-versions.ts';
import type { Disturbance } from './vault.ts';

/** What was done to an object from outside; nothing where only delete markers lie: never written, or lawfully gone. Throws S3CallError. */
export async function disturbancesOf(objects: S3Objects, history: S3History): Promise<Disturbance[]> {
  const { key, oldest, isHidden } = history;
  const found: Disturbance[] = [];
  if (oldest === null) return found;
  if (isHidden) found.push({ what: 'hidden', reason: 'a delete marker lies on top of it; its bytes are still there' });
  if (await isCovered(objects, history)) found.push({ what: 'covered', reason: 'a newer version with other bytes lies on top of it' });
  const unprotected = objects.unprotected.get(key);
  if (unprotected !== undefined) found.push({ what: 'unprotected', reason: unprotected });
  return found;
}

/** Equal bytes on top are a put that was repeated on a server which ignores `If-None-Match`. */
async function isCovered(objects: S3Objects, { key, oldest, newest }: S3History): Promise<boolean> {
  if (oldest === null || newest === null || oldest.versionId === newest.versionId) return false;
  if (oldest.bytes !== newest.bytes) return true;
  try {
    const first = await objects.readVersion(key, oldest.versionId);
    return Buffer.compare(first, await objects.readVersion(key, newest.versionId)) !== 0;
  } catch (error) {
    // Somebody put what nobody can read (with a key of his own, say): not our bytes, and no reason to stop the listing.
    if (error instanceof S3CallError && error.code === 'S3_UNREADABLE') return true;
    throw error;
  }
}
