// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SqliteNames } from '../../../src/evidence-index/sqlite-names.ts';
import { openIndexDatabase } from '../../../src/evidence-index/sqlite-schema.ts';

describe('the numbers of facets', () => {
  it('are told apart by every part, however large, remembered or not', () => {
    // Few values, so that those meet which two numbers in one would not tell apart: 1 and 0, 0 and 2^26.
    const part = fc.constantFrom(0, 0, 1, 2 ** 23, 2 ** 26);
    const parts = fc.tuple(fc.integer({ min: 1, max: 2 }), part, part, part, part);
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 60 }), (facets) => {
        const names = new SqliteNames(openIndexDatabase({ path: ':memory:' }));
        const numbers = new Map<string, number>();
        for (const [family = 0, ...rest] of [...facets, ...facets]) {
          const key = JSON.stringify([family, rest]);
          expect(names.facetOf(family, ...rest)).toBe(numbers.get(key) ?? null);
          const number = names.facet(family, ...rest);
          expect(numbers.get(key) ?? number).toBe(number);
          numbers.set(key, number);
        }
        expect(new Set(numbers.values()).size).toBe(numbers.size);
      }),
    );
  });
});
