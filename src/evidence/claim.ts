// SPDX-License-Identifier: Apache-2.0

/** How much a claim shows: `direct` counts, `partial` counts beside other evidence, `context` never counts. */
export const strengths = ['direct', 'partial', 'context'] as const;
export type Strength = (typeof strengths)[number];

/** Which way a claim points, once decided. */
export const polarities = ['supports', 'exception', 'review', 'gap', 'occurrence', 'context'] as const;
export type Polarity = (typeof polarities)[number];

/** One control claim of a record: which control, by which rule, how strongly and which way. */
export interface Claim {
  readonly control: string;
  readonly rule: string;
  readonly strength: Strength;
  readonly polarity: Polarity;
}
