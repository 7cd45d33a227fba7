// SPDX-License-Identifier: Apache-2.0
import type { OpenGap } from '../evidence-index/evidence-index.ts';

/** A gap, and the sources that have it. */
export interface ToldGap<Gap extends Told = OpenGap> {
  readonly gap: Gap;
  readonly sources: readonly string[];
}

type Told = Pick<OpenGap, 'source' | 'account' | 'region' | 'reason' | 'what'>;

/**
 * Gaps as people are told of them: a file that could not be read is a gap of every source, as it may have held evidence for any of them, and is one
 * thing to mend.
 */
export function toldOnce<Gap extends Told>(gaps: readonly Gap[]): readonly ToldGap<Gap>[] {
  const things = Map.groupBy(gaps, (gap) => {
    const ofFiles = gap.account === '' && gap.region === '';
    return [ofFiles ? '' : gap.source, gap.account, gap.region, gap.reason, gap.what].join('\u0000');
  });
  return [...things.values()].flatMap((alike) => {
    const [gap] = alike;
    return gap === undefined ? [] : [{ gap, sources: [...new Set(alike.map(({ source }) => source))] }];
  });
}
