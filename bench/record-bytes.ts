// SPDX-License-Identifier: Apache-2.0
import { cloudTrailRecord, seeded } from './cloudtrail-records.ts';

/** The most bytes of one record that the bench makes. */
const roomBytes = 2_048;

/**
 * Records of the bench, as reading a file gives them: UTF-8, in one piece of memory outside the heap of JavaScript. As a hundred thousand strings they would
 * be walked by each collection of garbage, which no collection of evidence has to do.
 */
export class RecordBytes {
  readonly #bytes: Buffer;
  readonly #ends: Uint32Array;

  /** Makes the same records on every run. */
  constructor(records: number) {
    this.#bytes = Buffer.allocUnsafeSlow(records * roomBytes);
    this.#ends = new Uint32Array(records);
    const random = seeded(42);
    let at = 0;
    for (let i = 0; i < records; i++) {
      at += this.#bytes.write(cloudTrailRecord(random, i), at);
      this.#ends[i] = at;
    }
  }

  get length(): number {
    return this.#ends.length;
  }

  /** Mean size of a record in bytes. */
  get meanBytes(): number {
    return this.end(this.length - 1) / this.length;
  }

  /** Where a record ends; the next one begins there. -1 gives where the first begins. */
  end(index: number): number {
    return this.#ends[index] ?? 0;
  }

  /** The JSON text of a record, decoded anew each time. */
  text(index: number): string {
    return this.#bytes.toString('utf8', this.end(index - 1), this.end(index));
  }

  /** Bytes of the records from one to before another, in memory of their own. */
  copy(from: number, to: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#bytes.subarray(this.end(from - 1), this.end(to - 1)));
  }
}
