// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalBytes, isPlainText } from '../../../src/evidence/canonical-bytes.ts';
import { canonicalJson } from '../../../src/evidence/canonical-json.ts';
import type { Json } from '../../../src/evidence/json.ts';
import { KeyOrders } from '../../../src/evidence/key-order.ts';

const nothing = { orders: new KeyOrders(() => false), replace: (_name: string, value: Json): Json => value };
const written = (value: Json): string => canonicalBytes(value, nothing, isPlainText(JSON.stringify(value))).bytes.toString();

describe('canonical JSON in bytes', () => {
  it('is canonical JSON as text, for plain values and for any', () => {
    const plain = fc.jsonValue({ stringUnit: fc.constantFrom('a', 'B', '7', ' ', '~') });
    fc.assert(
      fc.property(fc.oneof(plain, fc.jsonValue({ stringUnit: 'binary' })), (any) => {
        const value: Json = JSON.parse(JSON.stringify(any));
        expect(written(value)).toBe(Buffer.from(canonicalJson(value)).toString());
      }),
      { numRuns: 1_000 },
    );
  });

  it('are the same wherever in the writer’s memory a value lies, so that each of its bytes once comes where a piece ends', () => {
    // Names and values of every kind, a little over 100 bytes: with one more byte each time the ends of pieces fall everywhere in it.
    const value = (filler: string): Json => ({
      [`a${filler}`]: { inner: { last: [1, true, null, { deep: filler }] }, z: {} },
      b: [],
      c: -1.5,
    });
    for (let length = 0; length < 4_000; length++) {
      const one = value('x'.repeat(length % 97));
      expect(canonicalBytes(one, nothing, length % 2 === 0).bytes.toString()).toBe(canonicalJson(one));
    }
  });

  it('has room for values larger than its memory, and leaves those before them alone', () => {
    const small = canonicalBytes({ a: 'first' }, nothing, true).bytes;
    const large = { list: Array.from({ length: 30_000 }, (_, n) => `value ${n}`), long: 'é'.repeat(200_000) };
    expect(written(large)).toBe(canonicalJson(large));
    expect(written('x'.repeat(1_000_000))).toHaveLength(1_000_002);
    expect(small.toString()).toBe('{"a":"first"}');
  });

  it('writes the next value well after one that it could not write', () => {
    expect(() => canonicalBytes({ a: 'left behind', b: Number.NaN }, nothing, true)).toThrow(
      expect.objectContaining({ code: 'JSON_NOT_FINITE' }),
    );
    expect(written({ b: 1 })).toBe('{"b":1}');
  });

  it('takes text for plain only without escapes and beyond ASCII', () => {
    expect(isPlainText('{"a":"b"}')).toBe(true);
    for (const text of ['{"a":"\\n"}', '{"a":"é"}', '{"a":"\\u0062"}']) expect(isPlainText(text)).toBe(false);
  });
});
