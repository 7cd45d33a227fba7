// SPDX-License-Identifier: Apache-2.0
import { decodeRecord } from '../evidence/decode-record.ts';
import type { EvidenceRecord } from '../evidence/record.ts';
import { openSegment } from '../vault/open-segment.ts';
import type { Vault } from '../vault/vault.ts';
import { HomeError } from './home-error.ts';

/** A record as stored: its line, all lines of its segment, and where it lies. */
export interface StoredRecord {
  readonly record: EvidenceRecord;
  readonly line: number;
  readonly segment: string;
  readonly lines: readonly string[];
}

/** Reads a record from the vault at the place the index names. Throws HOME_DAMAGED when another record lies there. */
export async function readRecord(
  vault: Vault,
  place: { readonly id: string; readonly segment: string; readonly line: number },
): Promise<StoredRecord> {
  const { id, segment, line } = place;
  const lines = await openSegment(segment, await vault.get(segment));
  const text = lines[line];
  const record = text === undefined ? undefined : decodeRecord(text);
  if (record?.core.id !== id) {
    throw new HomeError(
      'HOME_DAMAGED',
      `the index says record ${id} is line ${line + 1} of ${segment}, and it is not; run \`aims index rebuild\``,
    );
  }
  return { record, line, segment, lines };
}
