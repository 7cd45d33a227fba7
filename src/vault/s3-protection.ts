// SPDX-License-Identifier: Apache-2.0
import type { S3Retention } from './s3-place.ts';

const modeName = 'retention-mode';
const untilName = 'retain-until';

/** A retention: as an object's metadata says that it was written, or as S3 says that it is now. */
export interface Protection {
  readonly mode: string;
  readonly until: Date;
}

/**
 * What an object's own metadata says of the retention that it was written with. Nobody can change the metadata of a version, so every
 * later read can compare, also after the configured retention became another one.
 */
export function protectionMetadata(mode: S3Retention['mode'], until: Date): Record<string, string> {
  return { [modeName]: mode, [untilName]: until.toISOString() };
}

/** The retention that an object was written with; null where it was written without, or not by us. */
export function protectionWritten(metadata: Readonly<Record<string, string>> | undefined): Protection | null {
  const mode = metadata?.[modeName];
  const until = new Date(metadata?.[untilName] ?? '');
  return mode === undefined || Number.isNaN(until.getTime()) ? null : { mode, until };
}

/** How an object is protected less than when it was written, or null where it is not. `now` is null where S3 keeps no retention of it. */
export function protectionLost(written: Protection, now: Protection | null): string | null {
  const wanted = `it was written to be kept ${wordsOf(written)}`;
  if (now === null) return `${wanted}, and has no retention now`;
  // Servers keep whole seconds.
  if (now.until.getTime() < written.until.getTime() - 1_000) return `${wanted}, now only until ${now.until.toISOString()}`;
  if (written.mode === 'COMPLIANCE' && now.mode !== 'COMPLIANCE') return `${wanted}, now in mode ${now.mode}`;
  return null;
}

/** A retention in words. */
export function wordsOf({ mode, until }: Protection): string {
  return `until ${until.toISOString()} (${mode})`;
}
