// SPDX-License-Identifier: Apache-2.0
import { polarities, strengths } from '../evidence/claim.ts';
import type { ControlCount } from './evidence-index.ts';

type Counted = Omit<ControlCount, 'newest'>;

/** Adds up the counts of one control, strength and polarity (and day); ordered by day, control, strength, polarity. */
export function mergeCounts<Count extends Counted & { readonly day?: string }>(
  counts: readonly Count[],
  more: (one: Count, other: Count) => Partial<Count>,
): readonly Count[] {
  const merged = new Map<string, Count>();
  for (const count of counts) {
    const name = [count.day ?? '', count.control, strengths.indexOf(count.strength), polarities.indexOf(count.polarity)].join('\u0000');
    const one = merged.get(name);
    const sums = one && { observations: one.observations + count.observations, findings: one.findings + count.findings };
    merged.set(name, one === undefined ? count : { ...one, ...more(one, count), ...sums });
  }
  return [...merged].sort(([one], [other]) => compareTexts(one, other)).map(([, count]) => count);
}

/** The order of answers that are named by texts. */
export function compareTexts(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
