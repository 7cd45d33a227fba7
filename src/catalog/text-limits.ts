// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';

/**
 * Longest texts of the mapping data, in characters. Ids and titles of the standard are facts; its sentences are not ours to ship.
 * A field that outgrows its limit is more likely a quotation than a paraphrase.
 */
const textLimits = { title: 80, line: 180, sentence: 260, note: 360, definition: 1_200 } as const;

/** Text of one of the lengths above: not empty, no line break at either end. */
export function text(limit: keyof typeof textLimits) {
  return z
    .string()
    .min(1)
    .max(textLimits[limit])
    .regex(/^\S[\s\S]*\S$|^\S$/, 'no space at either end');
}
