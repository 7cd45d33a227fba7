// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { AimsError } from '../evidence/errors.ts';
import type { RecordForIndex } from '../evidence/record.ts';
import type { Vault } from '../vault/vault.ts';
import type { EvidenceIndex } from './evidence-index.ts';

/** How far a rebuild has come. */
export interface RebuildProgress {
  readonly segments: number;
  readonly records: number;
  readonly damaged: number;
}

/** What a rebuild needs. */
export interface RebuildOptions {
  readonly vault: Vault;
  /** Empty, or one that some segments are missing from: those held are passed over. */
  readonly index: EvidenceIndex;
  /** Reads the records of a segment in the order of their lines; rejects where its bytes are not what they were. */
  readonly openSegment: (key: string, bytes: Uint8Array) => Promise<readonly RecordForIndex[]>;
  readonly onProgress?: (progress: RebuildProgress) => void;
}

/** What a rebuild did. Damaged segments are not in the index: `aims verify` says more of them. */
export interface RebuildResult {
  readonly segments: number;
  readonly records: number;
  readonly damaged: readonly { readonly key: string; readonly reason: string }[];
}

/**
 * Fills an index from the vault through the projection that live collection uses, so that the same vault gives the same entries and
 * counts. A segment that cannot be read is reported and the rest goes on; a failure of the index or of the whole vault ends it.
 */
export async function rebuildIndex({ vault, index, openSegment, onProgress }: RebuildOptions): Promise<RebuildResult> {
  const damaged: { key: string; reason: string }[] = [];
  let segments = 0;
  let records = 0;
  for await (const { key } of vault.list('')) {
    if (await index.hasSegment(key)) continue;
    const read = await readSegment(vault, key, openSegment);
    if ('reason' in read) damaged.push({ key, reason: read.reason });
    else {
      await index.apply({ key, ...read });
      segments++;
      records += read.records.length;
    }
    onProgress?.({ segments, records, damaged: damaged.length });
  }
  return { segments, records, damaged };
}

type SegmentRead = { readonly sha256: string; readonly records: readonly RecordForIndex[] } | { readonly reason: string };

async function readSegment(vault: Vault, key: string, openSegment: RebuildOptions['openSegment']): Promise<SegmentRead> {
  try {
    const bytes = await vault.get(key);
    return { sha256: hash('sha256', bytes), records: await openSegment(key, bytes) };
  } catch (error) {
    // What is wrong with this one segment is told and passed over; a vault that cannot be reached at all ends the rebuild.
    if (error instanceof AimsError && error.code === 'VAULT_UNAVAILABLE') throw error;
    return { reason: Error.isError(error) ? error.message : String(error) };
  }
}
