// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { unloggedSpans } from '../../../src/sources/cloudtrail/unlogged-spans.ts';

const minuteMs = 60_000;
const window = { start: 1_000 * minuteMs, end: 4_000 * minuteMs };
const minutes = fc.integer({ min: 1_000, max: 3_999 });
const delivered = fc.record({
  times: fc.array(minutes, { maxLength: 60 }),
  since: fc.integer({ min: 1_000, max: 4_000 }),
  brokenAt: fc.option(minutes),
  keptFrom: fc.integer({ min: 0, max: 4_500 }),
});

function spansOf({ times, since, brokenAt, keptFrom }: Parameters<Parameters<typeof delivered.map>[0]>[0]) {
  const inside = times.filter((minute) => minute >= since).map((minute) => minute * minuteMs);
  const brokenFrom = brokenAt === null ? null : brokenAt * minuteMs;
  const given = { since: since * minuteMs, times: inside, brokenFrom, keptSince: keptFrom * minuteMs };
  return { given, spans: unloggedSpans(window, given) };
}

describe('spans without log files', () => {
  it('lie in the window, oldest first and apart', () => {
    fc.assert(
      fc.property(delivered, (made) => {
        const { spans } = spansOf(made);
        for (const [i, { start, end }] of spans.entries()) {
          expect(start).toBeGreaterThanOrEqual(window.start);
          expect(end).toBeLessThanOrEqual(window.end);
          expect(end).toBeGreaterThan(start);
          expect(start).toBeGreaterThan(spans[i - 1]?.end ?? 0);
        }
      }),
    );
  });

  it('hold each hole that LookupEvents can still tell of, and the hour before it', () => {
    let holes = 0;
    fc.assert(
      fc.property(delivered, (made) => {
        const { given, spans } = spansOf(made);
        const ordered = [given.since, ...given.times.toSorted((a, b) => a - b)];
        for (const [i, before] of ordered.entries()) {
          const end = ordered[i + 1];
          const start = Math.max(before - 60 * minuteMs, window.start, given.keptSince);
          if (end === undefined || end - before <= 15 * minuteMs || start >= end) continue;
          holes++;
          expect(spans.some((span) => span.start <= start && span.end >= end)).toBe(true);
        }
      }),
    );
    expect(holes).toBeGreaterThan(100);
  });

  it('are none where files come every quarter of an hour up to the last hour, and the rest where one is broken', () => {
    const steps = fc.array(fc.integer({ min: 1, max: 15 }), { minLength: 200, maxLength: 3_000 });
    fc.assert(
      fc.property(steps, fc.nat(199), (gone, i) => {
        const all: number[] = [];
        for (const step of gone) all.push((all.at(-1) ?? window.start) + step * minuteMs);
        const times = all.filter((at) => at < window.end);
        const short = { start: window.start, end: Math.min(window.end, (times.at(-1) ?? 0) + 60 * minuteMs) };
        const whole = { since: window.start, times, brokenFrom: null, keptSince: 0 };
        expect(unloggedSpans(short, whole)).toEqual([]);
        const brokenFrom = times[i] ?? window.start;
        const rest = { start: Math.max(window.start, brokenFrom - 120 * minuteMs), end: short.end };
        expect(unloggedSpans(short, { ...whole, brokenFrom })).toEqual([rest]);
      }),
    );
  });
});
