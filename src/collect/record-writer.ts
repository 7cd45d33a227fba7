// SPDX-License-Identifier: Apache-2.0

import { decodeForIndex } from '../evidence/decode-record.ts';
import type { RecordSourceId, SourceId } from '../evidence/observation.ts';
import type { EvidenceRecord } from '../evidence/record.ts';
import { lineOf } from '../evidence/record-line.ts';
import type { SealedRecord } from '../evidence/seal-record.ts';
import type { EvidenceIndex } from '../evidence-index/evidence-index.ts';
import type { SeriesEntry } from '../sources/source.ts';
import { type Segment, type SegmentBatch, sealBatch } from '../vault/segment.ts';
import { SegmentBuilder } from '../vault/segment-builder.ts';
import type { Vault } from '../vault/vault.ts';
import { unpackIndexViews, type WaitingView, WaitingViews } from './index-views.ts';
import type { SealedObservation } from './item-pipeline.ts';
import type { RunCounts } from './own-record.ts';
import type { PackedRecords } from './packed-records.ts';
import { PendingSeries } from './pending-series.ts';

/** Where records go: the vault is written first, the index learns of it from the segment. */
export interface RecordStores {
  readonly vault: Vault;
  readonly index: EvidenceIndex;
  /** The present, for the day in a segment's key. */
  readonly now: () => Date;
  /** Told of each segment once it is durable, so that the ledger need not read it again. */
  readonly onSegment: (segment: Segment) => void;
  /** False where another process fills the index: what is stored here then stays known here. */
  readonly projects?: boolean;
  /**
   * Whether a segment that the index names still is what it was, where that needs more than its being there: the bytes of a file can change.
   * Absent for S3: under Object Lock no version changes, so a key that is held is confirmed, and no run pays for reading what it knows.
   */
  readonly confirm?: (key: string) => Promise<boolean>;
}

/**
 * Gathers the records of one source into segments: vault first, then index. Everything that one invocation reads of a source shares segments.
 * A record is left out as a duplicate only when the index names a segment which the vault confirms; in doubt it is stored again.
 */
export class RecordWriter {
  readonly #source: RecordSourceId;
  readonly #stores: RecordStores;
  readonly #builder = new SegmentBuilder();
  readonly #confirmed = new Map<string, boolean>();
  /** What the index needs of the records that wait in the builder, in its order. */
  #waiting = new WaitingViews();
  /** The segment that is being written; never rejects. */
  #writing: Promise<void> = Promise.resolve();
  /** The first segment that could not be stored, and why: nothing that is taken with it or after it may pass for durable. */
  #lost: { readonly error: unknown } | null = null;
  readonly #pending = new Set<string>();
  /** What the index knows of a segment that is lost. Stored again here, it stays known here: the index goes on naming the lost one. */
  readonly #again = new Set<string>();
  readonly #series = new PendingSeries();

  constructor(source: RecordSourceId, stores: RecordStores) {
    this.#source = source;
    this.#stores = stores;
  }

  /** Takes observations of one run in order; counts what is stored and what was known already. */
  async add(records: PackedRecords, counts: RunCounts): Promise<void> {
    // What waits now may be written and leave `#pending` while the loop awaits, and what the loop itself appends may too: all of it is known.
    const known = new Set(records.ids.filter((id) => this.#pending.has(id)));
    for (const id of await this.#known(records.ids)) known.add(id);
    for (const { at, of } of records.series) this.#remember(records, at, of, known);
    const { ids, ends, raw, leafHashes, views } = records;
    const unpack = () => unpackIndexViews(views, ids);
    // The hot path of a million records: nothing is awaited, and no pair or promise made, where a line has room.
    for (let place = 0, start = 0; place < ids.length; place++) {
      const [id, end] = [ids[place] ?? '', ends[place] ?? start];
      counts.itemsRead++;
      if (known.has(id)) counts.duplicates++;
      else {
        known.add(id);
        counts.recordsStored++;
        const line = raw.subarray(start, end);
        if (this.#mustWait(line)) await this.#write();
        this.#append(line, leafHashes[place] ?? '', { ids, place, unpack });
      }
      start = end;
    }
  }

  /** Takes a plan, receipt or gap; false when the same one is held already. */
  async addOwn(record: SealedRecord): Promise<boolean> {
    if (await this.isKnown(record.id)) return false;
    const { line, leafHash } = lineOf(record);
    const unpack = () => [decodeForIndex(line.toString().trimEnd())];
    if (this.#mustWait(line)) await this.#write();
    this.#append(line, leafHash, { ids: [record.id], place: 0, unpack });
    return true;
  }

  /** Whether a record is taken already, now or by an earlier run. */
  async isKnown(id: string): Promise<boolean> {
    return this.#pending.has(id) || (await this.#known([id])).has(id);
  }

  /** Entries of a finding key that no segment in the index holds yet, newest first. */
  pendingSeries(findingKey: string): readonly SeriesEntry[] {
    return this.#series.of(findingKey);
  }

  /** Takes as known what an earlier invocation stored and the index does not hold yet. */
  recall(source: SourceId, records: Iterable<EvidenceRecord>): void {
    for (const { core, subjects, raw } of records) {
      this.#pending.add(core.id);
      const occurredAt = core.occurredAt ?? core.collectedAt;
      if (subjects.findingKey !== null) this.#series.add(subjects.findingKey, { recordId: core.id, source, occurredAt, facts: raw.facts });
    }
  }

  /**
   * Resolves when everything taken so far is durable in the vault, and known to the index where this process fills it. Throws what the stores threw,
   * now or before: once a segment is lost, no flush succeeds any more.
   */
  async flush(): Promise<void> {
    if (this.#builder.records > 0) await this.#write();
    await this.#settle();
  }

  /** Whether the segment must be written before a line has room. Throws where one was lost. */
  #mustWait(line: Uint8Array): boolean {
    if (this.#lost !== null) throw this.#lost.error;
    return !this.#builder.fits(line.length);
  }

  #append(line: Uint8Array, leafHash: string, view: WaitingView): void {
    this.#builder.add(line, leafHash);
    this.#pending.add(view.ids[view.place] ?? '');
    this.#waiting.add(view);
  }

  // One segment is compressed, stored and indexed while the next one fills; never two, so that memory stays flat and failures come in order.
  async #write(): Promise<void> {
    await this.#settle();
    const batch = this.#builder.take();
    const views = this.#waiting;
    this.#waiting = new WaitingViews();
    this.#writing = this.#store(batch, views).catch((error: unknown) => {
      this.#lost = { error };
    });
  }

  async #settle(): Promise<void> {
    await this.#writing;
    if (this.#lost !== null) throw this.#lost.error;
  }

  async #store(batch: SegmentBatch, views: WaitingViews): Promise<void> {
    const writtenOn = this.#stores.now().toISOString().slice(0, 10);
    const segment = await sealBatch(batch, { writtenOn, source: this.#source });
    await this.#stores.vault.put(segment.key, segment.bytes);
    this.#stores.onSegment(segment);
    if (this.#stores.projects === false) return;
    await this.#stores.index.apply({ key: segment.key, sha256: segment.sha256, records: views });
    for (const id of views.ids()) {
      if (!this.#again.has(id)) this.#pending.delete(id);
      this.#series.forget(id);
    }
  }

  #remember(records: PackedRecords, at: number, series: NonNullable<SealedObservation['series']>, known: ReadonlySet<string>): void {
    const recordId = records.ids[at] ?? '';
    if (known.has(recordId) || this.#series.has(recordId)) return;
    this.#series.add(series.key, { recordId, source: records.source, occurredAt: series.occurredAt, facts: series.facts });
  }

  async #known(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const known = new Set<string>();
    for (const [id, place] of await this.#stores.index.locate(ids)) {
      if (await this.#isHeld(place.segment)) known.add(id);
      else this.#again.add(id);
    }
    return known;
  }

  async #isHeld(segment: string): Promise<boolean> {
    let held = this.#confirmed.get(segment);
    if (held === undefined) {
      const { vault, confirm } = this.#stores;
      held = confirm === undefined ? await vault.has(segment) : await confirm(segment);
      if (this.#confirmed.size < 100_000) this.#confirmed.set(segment, held);
    }
    return held;
  }
}
