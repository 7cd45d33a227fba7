// SPDX-License-Identifier: Apache-2.0
import type { Polarity } from '../evidence/claim.ts';
import type { ItemCoverage, Standing } from './item-coverage.ts';
import { newestTime } from './newest-time.ts';

/**
 * How many items of a clause or section are in which state. There is no total score: an item with direct evidence may have
 * exceptions, and one that only people can show has none by nature. One item may stand under several of the concerns.
 */
export interface SectionCoverage {
  readonly id: string;
  readonly title: string;
  readonly items: number;
  /** Items by the strongest evidence that stands now; together they are all items. */
  readonly evidence: Readonly<Record<Standing, number>>;
  /** Items with at least one standing finding, direct or partial, that is an exception. */
  readonly withExceptions: number;
  /** … that waits for a person's review. */
  readonly withReviews: number;
  /** … that says expected evidence is missing. */
  readonly withMissingEvidence: number;
  /** Items fed by a source of which something could not be seen. */
  readonly withOpenGaps: number;
  /** Items of which AWS data says nothing: only a person can show them. */
  readonly forPeopleOnly: number;
  /** Time of the newest record, ISO 8601; null where there is none. */
  readonly newest: string | null;
}

/** Summaries per clause and section, in the order in which the items come. */
export function summarizeSections(items: readonly ItemCoverage[], titles: ReadonlyMap<string, string>): readonly SectionCoverage[] {
  return [...Map.groupBy(items, (item) => item.section)].map(([id, members]) => {
    const numberOf = (isSo: (item: ItemCoverage) => boolean) => members.filter(isSo).length;
    const standing = (state: Standing) => numberOf((item) => item.evidence === state);
    return {
      id,
      title: titles.get(id) ?? id,
      items: members.length,
      evidence: { direct: standing('direct'), partial: standing('partial'), context: standing('context'), none: standing('none') },
      withExceptions: numberOf((item) => stands(item, 'exception')),
      withReviews: numberOf((item) => stands(item, 'review')),
      withMissingEvidence: numberOf((item) => stands(item, 'gap')),
      withOpenGaps: numberOf((item) => item.gaps.length > 0),
      forPeopleOnly: numberOf((item) => item.automation === 'none'),
      newest: newestTime(members.map((item) => item.newest)),
    };
  });
}

// Context never counts, so neither does an exception that is only context.
function stands(item: ItemCoverage, polarity: Polarity): boolean {
  return (item.findings.direct[polarity] ?? 0) + (item.findings.partial[polarity] ?? 0) > 0;
}
