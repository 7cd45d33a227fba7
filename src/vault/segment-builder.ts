// SPDX-License-Identifier: Apache-2.0
import { maxUnpackedBytes, type SealedLine, segmentLimits } from './segment.ts';
import { SegmentError } from './segment-error.ts';

/** Gathers record lines into batches that fit the limits of a segment. */
export class SegmentBuilder<Line extends SealedLine = SealedLine> {
  readonly #limits: { readonly maxRawBytes: number; readonly maxRecords: number };
  #lines: Line[] = [];
  #rawBytes = 0;

  constructor(limits: { readonly maxRawBytes: number; readonly maxRecords: number } = segmentLimits) {
    this.#limits = limits;
  }

  /** Lines waiting for their segment. */
  get records(): number {
    return this.#lines.length;
  }

  /**
   * Takes a line; returns the batches that are complete by that, each to become one segment: none, one, or two
   * where a record larger than a segment comes after smaller ones.
   * Throws SEGMENT_RECORD_INVALID for a line that holds a line end or is larger than any segment may be; it is not taken then.
   */
  add(line: Line): Line[][] {
    const bytes = checkedBytes(line.line);
    const complete: Line[][] = [];
    if (this.#lines.length > 0 && this.#rawBytes + bytes > this.#limits.maxRawBytes) complete.push(this.take());
    this.#lines.push(line);
    this.#rawBytes += bytes;
    if (this.#lines.length >= this.#limits.maxRecords || this.#rawBytes >= this.#limits.maxRawBytes) complete.push(this.take());
    return complete;
  }

  /** The lines that wait, and starts anew. Empty where none do. */
  take(): Line[] {
    const lines = this.#lines;
    this.#lines = [];
    this.#rawBytes = 0;
    return lines;
  }
}

/** Bytes of the line and its line end. */
function checkedBytes(line: string): number {
  const bytes = Buffer.byteLength(line, 'utf8') + 1;
  if (bytes > maxUnpackedBytes) {
    throw new SegmentError('SEGMENT_RECORD_INVALID', `a record of ${bytes} bytes does not fit: ${maxUnpackedBytes} is the most`);
  }
  if (line === '' || line.includes('\n'))
    throw new SegmentError('SEGMENT_RECORD_INVALID', 'a record is one line, not empty, without a line end');
  return bytes;
}
