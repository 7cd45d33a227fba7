// SPDX-License-Identifier: Apache-2.0
import { type Polarity, polarities, type Strength, strengths } from '../evidence/claim.ts';
import type { ControlCount, OpenGap } from '../evidence-index/evidence-index.ts';
import { newestTime } from './newest-time.ts';

/** What the coverage needs to know of a clause or control. */
export interface CoverageItem {
  readonly id: string;
  readonly kind: 'clause' | 'control';
  readonly title: string;
  readonly automation: 'high' | 'some' | 'assist' | 'none';
  /** Evidence that a person must supply, in the catalogue's words. */
  readonly manual: readonly string[];
}

/** Which evidence stands for an item now: the strongest there is, whichever way it points. */
export type Standing = Strength | 'none';

/** Numbers by polarity; a polarity that none has is absent. */
export type ByPolarity = Readonly<Partial<Record<Polarity, number>>>;

/** How many open gaps of one source and reason an item suffers from; `Coverage.gaps` has each of them. */
export interface GapCount {
  readonly source: string;
  readonly reason: OpenGap['reason'];
  readonly open: number;
}

/** What is known of one clause or control. Nothing is added up over strengths: the three do not weigh the same. */
export interface ItemCoverage {
  readonly id: string;
  readonly kind: 'clause' | 'control';
  readonly title: string;
  readonly section: string;
  readonly automation: CoverageItem['automation'];
  /** Strongest evidence that stands now; it says how well something is seen, not that it is in order. */
  readonly evidence: Standing;
  /** Every record that claims this item, by strength and polarity. */
  readonly observations: Readonly<Record<Strength, ByPolarity>>;
  /** Distinct findings in their newest state, and one-off events, by strength and polarity. */
  readonly findings: Readonly<Record<Strength, ByPolarity>>;
  /** Time of the newest record that claims this item, ISO 8601; null where there is none. */
  readonly newest: string | null;
  /** What we could not see, of the sources whose rules feed this item. */
  readonly gaps: readonly GapCount[];
  /** Sources whose rules feed this item. */
  readonly sources: readonly string[];
  readonly person: { readonly hint: string; readonly supply: readonly string[] };
}

/** What is known of one item. */
export interface ItemEvidence {
  readonly counts: readonly ControlCount[];
  /** Sources whose rules feed the item. */
  readonly sources: ReadonlySet<string>;
  readonly openGaps: readonly OpenGap[];
}

const hints: Readonly<Record<CoverageItem['automation'], string>> = {
  high: 'AWS shows most of how this operates; its design and the judgement of it are for a person to show.',
  some: 'AWS shows a part of this; the rest is for a person to show.',
  assist: 'AWS data only points at this; a person must show it.',
  none: 'AWS data says nothing of this; only a person can show it.',
};

/** Section of an item: `6.1.2` lies in `6`, `A.6.2.4` in `A.6`. */
export function sectionOf(id: string): string {
  return id
    .split('.')
    .slice(0, id.startsWith('A.') ? 2 : 1)
    .join('.');
}

/** Puts the answers about one item together: its counts, its sources and the open gaps of those. */
export function itemCoverage(item: CoverageItem, known: ItemEvidence): ItemCoverage {
  const { counts, sources, openGaps } = known;
  return {
    id: item.id,
    kind: item.kind,
    title: item.title,
    section: sectionOf(item.id),
    automation: item.automation,
    evidence: strengths.find((strength) => counts.some((count) => count.strength === strength && count.findings > 0)) ?? 'none',
    observations: table(counts, (count) => count.observations),
    findings: table(counts, (count) => count.findings),
    newest: newestTime(counts.map((count) => count.newest)),
    gaps: gapCounts(openGaps.filter((gap) => sources.has(gap.source))),
    sources: [...sources].sort(),
    person: { hint: hints[item.automation], supply: item.manual },
  };
}

function table(counts: readonly ControlCount[], numberOf: (count: ControlCount) => number): Readonly<Record<Strength, ByPolarity>> {
  const row = (strength: Strength): ByPolarity => {
    const numbers: Partial<Record<Polarity, number>> = {};
    for (const polarity of polarities) {
      const sum = counts.reduce((so, one) => so + (one.strength === strength && one.polarity === polarity ? numberOf(one) : 0), 0);
      if (sum > 0) numbers[polarity] = sum;
    }
    return numbers;
  };
  return { direct: row('direct'), partial: row('partial'), context: row('context') };
}

function gapCounts(gaps: readonly OpenGap[]): readonly GapCount[] {
  const groups = Map.groupBy(gaps, ({ source, reason }) => `${source} ${reason}`).values();
  return [...groups].flatMap((group) => group.slice(0, 1).map(({ source, reason }) => ({ source, reason, open: group.length })));
}
