// SPDX-License-Identifier: Apache-2.0
import type { OpenGap } from './evidence-index.ts';
import { compareTexts } from './merge-counts.ts';
import type { Projection } from './project-segment.ts';

/** What is told of a gap that still stands; null where the record is no gap. */
export function openGapOf({ entry, note }: Pick<Projection, 'entry' | 'note'>): OpenGap | null {
  if (note?.about !== 'gap') return null;
  const { id, source, account, region, run, collectedAt } = entry;
  const { reason, extent, what, message } = note;
  return { id, source, account, region, reason, extent, what, message, run, collectedAt };
}

/** The order in which open gaps are told. */
export function compareOpenGaps(one: OpenGap, other: OpenGap): number {
  const [a = '', b = ''] = [one, other].map(({ source, account, region, what }) => [source, account, region, what].join('\u0000'));
  return compareTexts(a, b);
}
