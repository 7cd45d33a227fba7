// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { KeySet } from '../../../src/ledger/key-set.ts';

describe('KeySet', () => {
  it('holds what was added and nothing else, however much it grew', () => {
    const set = new KeySet();
    for (let i = 0; i < 20_000; i++) expect(set.add(`key ${i}`)).toBe(true);
    expect(set.size).toBe(20_000);
    for (let i = 0; i < 20_000; i += 7) {
      expect(set.add(`key ${i}`)).toBe(false);
      expect(set.has(`key ${i}`)).toBe(true);
      expect(set.has(`other ${i}`)).toBe(false);
    }
    expect(set.size).toBe(20_000);
  });
});
