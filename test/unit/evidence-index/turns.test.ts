// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { forEach, inBatches } from '../../../src/evidence-index/in-batches.ts';
import { Turns } from '../../../src/evidence-index/turns.ts';

const soon = () => new Promise<void>((done) => setImmediate(done));

describe('turns', () => {
  it('let no more calls be under way than they were told, and make all of them in order', async () => {
    const turns = new Turns(3);
    const started: number[] = [];
    let [underWay, most] = [0, 0];
    const call = (n: number) =>
      turns.take(async () => {
        started.push(n);
        most = Math.max(most, ++underWay);
        await soon();
        underWay--;
        return n;
      });
    const numbers = Array.from({ length: 20 }, (_, n) => n);
    expect(await Promise.all(numbers.map(call))).toEqual(numbers);
    expect([most, started]).toEqual([3, numbers]);
  });

  it('go on after a call that fails', async () => {
    const turns = new Turns(1);
    const failing = turns.take(() => Promise.reject(new RangeError('no')));
    const next = turns.take(async () => 'yes');
    await expect(failing).rejects.toThrow(RangeError);
    expect(await next).toBe('yes');
  });
});

describe('work in batches', () => {
  it('gives the answers in the order of the list, whichever is done first', async () => {
    const list = Array.from({ length: 101 }, (_, n) => n);
    const sums = await inBatches(list, 10, async (batch) => {
      if (batch[0] === 0) await soon();
      return batch.length;
    });
    expect(sums).toEqual([...Array.from({ length: 10 }, () => 10), 1]);
    expect(await forEach(list, async (n) => n)).toEqual(list);
    expect(await forEach([], async (n) => n)).toEqual([]);
  });

  it('begins nothing more after a failure', async () => {
    const begun: number[] = [];
    const list = Array.from({ length: 500 }, (_, n) => n);
    const work = async (n: number) => {
      begun.push(n);
      await soon();
      if (n === 7) throw new RangeError('seven');
    };
    await expect(forEach(list, work)).rejects.toThrow(RangeError);
    for (let rounds = 0; rounds < 50; rounds++) await soon();
    expect(begun.length).toBeGreaterThan(7);
    expect(begun.length).toBeLessThan(100);
  });
});
