// SPDX-License-Identifier: Apache-2.0
import { receiptKey, receiptParts } from '../../src/collect/own-record.ts';
import type { PlannedWindow, WindowTarget } from '../../src/collect/window.ts';
import type { EvidenceIndex } from '../../src/evidence-index/evidence-index.ts';
import type { SeriesEntry } from '../../src/sources/source.ts';

/** The runs of one scope one after the other, and an index that knows their receipts and nothing else. */
export class ScopeRuns {
  readonly index: EvidenceIndex;
  readonly #target: WindowTarget;
  readonly #receipts: SeriesEntry[] = [];

  constructor(target: WindowTarget) {
    this.#target = target;
    const key = receiptKey({ source: target.source.id, account: target.account, region: target.region });
    const series: EvidenceIndex['series'] = async (asked, { limit }) => (asked === key ? this.#receipts.slice(0, limit) : []);
    this.index = { series } as EvidenceIndex;
  }

  /** Ends a planned run: it saw all, or met one gap that stands, or one that passes. */
  end({ window, memory }: PlannedWindow, how: 'complete' | 'standing' | 'passing'): void {
    const { source, account, region } = this.#target;
    const run = `run-${this.#receipts.length + 1}`;
    const scope = { run, source: source.id, partition: 'aws', account, region, window, memory };
    const counts = { itemsRead: 0, recordsStored: 0, duplicates: 0, itemGaps: 0, scopeGaps: how === 'complete' ? 0 : 1 };
    const more = { gaps: [], passingGaps: how === 'passing' ? 1 : 0, detail: {} };
    const { facts } = receiptParts(scope, window.until, counts, more);
    this.#receipts.unshift({ recordId: run, source: source.id, occurredAt: window.until, facts });
  }

  /** From when on something is owed after the newest run. */
  owed(): unknown {
    return this.#receipts[0]?.facts['owedSince'];
  }
}
