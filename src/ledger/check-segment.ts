// SPDX-License-Identifier: Apache-2.0
import { checkSegmentHash, countLines, unpackSegmentSync } from '../vault/open-segment.ts';
import type { LedgerLeaf } from './ledger-leaf.ts';
import { reasonOf } from './ledger-problem.ts';
import { merkleRootInPlace } from './merkle.ts';
import { leavesOfSegment } from './summarise-segment.ts';

/** A segment's bytes and what the ledger says of them. Plain data: it crosses to worker threads. */
export interface SegmentToCheck {
  readonly key: string;
  readonly bytes: Uint8Array;
  /** Null for a segment that is no leaf yet: nobody vouches for its lines, so they are always read, as sealing will read them. */
  readonly leaf: Pick<LedgerLeaf, 'records' | 'recordRoot'> | null;
  /** Whether to compute every record's leaf hash and their root. */
  readonly records: boolean;
}

/** What came of it. */
export interface SegmentCheck {
  readonly rawBytes: number;
  readonly records: number;
  /** What is wrong, or null. */
  readonly problem: string | null;
}

/** Compares a segment with its key and leaf: hash, unpacking, record count, and the record root where asked. */
export function checkSegment({ key, bytes, leaf, records }: SegmentToCheck): SegmentCheck {
  let ndjson: Buffer | null = null;
  let found = 0;
  const answer = (problem: string | null) => ({ rawBytes: ndjson?.length ?? 0, records: found, problem });
  try {
    checkSegmentHash({ key, bytes });
    ndjson = unpackSegmentSync({ key, bytes });
    found = countLines(key, ndjson);
    if (leaf !== null && found !== leaf.records) return answer(`it holds ${found} records, its leaf says ${leaf.records}`);
    if (leaf !== null && !records) return answer(null);
    const root = merkleRootInPlace(leavesOfSegment(key, ndjson, found)).toString('hex');
    return answer(leaf === null || root === leaf.recordRoot ? null : `its records give root ${root}, its leaf says ${leaf.recordRoot}`);
  } catch (error) {
    return answer(reasonOf(error));
  } finally {
    if (ndjson !== null) release(ndjson);
  }
}

/** Below this a buffer may share its memory with others. */
const ownMemoryBytes = 1024 * 1024;

/** Gives the memory of a large buffer back at once: the collector, which sees only its small head, would let a hundred MiB pile up. */
function release({ buffer }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength >= ownMemoryBytes) buffer.transfer(0);
}
