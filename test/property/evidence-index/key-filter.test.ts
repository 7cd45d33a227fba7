// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { KeyFilter } from '../../../src/evidence-index/key-filter.ts';
import { keyOf } from '../../../src/evidence-index/sqlite-identities.ts';

const keyNumbered = (n: number): number => keyOf(hash('sha256', String(n)));

describe('the filter over keys', () => {
  it('may hold every key that was added, whatever it is', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2 ** 52 - 1 })), (keys) => {
        const filter = new KeyFilter();
        for (const key of keys) filter.add(key);
        expect(keys.every((key) => filter.mayHold(key))).toBe(true);
      }),
    );
  });

  it('passes few others, also when it has grown', () => {
    const filter = new KeyFilter();
    const added = 200_000;
    for (let n = 0; n < added; n++) filter.add(keyNumbered(n));
    let missed = 0;
    let passed = 0;
    for (let n = 0; n < added; n += 7) if (!filter.mayHold(keyNumbered(n))) missed++;
    for (let n = 0; n < 20_000; n++) if (filter.mayHold(keyNumbered(added + n))) passed++;
    expect(missed).toBe(0);
    expect(passed).toBeLessThan(400);
  });

  it('passes nothing while it is empty', () => {
    expect(new KeyFilter().mayHold(keyNumbered(1))).toBe(false);
  });
});
