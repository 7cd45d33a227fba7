// SPDX-License-Identifier: Apache-2.0
import { commitment, leafHash } from './leaf.ts';
import { recordSchemaId } from './record.ts';

/** The canonical texts of a record's compartments, each with its salt; `raw` in two pieces, since the answer is most of the record. */
export interface Compartments {
  readonly core: string;
  /** The answer, UTF-8. */
  readonly detail: Uint8Array;
  /** The rest of `raw`, from the comma after the answer. */
  readonly afterDetail: string;
  readonly subjects: string;
}

/** What stands around the compartments in a record's line. */
export const lineParts = {
  beforeCore: '{"core":',
  beforeRaw: ',"raw":',
  beforeDetail: '{"detail":',
  beforeSubjects: `,"schema":"${recordSchemaId}","subjects":`,
} as const;

const lineEnd = '}\n';
const fixedBytes =
  lineParts.beforeCore.length +
  lineParts.beforeRaw.length +
  lineParts.beforeDetail.length +
  lineParts.beforeSubjects.length +
  lineEnd.length;
/** The most that a UTF-16 unit takes in UTF-8. */
const bytesPerUnit = 3;

/** Bytes that are enough for the line of a record. */
export function roomForLine({ core, detail, afterDetail, subjects }: Compartments): number {
  return fixedBytes + detail.length + bytesPerUnit * (core.length + afterDetail.length + subjects.length);
}

/**
 * Writes a record's line, with its line end, into memory that has room for it. Each compartment is hashed out of the very bytes that are stored.
 * Returns where the line ends and its leaf hash, 64 hex digits.
 */
export function writeLine(record: Compartments, into: Buffer, start: number): { readonly end: number; readonly leafHash: string } {
  const { beforeCore, beforeRaw, beforeDetail, beforeSubjects } = lineParts;
  const coreAt = start + beforeCore.length;
  const rawAt = start + into.write(beforeCore + record.core + beforeRaw + beforeDetail, start) - beforeDetail.length;
  const coreEnd = rawAt - beforeRaw.length;
  const detailAt = rawAt + beforeDetail.length;
  into.set(record.detail, detailAt);
  const detailEnd = detailAt + record.detail.length;
  const subjectsAt = detailEnd + into.write(record.afterDetail + beforeSubjects, detailEnd);
  const rawEnd = subjectsAt - beforeSubjects.length;
  const end = subjectsAt + into.write(record.subjects + lineEnd, subjectsAt);
  const leaf = leafHash(
    commitment(into.subarray(coreAt, coreEnd)),
    commitment(into.subarray(subjectsAt, end - lineEnd.length)),
    commitment(into.subarray(rawAt, rawEnd)),
  );
  return { end, leafHash: leaf };
}

/** A record's line with its line end, as bytes of its own, and its leaf hash. */
export function lineOf(record: Compartments): { readonly line: Buffer<ArrayBuffer>; readonly leafHash: string } {
  const memory = Buffer.from(new ArrayBuffer(roomForLine(record)));
  const { end, leafHash } = writeLine(record, memory, 0);
  return { line: memory.subarray(0, end), leafHash };
}
