// SPDX-License-Identifier: Apache-2.0
import { decodeRecord } from '../evidence/decode-record.ts';
import type { EvidenceRecord } from '../evidence/record.ts';
import { openSegment } from '../vault/open-segment.ts';
import { type Vault, VaultError } from '../vault/vault.ts';
import { HomeError } from './home-error.ts';

/** A record as stored: its line, all lines of its segment, and where it lies. */
export interface StoredRecord {
  readonly record: EvidenceRecord;
  readonly line: number;
  readonly segment: string;
  readonly lines: readonly string[];
}

/**
 * Reads a record from the vault at the place the index names. Throws HOME_DAMAGED when another record lies there, VAULT_KEY_ABSENT when the segment
 * is gone: the index knows one place of each record, so another copy is found by a rebuild only.
 */
export async function readRecord(
  vault: Vault,
  place: { readonly id: string; readonly segment: string; readonly line: number },
): Promise<StoredRecord> {
  const { id, segment, line } = place;
  const lines = await openSegment(segment, await bytesOf(vault, id, segment));
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

async function bytesOf(vault: Vault, id: string, segment: string): Promise<Uint8Array> {
  try {
    return await vault.get(segment);
  } catch (cause) {
    if (!(cause instanceof VaultError) || cause.code !== 'VAULT_KEY_ABSENT') throw cause;
    throw new VaultError(
      'VAULT_KEY_ABSENT',
      `the index says record ${id} is in ${segment}, which is gone from the vault (\`aims verify\` tells what else is): restore it from a copy, or collect again; where the record was stored again already, \`aims index rebuild\` finds it there`,
      { cause },
    );
  }
}
