// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { expiredBefore, retainUntil } from '../../../src/vault/s3-place.ts';

describe('retention', () => {
  it.each([
    ['2026-11-21T00:00:00.000Z', 1, '2026-11-23T00:00:00.000Z'],
    ['2026-11-21T23:59:59.999Z', 1, '2026-11-23T00:00:00.000Z'],
    ['2026-11-21T10:00:00.000Z', 1_100, '2029-11-26T00:00:00.000Z'],
  ])('of what is written at %s for %i days lasts to the end of its last day, %s', (now, days, until) => {
    expect(retainUntil(days, new Date(now)).toISOString()).toBe(until);
    expect(retainUntil(days, new Date(now)).getTime() - Date.parse(now)).toBeGreaterThan(days * 86_400_000);
  });

  it('is over for every segment written before the day that is told, put a day late too', () => {
    for (const days of [1, 30, 1_100]) {
      const now = new Date('2026-11-21T00:00:00Z');
      const day = expiredBefore(days, now);
      // The last segment of the day before, put during the day after its own.
      const lastPut = Date.parse(`${day}T23:59:59Z`);
      expect(retainUntil(days, new Date(lastPut)).getTime()).toBeLessThanOrEqual(now.getTime());
      expect(retainUntil(days, new Date(lastPut + 86_400_000)).getTime()).toBeGreaterThan(now.getTime());
    }
  });
});
