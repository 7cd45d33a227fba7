// SPDX-License-Identifier: Apache-2.0
import type { EvidenceIndex } from '../evidence-index/evidence-index.ts';
import type { History, SeriesEntry } from '../sources/source.ts';
import type { RecordWriter } from './record-writer.ts';

/** History as a run sees it: what the index holds, and what this invocation has sealed and not yet indexed. */
export function runHistory(index: EvidenceIndex, writers: Iterable<RecordWriter>): History {
  return {
    async series(findingKey, options) {
      // What waits first: a segment that reaches the index meanwhile is then seen twice, and not never.
      const fresh = [...writers]
        .flatMap((writer) => writer.pendingSeries(findingKey))
        .filter((entry) => entry.occurredAt <= options.before);
      const stored = await index.series(findingKey, options);
      if (fresh.length === 0) return stored;
      const known = new Set(stored.map((entry) => entry.recordId));
      const all: SeriesEntry[] = [...fresh.filter((entry) => !known.has(entry.recordId)), ...stored].sort((a, b) =>
        a.occurredAt < b.occurredAt ? 1 : -1,
      );
      return all.slice(0, options.limit);
    },
  };
}
