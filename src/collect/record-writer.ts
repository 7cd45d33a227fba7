// SPDX-License-Identifier: Apache-2.0

import { decodeRecord } from '../evidence/decode-record.ts';
import type { SourceId } from '../evidence/observation.ts';
import type { SealedRecord } from '../evidence/seal-record.ts';
import type { EvidenceIndex } from '../evidence-index/evidence-index.ts';
import type { SeriesEntry } from '../sources/source.ts';
import { splitLines } from '../vault/open-segment.ts';
import { type Segment, type SegmentBatch, sealBatch } from '../vault/segment.ts';
import { SegmentBuilder } from '../vault/segment-builder.ts';
import type { Vault } from '../vault/vault.ts';
import type { SealedObservation } from './item-pipeline.ts';
import type { RunCounts } from './own-record.ts';

/** Where records go: the vault is written first, the index learns of it from the segment. */
export interface RecordStores {
  readonly vault: Vault;
  readonly index: EvidenceIndex;
  /** The present, for the day in a segment's key. */
  readonly now: () => Date;
  /** Told of each segment once it is durable, so that the ledger need not read it again. */
  readonly onSegment: (segment: Segment) => void;
}

/**
 * Gathers the records of one source into segments: vault first, then index. Everything that one invocation reads of a source shares segments.
 * A record is left out as a duplicate only when the index names a segment which the vault confirms; in doubt it is stored again.
 */
export class RecordWriter {
  readonly #source: SourceId;
  readonly #stores: RecordStores;
  readonly #builder = new SegmentBuilder();
  readonly #confirmed = new Map<string, boolean>();
  /** Ids of the records that wait in the builder, in its order. */
  #waiting: string[] = [];
  readonly #pending = new Set<string>();
  #series = new Map<string, SeriesEntry[]>();

  constructor(source: SourceId, stores: RecordStores) {
    this.#source = source;
    this.#stores = stores;
  }

  /** Takes observations of one run in order; counts what is stored and what was known already. */
  async add(records: readonly SealedObservation[], counts: RunCounts): Promise<void> {
    const known = await this.#known(records.map((record) => record.id));
    for (const record of records) {
      counts.itemsRead++;
      if (known.has(record.id) || this.#pending.has(record.id)) {
        counts.duplicates++;
        continue;
      }
      counts.recordsStored++;
      if (record.series !== null) this.#remember(record, record.series);
      await this.#append(record);
    }
  }

  /** Takes a plan, receipt or gap; false when the same one is held already. */
  async addOwn(record: SealedRecord): Promise<boolean> {
    if (await this.isKnown(record.id)) return false;
    await this.#append(record);
    return true;
  }

  /** Whether a record is taken already, now or by an earlier run. */
  async isKnown(id: string): Promise<boolean> {
    return this.#pending.has(id) || (await this.#known([id])).has(id);
  }

  /** Entries of a finding key that no segment in the index holds yet, newest first. */
  pendingSeries(findingKey: string): readonly SeriesEntry[] {
    return this.#series.get(findingKey) ?? [];
  }

  /** Resolves when everything taken so far is durable in the vault and known to the index. */
  async flush(): Promise<void> {
    const rest = this.#builder.take();
    if (rest.leafHashes.length > 0) await this.#write(rest);
  }

  async #append(record: SealedRecord): Promise<void> {
    this.#pending.add(record.id);
    this.#waiting.push(record.id);
    for (const batch of this.#builder.add(record)) await this.#write(batch);
  }

  async #write(batch: SegmentBatch): Promise<void> {
    const ids = this.#waiting.slice(0, batch.leafHashes.length);
    this.#waiting = this.#waiting.slice(ids.length);
    const writtenOn = this.#stores.now().toISOString().slice(0, 10);
    const segment = await sealBatch(batch, { writtenOn, source: this.#source });
    await this.#stores.vault.put(segment.key, segment.bytes);
    this.#stores.onSegment(segment);
    const records = splitLines(batch.raw).map(decodeRecord);
    await this.#stores.index.apply({ key: segment.key, sha256: segment.sha256, records });
    for (const id of ids) this.#pending.delete(id);
    if (this.#pending.size === 0) this.#series = new Map();
  }

  #remember(record: SealedObservation, series: NonNullable<SealedObservation['series']>): void {
    const entry: SeriesEntry = { recordId: record.id, source: record.source, occurredAt: series.occurredAt, facts: series.facts };
    const entries = [...(this.#series.get(series.key) ?? []), entry];
    this.#series.set(
      series.key,
      entries.sort((a, b) => (a.occurredAt < b.occurredAt ? 1 : -1)),
    );
  }

  async #known(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const known = new Set<string>();
    for (const [id, place] of await this.#stores.index.locate(ids)) {
      if (await this.#isHeld(place.segment)) known.add(id);
    }
    return known;
  }

  async #isHeld(segment: string): Promise<boolean> {
    let held = this.#confirmed.get(segment);
    if (held === undefined) {
      held = await this.#stores.vault.has(segment);
      if (this.#confirmed.size < 100_000) this.#confirmed.set(segment, held);
    }
    return held;
  }
}
