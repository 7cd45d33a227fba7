// SPDX-License-Identifier: Apache-2.0
import type { EvidenceIndex } from '../evidence-index/evidence-index.ts';
import type { History, SeriesEntry } from '../sources/source.ts';
import type { RecordWriter } from './record-writer.ts';

/** History as a run sees it: what the index holds, and what this invocation has sealed and not yet indexed. */
export function runHistory(index: EvidenceIndex, writers: Iterable<RecordWriter>): History {
  return {
    async series(findingKey, options) {
      const stored = await index.series(findingKey, options);
      const fresh = [...writers]
        .flatMap((writer) => writer.pendingSeries(findingKey))
        .filter((entry) => entry.occurredAt <= options.before);
      if (fresh.length === 0) return stored;
      const known = new Set(stored.map((entry) => entry.recordId));
      const all: SeriesEntry[] = [...fresh.filter((entry) => !known.has(entry.recordId)), ...stored].sort((a, b) =>
        a.occurredAt < b.occurredAt ? 1 : -1,
      );
      return all.slice(0, options.limit);
    },
  };
}
