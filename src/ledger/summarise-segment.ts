// SPDX-License-Identifier: Apache-2.0
import { leavesOfLines } from '../evidence/leaves-of-lines.ts';
import { countLines } from '../vault/open-segment.ts';
import type { SegmentSummary } from '../vault/segment.ts';
import { SegmentError } from '../vault/segment-error.ts';
import { merkleRootInPlace } from './merkle.ts';

/** Root and count over the record lines of an unpacked segment. Throws SEGMENT_DAMAGED, naming key and line, where one is no record. */
export function summariseSegment(key: string, ndjson: Buffer): SegmentSummary {
  const records = countLines(key, ndjson);
  return { recordRoot: merkleRootInPlace(leavesOfSegment(key, ndjson, records)).toString('hex'), records };
}

/** Leaf hashes of the record lines of an unpacked segment, end to end. Throws SEGMENT_DAMAGED. */
export function leavesOfSegment(key: string, ndjson: Buffer, lines: number): Buffer {
  let at = 0;
  try {
    return leavesOfLines(ndjson, lines, (line) => {
      at = line;
    });
  } catch (cause) {
    const reason = Error.isError(cause) ? cause.message : String(cause);
    throw new SegmentError('SEGMENT_DAMAGED', `segment ${key}: line ${at} is no record: ${reason}`, { cause });
  }
}
