// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { ReadAhead } from '../../../src/vault/read-ahead.ts';

async function* counted(seen: number[], until: number): AsyncGenerator<number> {
  try {
    for (let i = 1; i <= until; i++) {
      seen.push(i);
      yield i;
    }
    if (until === 3) throw new RangeError('after three');
  } finally {
    seen.push(-1);
  }
}

const settled = () => new Promise((done) => setImmediate(done));

describe('reading ahead', () => {
  it('asks for some values before anybody takes them, and for one more with each that is taken', async () => {
    const seen: number[] = [];
    const ahead = new ReadAhead(counted(seen, 10), 4);
    await settled();
    expect(seen).toEqual([1, 2, 3, 4]);
    const values = ahead.values();
    expect((await values.next()).value).toBe(1);
    await settled();
    expect(seen).toEqual([1, 2, 3, 4, 5]);
    expect(await Array.fromAsync(values)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('throws what was thrown in its turn, after the values before it', async () => {
    const taken: number[] = [];
    const ahead = new ReadAhead(counted([], 3), 8);
    await settled();
    const take = async () => {
      for await (const value of ahead.values()) taken.push(value);
    };
    await expect(take()).rejects.toThrow(RangeError);
    expect(taken).toEqual([1, 2, 3]);
  });

  it('ends the generator when it is closed', async () => {
    const seen: number[] = [];
    const ahead = new ReadAhead(counted(seen, 10), 2);
    await ahead.close();
    expect(seen).toEqual([1, 2, -1]);
  });
});
