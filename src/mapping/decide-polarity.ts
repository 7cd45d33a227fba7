// SPDX-License-Identifier: Apache-2.0
import type { Polarity } from '../evidence/claim.ts';
import { assertNever } from '../evidence/errors.ts';
import type { Facts } from '../evidence/observation.ts';
import type { RulePolarity } from './pack.ts';

/** A polarity as decided for one observation; `ignore` makes no claim. */
export type DecidedPolarity = Polarity | 'ignore';

/** What an observation says that decides polarities. Few and small, so that answers can be kept for each. */
export interface Verdict {
  readonly byOutcome: DecidedPolarity;
  readonly byThreshold: DecidedPolarity;
}

/** By outcome: PASSED supports, FAILED is an exception, WARNING waits for review; any other, none, or an archived finding claims nothing. */
function byOutcome(facts: Facts): DecidedPolarity {
  if (facts['recordState'] === 'ARCHIVED') return 'ignore';
  switch (facts['outcome']) {
    case 'PASSED':
      return 'supports';
    case 'FAILED':
      return 'exception';
    case 'WARNING':
      return 'review';
    default:
      return 'ignore';
  }
}

/** By threshold: within the approved limit supports, worse is an exception; without an approved limit a person must look. */
function byThreshold(facts: Facts): DecidedPolarity {
  switch (facts['thresholdOutcome']) {
    case 'WITHIN':
      return 'supports';
    case 'WORSE':
      return 'exception';
    default:
      return 'review';
  }
}

/** What the facts of an observation decide. */
export function verdictOf(facts: Facts): Verdict {
  return { byOutcome: byOutcome(facts), byThreshold: byThreshold(facts) };
}

/** A short text that is equal for equal verdicts. */
export function verdictKey(facts: Facts): string {
  return byOutcome(facts) + byThreshold(facts);
}

/** The polarity that a rule's word stands for, given the verdict. */
export function decidePolarity(polarity: RulePolarity, verdict: Verdict): DecidedPolarity {
  switch (polarity) {
    case 'by-outcome':
      return verdict.byOutcome;
    case 'by-threshold':
      return verdict.byThreshold;
    case 'supports':
    case 'exception':
    case 'review':
    case 'gap':
    case 'occurrence':
    case 'context':
    case 'ignore':
      return polarity;
    default:
      return assertNever(polarity);
  }
}
