// SPDX-License-Identifier: Apache-2.0
import type { ControlCount, OpenGap } from '../evidence-index/evidence-index.ts';
import { type CoverageItem, type ItemCoverage, itemCoverage } from './item-coverage.ts';
import { type SectionCoverage, summarizeSections } from './section-coverage.ts';

/** The state of the evidence, item by item and section by section. */
export interface Coverage {
  readonly sections: readonly SectionCoverage[];
  readonly items: readonly ItemCoverage[];
  /** Claims of controls that the catalogue does not have (records of another pack): shown, never dropped. */
  readonly unknown: readonly ControlCount[];
  /** Every open gap, those of sources that feed no item too. */
  readonly gaps: readonly OpenGap[];
}

/** What the coverage is made of. */
export interface CoverageInput {
  readonly items: readonly CoverageItem[];
  /** Titles of clauses (`4` … `10`) and of sections (`A.2` … `A.10`). */
  readonly sectionTitles: ReadonlyMap<string, string>;
  readonly counts: readonly ControlCount[];
  readonly openGaps: readonly OpenGap[];
  /** By control, the sources whose rules claim it. */
  readonly rulesBySource: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Puts the index's answers beside the catalogue. Pure: the same input gives the same coverage. */
export function buildCoverage(input: CoverageInput): Coverage {
  const byControl = Map.groupBy(input.counts, (count) => count.control);
  const evidenceOf = (id: string) => ({
    counts: byControl.get(id) ?? [],
    sources: input.rulesBySource.get(id) ?? new Set<string>(),
    openGaps: input.openGaps,
  });
  const items = input.items.map((item) => itemCoverage(item, evidenceOf(item.id)));
  const known = new Set(input.items.map((item) => item.id));
  return {
    sections: summarizeSections(items, input.sectionTitles),
    items,
    unknown: input.counts.filter((count) => !known.has(count.control)),
    gaps: input.openGaps,
  };
}
