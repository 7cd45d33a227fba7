// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { readBatch } from '../../../src/sources/intake/read-batch.ts';

describe('a batch with a broken line', () => {
  it('gives every item of the long line beside it', () => {
    const record = '{"eventSource":"s3.amazonaws.com","eventName":"GetObject","eventID":"1"}';
    const count = 150_000;
    const bytes = new Uint8Array(Buffer.from(`{"cut":\n{"Records":[${Array.from({ length: count }, () => record).join(',')}]}`));
    const slices = { base: 0, bytes, starts: new Uint32Array([0]), ends: new Uint32Array([bytes.length]) };
    const found = { items: 0, gaps: 0, others: 0 };
    for (const read of readBatch({ ...slices, path: 'a.json', sha256: 'f'.repeat(64), context: {} }, '2026-11-20T12:00:00Z')) {
      if ('item' in read) found.items++;
      else if ('gap' in read) found.gaps++;
      else found.others++;
    }
    expect(found).toEqual({ items: count, gaps: 1, others: 0 });
  });
});
