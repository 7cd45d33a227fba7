// SPDX-License-Identifier: Apache-2.0
import type { Strength } from '../evidence/claim.ts';
import type { RulePolarity } from '../mapping/pack.ts';

/** What claims are read from: a rule of the pack, or as people write it. */
interface Claiming {
  readonly polarity: RulePolarity;
  readonly controls: readonly { readonly control: string; readonly strength: Strength; readonly polarity?: RulePolarity | undefined }[];
}

/** What one rule says of one item of the standard. */
interface RuleClaim<R> {
  readonly rule: R;
  readonly control: string;
  readonly strength: Strength;
}

/** The claims that rules make, in their order. `ignore` claims nothing, so what it names is left out wherever claims are counted or listed. */
export function ruleClaims<R extends Claiming>(rules: readonly R[]): readonly RuleClaim<R>[] {
  return rules.flatMap((rule) =>
    rule.controls
      .filter((claim) => (claim.polarity ?? rule.polarity) !== 'ignore')
      .map(({ control, strength }) => ({ rule, control, strength })),
  );
}
