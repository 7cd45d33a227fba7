// SPDX-License-Identifier: Apache-2.0
import type { GetObjectCommandOutput } from '@aws-sdk/client-s3';
import type { S3Retention } from './s3-place.ts';

const modeName = 'retention-mode';
const untilName = 'retain-until';

/**
 * What an object's own metadata says of the retention that it was written with. Nobody can change the metadata of a version, so every
 * later read can compare, also after the configured retention became another one.
 */
export function protectionMetadata(mode: S3Retention['mode'], until: Date): Record<string, string> {
  return { [modeName]: mode, [untilName]: until.toISOString() };
}

/** How an object is protected less than when it was written, or null where it is not, or was not written by us. */
export function protectionLost({ Metadata, ObjectLockMode, ObjectLockRetainUntilDate }: Partial<GetObjectCommandOutput>): string | null {
  const mode = Metadata?.[modeName];
  const until = Date.parse(Metadata?.[untilName] ?? '');
  if (mode === undefined || Number.isNaN(until)) return null;
  const wanted = `it was written to be kept until ${new Date(until).toISOString()} (${mode})`;
  if (ObjectLockMode === undefined || ObjectLockRetainUntilDate === undefined) {
    return `${wanted}, and shows no retention now: it was removed, or s3:GetObjectRetention is not allowed here`;
  }
  // Servers keep whole seconds.
  if (ObjectLockRetainUntilDate.getTime() < until - 1_000) return `${wanted}, now only until ${ObjectLockRetainUntilDate.toISOString()}`;
  if (mode === 'COMPLIANCE' && ObjectLockMode !== 'COMPLIANCE') return `${wanted}, now in mode ${ObjectLockMode}`;
  return null;
}
