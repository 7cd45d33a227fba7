// SPDX-License-Identifier: Apache-2.0
import type { SeriesEntry } from '../sources/source.ts';

/** Entries of finding keys that the index does not hold yet: later observations ask for what came before them. */
export class PendingSeries {
  /** By finding key, newest first. */
  readonly #entries = new Map<string, readonly SeriesEntry[]>();
  /** The finding key of each record that is held. */
  readonly #keys = new Map<string, string>();

  /** Entries of a finding key, newest first. */
  of(findingKey: string): readonly SeriesEntry[] {
    return this.#entries.get(findingKey) ?? [];
  }

  /** Whether a record's entry is held. */
  has(recordId: string): boolean {
    return this.#keys.has(recordId);
  }

  /** Holds the entry of a record. */
  add(findingKey: string, entry: SeriesEntry): void {
    const entries = [...this.of(findingKey), entry];
    entries.sort((a, b) => (a.occurredAt < b.occurredAt ? 1 : -1));
    this.#entries.set(findingKey, entries);
    this.#keys.set(entry.recordId, findingKey);
  }

  /** Lets go of a record's entry, if it has one: the index answers for it from now on. */
  forget(recordId: string): void {
    const findingKey = this.#keys.get(recordId);
    if (findingKey === undefined) return;
    this.#keys.delete(recordId);
    const rest = this.of(findingKey).filter((entry) => entry.recordId !== recordId);
    if (rest.length === 0) this.#entries.delete(findingKey);
    else this.#entries.set(findingKey, rest);
  }
}
