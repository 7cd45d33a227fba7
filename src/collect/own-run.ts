// SPDX-License-Identifier: Apache-2.0
import type { Gap } from '../evidence/gap.ts';
import type { JsonObject } from '../evidence/json.ts';
import { sealRecord } from '../evidence/seal-record.ts';
import type { Collection } from './collection.ts';
import { gapParts, type RunCounts, type RunScope, receiptParts } from './own-record.ts';

/** Seals the records of a run that reads no source. */
export class OwnRun {
  readonly #collection: Collection;
  readonly #scope: RunScope;
  readonly #gapIds: string[] = [];

  constructor(collection: Collection, scope: RunScope) {
    this.#collection = collection;
    this.#scope = scope;
  }

  /** Takes a record; one that is held already is not stored again. Returns its id. */
  async seal(parts: Parameters<typeof sealRecord>[0]): Promise<string> {
    const sealed = sealRecord(parts, this.#collection.sealContext(this.#scope.run, null));
    await this.#collection.writer(this.#scope.source).addOwn(sealed);
    return sealed.id;
  }

  /** Takes a gap, which the receipt will name. */
  async gap(gap: Gap): Promise<void> {
    this.#gapIds.push(await this.seal(gapParts(this.#scope, gap, null)));
  }

  /** Takes the receipt: it closes the gaps of earlier such runs that this one did not meet. The caller flushes. */
  async finish(detail: JsonObject): Promise<void> {
    const counts: RunCounts = { itemsRead: 0, recordsStored: 0, duplicates: 0, itemGaps: 0, scopeGaps: this.#gapIds.length };
    const finishedAt = this.#collection.setting.now().toISOString();
    await this.seal(receiptParts(this.#scope, finishedAt, counts, { gaps: this.#gapIds, passingGaps: 0, detail }));
  }
}
