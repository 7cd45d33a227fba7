// SPDX-License-Identifier: Apache-2.0
import { AimsError } from '../evidence/errors.ts';
import type { Gap } from '../evidence/gap.ts';
import { checkSegmentHash } from '../vault/open-segment.ts';
import type { Vault } from '../vault/vault.ts';

/** A segment that cannot be had as it was stored, and why. */
export interface SegmentFault {
  readonly key: string;
  readonly reason: string;
  /** True where the vault does not hold it at all. */
  readonly isAbsent: boolean;
}

/** What is wrong with the bytes of a segment, or null. Throws VAULT_UNAVAILABLE, as that says nothing of the segment. */
export async function segmentFault(vault: Pick<Vault, 'get'>, key: string): Promise<SegmentFault | null> {
  try {
    checkSegmentHash({ key, bytes: await vault.get(key) });
    return null;
  } catch (error) {
    if (!(error instanceof AimsError) || error.code === 'VAULT_UNAVAILABLE') throw error;
    return { key, reason: error.message, isAbsent: error.code === 'VAULT_KEY_ABSENT' };
  }
}

const prefix = 'segment ';

/** What the gap of a segment is about. */
export function segmentName(key: string): string {
  return `${prefix}${key}`;
}

/** The segment that a gap is about; null for a gap about anything else. */
export function segmentOfGap(what: string): string | null {
  return what.startsWith(prefix) ? what.slice(prefix.length) : null;
}

/** What is hidden by a segment that cannot be read, or that is gone before its time. */
export function segmentGap({ key, reason, isAbsent }: SegmentFault): Gap {
  const common = { extent: 'scope', what: segmentName(key), detail: {} } as const;
  return isAbsent
    ? { ...common, reason: 'unavailable', message: 'The index names a segment that the vault does not hold.', code: 'SEGMENT_ABSENT' }
    : { ...common, reason: 'malformed', message: `A segment cannot be read: ${reason}`, code: 'SEGMENT_DAMAGED' };
}
