// SPDX-License-Identifier: Apache-2.0
import { maxUnpackedBytes, type SegmentBatch, segmentLimits } from './segment.ts';
import { SegmentError } from './segment-error.ts';

/**
 * Gathers record lines into batches that fit the limits of a segment. Lines are kept as bytes in one piece of memory that serves batch after batch:
 * strings or buffers that live as long as a segment grows would cost the garbage collector more than the sealing.
 */
export class SegmentBuilder {
  readonly #limits: { readonly maxRawBytes: number; readonly maxRecords: number };
  #leafHashes: string[] = [];
  #raw: Buffer = Buffer.alloc(0);
  #spare: Buffer = Buffer.alloc(0);
  #rawBytes = 0;

  constructor(limits: { readonly maxRawBytes: number; readonly maxRecords: number } = segmentLimits) {
    this.#limits = limits;
  }

  /** Lines waiting for their segment. */
  get records(): number {
    return this.#leafHashes.length;
  }

  /** Whether a line of so many bytes (line end included) still fits. Where nothing waits, any does: a large record gets a segment of its own. */
  fits(bytes: number): boolean {
    if (this.#leafHashes.length === 0) return true;
    return this.#leafHashes.length < this.#limits.maxRecords && this.#rawBytes + bytes <= this.#limits.maxRawBytes;
  }

  /**
   * Takes a line of UTF-8 with its line end (canonical JSON holds no other). Where it does not fit, `take` first.
   * Throws SEGMENT_RECORD_INVALID for what is no line or larger than any segment may be; it is not taken then.
   */
  add(line: Uint8Array, leafHash: string): void {
    checkLine(line);
    if (!this.fits(line.length)) throw new SegmentError('SEGMENT_RECORD_INVALID', 'refusing to grow a segment beyond its limits');
    this.#makeRoom(line.length);
    this.#leafHashes.push(leafHash);
    this.#raw.set(line, this.#rawBytes);
    this.#rawBytes += line.length;
  }

  /**
   * The lines that wait, and starts anew. Empty where none do. `raw` is the builder's memory, of which it has two pieces in turn: be done with a
   * batch before the next one is taken.
   */
  take(): SegmentBatch {
    const batch = { leafHashes: this.#leafHashes, raw: this.#raw.subarray(0, this.#rawBytes) };
    this.#leafHashes = [];
    [this.#raw, this.#spare] = [this.#spare, this.#raw];
    this.#rawBytes = 0;
    return batch;
  }

  // Grows by doubling: a run of few records does not pay for a whole segment's memory.
  #makeRoom(bytes: number): void {
    const needed = this.#rawBytes + bytes;
    if (needed <= this.#raw.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, Math.min(2 * this.#raw.length, this.#limits.maxRawBytes), 64 * 1024));
    this.#raw.copy(larger, 0, 0, this.#rawBytes);
    this.#raw = larger;
  }
}

const newline = 10;

function checkLine(line: Uint8Array): void {
  if (line.length > maxUnpackedBytes) {
    throw new SegmentError('SEGMENT_RECORD_INVALID', `a record of ${line.length} bytes does not fit: ${maxUnpackedBytes} is the most`);
  }
  if (line.length < 2 || line.at(-1) !== newline) {
    throw new SegmentError('SEGMENT_RECORD_INVALID', 'a record is one line, not empty, with its line end');
  }
}
