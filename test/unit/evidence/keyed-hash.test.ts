// SPDX-License-Identifier: Apache-2.0
import { createHmac, createSecretKey } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { keyedHash } from '../../../src/evidence/keyed-hash.ts';

describe('the keyed hash', () => {
  it('is HMAC-SHA-384, call after call', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 128 }), fc.array(fc.stringMatching(/^[ -~]{0,200}$/)), (bytes, messages) => {
        const key = createSecretKey(bytes);
        const fast = keyedHash(key);
        for (const message of messages) expect(fast(message)).toBe(createHmac('sha384', key).update(message).digest('hex'));
      }),
    );
  });

  it('refuses what it was not made for', () => {
    const fast = keyedHash(createSecretKey(Buffer.alloc(32, 1)));
    expect(fast('id')).toHaveLength(96);
    for (const message of ['é', 'x'.repeat(257)]) expect(() => fast(message)).toThrow(RangeError);
  });
});
