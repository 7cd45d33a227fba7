// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { leafHash, recordLeafHash } from './leaf.ts';
import { recordSchemaId } from './record.ts';

const lineEnd = 0x0a;
const closingBrace = 0x7d;
const leafBytes = 32;
const saltDigits = 32;

// The fixed text between the compartments of a canonical record line.
const beforeCore = Buffer.from('{"core":');
const beforeRaw = Buffer.from(',"raw":{"detail":');
const rawName = ',"raw":';
const beforeSalts = Buffer.from(',"salts":{"core":"');
const afterSalts = `"},"schema":"${recordSchemaId}","subjects":`;

const salt = '[0-9a-f]{32}';
const middle = new RegExp(
  `^,"salts":\\{"core":"${salt}","raw":"${salt}","subjects":"${salt}"\\},"schema":"${recordSchemaId}","subjects":$`,
);
const coreSaltAt = beforeSalts.length;
const rawSaltAt = coreSaltAt + saltDigits + '","raw":"'.length;
const subjectsSaltAt = rawSaltAt + saltDigits + '","subjects":"'.length;
const middleBytes = subjectsSaltAt + saltDigits + afterSalts.length;

/**
 * Leaf hashes of the lines of a segment's NDJSON, laid end to end: what `recordLeafHash` gives for each, from the bytes as they lie
 * and so in a third of the time. Throws RECORD_LINE_MALFORMED; `atLine` is told each line (from 1) before it is read, to name the place.
 */
export function leavesOfLines(ndjson: Buffer, lines: number, atLine: (line: number) => void): Buffer {
  const leaves = Buffer.allocUnsafe(lines * leafBytes);
  const work = new CommitmentWork(ndjson);
  let start = 0;
  for (let line = 0; line < lines; line++) {
    atLine(line + 1);
    const found = ndjson.indexOf(lineEnd, start);
    const end = found < 0 ? ndjson.length : found;
    const leaf = work.leafOf(start, end);
    if (leaf === null) leaves.set(recordLeafHash(ndjson.toString('utf8', start, end)), line * leafBytes);
    else leaves.write(leaf, line * leafBytes, leafBytes, 'hex');
    start = end + 1;
  }
  return leaves;
}

/** Hashes compartments out of a buffer of lines. */
class CommitmentWork {
  readonly #lines: Buffer;
  #salted = Buffer.allocUnsafe(16 * 1024);

  constructor(lines: Buffer) {
    this.#lines = lines;
  }

  /**
   * Leaf hash of the line in `start`..`end`, or null where it does not look like one. Neither core nor subjects has a member of these names,
   * so the first `raw` and the last `salts` are the record's own, whatever the raw answer holds. Were they not, in a forged line,
   * the leaf would be another one than the ledger's.
   */
  leafOf(start: number, end: number): string | null {
    const lines = this.#lines;
    const coreAt = start + beforeCore.length;
    const rawMemberAt = lines.indexOf(beforeRaw, coreAt);
    const saltsAt = lines.lastIndexOf(beforeSalts, end - 1);
    const subjectsAt = saltsAt + middleBytes;
    if (rawMemberAt < 0 || saltsAt < rawMemberAt || subjectsAt >= end) return null;
    // Each compartment ends as an object does, and so does the line.
    const ends = [rawMemberAt - 1, saltsAt - 1, end - 2, end - 1];
    if (ends.some((at) => lines[at] !== closingBrace)) return null;
    if (lines.compare(beforeCore, 0, beforeCore.length, start, coreAt) !== 0) return null;
    if (!middle.test(lines.toString('latin1', saltsAt, subjectsAt))) return null;
    return leafHash(
      this.#commitment(saltsAt + coreSaltAt, coreAt, rawMemberAt),
      this.#commitment(saltsAt + subjectsSaltAt, subjectsAt, end - 1),
      this.#commitment(saltsAt + rawSaltAt, rawMemberAt + rawName.length, saltsAt),
    );
  }

  /** SHA-256 over a salt and a compartment, as `commitment` has it. */
  #commitment(saltAt: number, start: number, end: number): string {
    const bytes = saltDigits + end - start;
    if (bytes > this.#salted.length) this.#salted = Buffer.allocUnsafe(2 * bytes);
    this.#lines.copy(this.#salted, 0, saltAt, saltAt + saltDigits);
    this.#lines.copy(this.#salted, saltDigits, start, end);
    return hash('sha256', this.#salted.subarray(0, bytes), 'hex');
  }
}
