// SPDX-License-Identifier: Apache-2.0
import type { SourceId } from '../evidence/observation.ts';
import { roomForLine, writeLine } from '../evidence/record-line.ts';
import { IndexViewPacker, type IndexViews } from './index-views.ts';
import type { SealedObservation } from './item-pipeline.ts';

/**
 * Sealed records of one source in few pieces of memory, so that handing them to another thread copies next to nothing: `raw` holds their lines,
 * each ended by a line end, and `ends[i]` is the offset after the i-th.
 */
export interface PackedRecords {
  readonly source: SourceId;
  readonly raw: Uint8Array<ArrayBuffer>;
  readonly ends: readonly number[];
  readonly ids: readonly string[];
  readonly leafHashes: readonly string[];
  /** What the index needs of them, for `unpackIndexViews`. */
  readonly views: IndexViews;
  /** Accounts that one of the records shows to hold AI. */
  readonly aiAccounts: readonly string[];
  /** What later observations may ask for, by place in the list. */
  readonly series: readonly { readonly at: number; readonly of: NonNullable<SealedObservation['series']> }[];
}

/** Gathers sealed records of one source, each line encoded once. */
export class RecordPacker {
  readonly #source: SourceId;
  readonly #ends: number[] = [];
  readonly #ids: string[] = [];
  readonly #leafHashes: string[] = [];
  readonly #aiAccounts = new Set<string>();
  readonly #series: { at: number; of: NonNullable<SealedObservation['series']> }[] = [];
  readonly #views = new IndexViewPacker();
  #raw: Buffer<ArrayBuffer>;
  #bytes = 0;

  constructor(source: SourceId, expectedBytes: number) {
    this.#source = source;
    this.#raw = Buffer.from(Buffer.allocUnsafeSlow(expectedBytes).buffer);
  }

  add(record: SealedObservation): void {
    const room = roomForLine(record);
    if (this.#bytes + room > this.#raw.length) this.#grow(room);
    const { end, leafHash } = writeLine(record, this.#raw, this.#bytes);
    this.#bytes = end;
    if (record.series !== null) this.#series.push({ at: this.#ids.length, of: record.series });
    if (record.aboutAi) this.#aiAccounts.add(record.account);
    this.#ends.push(this.#bytes);
    this.#ids.push(record.id);
    this.#leafHashes.push(leafHash);
    this.#views.add(record.view);
  }

  pack(): PackedRecords {
    return {
      source: this.#source,
      raw: new Uint8Array(this.#raw.buffer, 0, this.#bytes),
      ends: this.#ends,
      ids: this.#ids,
      leafHashes: this.#leafHashes,
      views: this.#views.views,
      aiAccounts: [...this.#aiAccounts],
      series: this.#series,
    };
  }

  #grow(bytes: number): void {
    const larger = Buffer.from(Buffer.allocUnsafeSlow(Math.max(2 * this.#raw.length, this.#bytes + bytes)).buffer);
    this.#raw.copy(larger, 0, 0, this.#bytes);
    this.#raw = larger;
  }
}

/** Packs a few records, as they come from one item. */
export function packRecords(source: SourceId, records: readonly SealedObservation[]): PackedRecords {
  const packer = new RecordPacker(
    source,
    records.reduce((sum, record) => sum + roomForLine(record), 0),
  );
  for (const record of records) packer.add(record);
  return packer.pack();
}
