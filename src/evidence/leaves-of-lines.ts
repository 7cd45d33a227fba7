// SPDX-License-Identifier: Apache-2.0
import { commitment, leafHash, recordLeafHash } from './leaf.ts';
import { lineParts } from './record-line.ts';

const newline = 0x0a;
const closingBrace = 0x7d;
const leafBytes = 32;

const beforeCore = Buffer.from(lineParts.beforeCore);
// Each compartment is an object, and `detail` the first member of `raw`.
const beforeRaw = Buffer.from(lineParts.beforeRaw + lineParts.beforeDetail);
const beforeSubjects = Buffer.from(`${lineParts.beforeSubjects}{`);

/**
 * Leaf hashes of the lines of a segment's NDJSON, laid end to end: what `recordLeafHash` gives for each, from the bytes as they lie
 * and so in a third of the time. Throws RECORD_LINE_MALFORMED; `atLine` is told each line (from 1) before it is read, to name the place.
 */
export function leavesOfLines(ndjson: Buffer, lines: number, atLine: (line: number) => void): Buffer {
  const leaves = Buffer.allocUnsafe(lines * leafBytes);
  let start = 0;
  for (let line = 0; line < lines; line++) {
    atLine(line + 1);
    const found = ndjson.indexOf(newline, start);
    const end = found < 0 ? ndjson.length : found;
    const leaf = leafOf(ndjson, start, end);
    if (leaf === null) leaves.set(recordLeafHash(ndjson.toString('utf8', start, end)), line * leafBytes);
    else leaves.write(leaf, line * leafBytes, leafBytes, 'hex');
    start = end + 1;
  }
  return leaves;
}

/**
 * Leaf hash of the line in `start`..`end`, or null where it does not look like one. Neither core nor subjects has a member of these names,
 * so the first `raw` and the last `schema` are the record's own, whatever the raw answer holds. Were they not, in a forged line,
 * the leaf would be another one than the ledger's.
 */
function leafOf(lines: Buffer, start: number, end: number): string | null {
  const coreAt = start + beforeCore.length;
  const coreEnd = lines.indexOf(beforeRaw, coreAt);
  const rawEnd = lines.lastIndexOf(beforeSubjects, end - 1);
  const rawAt = coreEnd + lineParts.beforeRaw.length;
  const subjectsAt = rawEnd + lineParts.beforeSubjects.length;
  if (coreEnd < 0 || rawEnd < rawAt || subjectsAt >= end) return null;
  // Each compartment ends as an object does, and so does the line.
  const ends = [coreEnd - 1, rawEnd - 1, end - 2, end - 1];
  if (ends.some((at) => lines[at] !== closingBrace)) return null;
  if (lines.compare(beforeCore, 0, beforeCore.length, start, coreAt) !== 0) return null;
  return leafHash(
    commitment(lines.subarray(coreAt, coreEnd)),
    commitment(lines.subarray(subjectsAt, end - 1)),
    commitment(lines.subarray(rawAt, rawEnd)),
  );
}
