// SPDX-License-Identifier: Apache-2.0
import { maxUnpackedBytes, type SealedLine, type SegmentBatch, segmentLimits } from './segment.ts';
import { SegmentError } from './segment-error.ts';

/**
 * Gathers record lines into batches that fit the limits of a segment. Each line is encoded once, when it is taken, and not kept as a string:
 * strings that live as long as a segment grows would be copied by the garbage collector again and again.
 */
export class SegmentBuilder {
  readonly #limits: { readonly maxRawBytes: number; readonly maxRecords: number };
  #leafHashes: string[] = [];
  #raw: Buffer = Buffer.alloc(0);
  #rawBytes = 0;

  constructor(limits: { readonly maxRawBytes: number; readonly maxRecords: number } = segmentLimits) {
    this.#limits = limits;
  }

  /** Lines waiting for their segment. */
  get records(): number {
    return this.#leafHashes.length;
  }

  /**
   * Takes a line; returns the batches that are complete by that, each to become one segment: none, one, or two
   * where a record larger than a segment comes after smaller ones.
   * Throws SEGMENT_RECORD_INVALID for a line that holds a line end or is larger than any segment may be; it is not taken then.
   */
  add({ line, leafHash }: SealedLine): SegmentBatch[] {
    return this.addBytes(Buffer.from(`${line}\n`), leafHash);
  }

  /** As `add`, for a line in UTF-8 with its line end. */
  addBytes(line: Uint8Array, leafHash: string): SegmentBatch[] {
    checkLine(line);
    const complete: SegmentBatch[] = [];
    if (this.#leafHashes.length > 0 && this.#rawBytes + line.length > this.#limits.maxRawBytes) complete.push(this.take());
    this.#makeRoom(line.length);
    this.#leafHashes.push(leafHash);
    this.#raw.set(line, this.#rawBytes);
    this.#rawBytes += line.length;
    if (this.#leafHashes.length >= this.#limits.maxRecords || this.#rawBytes >= this.#limits.maxRawBytes) complete.push(this.take());
    return complete;
  }

  /** The lines that wait, and starts anew. Empty where none do. */
  take(): SegmentBatch {
    const batch = { leafHashes: this.#leafHashes, raw: this.#raw.subarray(0, this.#rawBytes) };
    this.#leafHashes = [];
    this.#raw = Buffer.alloc(0);
    this.#rawBytes = 0;
    return batch;
  }

  // Grows by doubling: a run of few records does not pay for a whole segment's memory.
  #makeRoom(bytes: number): void {
    const needed = this.#rawBytes + bytes;
    if (needed <= this.#raw.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, Math.min(2 * this.#raw.length, this.#limits.maxRawBytes), 64 * 1024));
    this.#raw.copy(larger, 0, 0, this.#rawBytes);
    this.#raw = larger;
  }
}

const newline = 10;

function checkLine(line: Uint8Array): void {
  if (line.length > maxUnpackedBytes) {
    throw new SegmentError('SEGMENT_RECORD_INVALID', `a record of ${line.length} bytes does not fit: ${maxUnpackedBytes} is the most`);
  }
  if (line.length < 2 || line.indexOf(newline) !== line.length - 1) {
    throw new SegmentError('SEGMENT_RECORD_INVALID', 'a record is one line, not empty, with one line end');
  }
}
