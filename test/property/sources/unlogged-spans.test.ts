// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type FolderLogs, spansToLookUp, unloggedSpans } from '../../../src/sources/cloudtrail/unlogged-spans.ts';

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

const folder = fc.record({
  times: fc.array(minutes, { maxLength: 40 }),
  sorts: fc.uniqueArray(fc.constantFrom('reads' as const, 'writes' as const)),
  brokenFrom: fc.option(minutes),
});

describe('spans without log files in several folders', () => {
  const given = { sorts: ['reads', 'writes'] as const, since: window.start, keptSince: 0 };
  const logsOf = (all: readonly (typeof folder extends fc.Arbitrary<infer Made> ? Made : never)[]): FolderLogs[] =>
    all.map(({ times, sorts, brokenFrom }, i) => {
      const broken = brokenFrom === null ? null : brokenFrom * minuteMs;
      const read = times.map((minute) => minute * minuteMs).filter((at) => at < (broken ?? window.end));
      return { folder: `${i}`, since: window.start, times: read, brokenFrom: broken, sorts: new Set(sorts) };
    });

  it('hold every time in which no folder of a sort got a file that some folder holds', () => {
    let seen = 0;
    fc.assert(
      fc.property(fc.array(folder, { maxLength: 4 }), (made) => {
        const folders = logsOf(made);
        const spans = spansToLookUp(window, folders, given);
        for (const sort of given.sorts) {
          const holders = folders.filter((one) => one.sorts.has(sort) || one.brokenFrom !== null);
          if (holders.length === 0 && folders.some((one) => one.sorts.size > 0)) continue;
          const times = [window.start, ...holders.flatMap((one) => one.times), window.end].toSorted((a, b) => a - b);
          for (const [i, end] of times.entries()) {
            const start = times[i - 1] ?? end;
            if (end - start <= (end === window.end ? 60 : 15) * minuteMs) continue;
            seen++;
            expect(spans.some((span) => span.start <= start && span.end >= end)).toBe(true);
          }
        }
      }),
    );
    expect(seen).toBeGreaterThan(100);
  });

  it('are for one folder what they are for its files alone', () => {
    fc.assert(
      fc.property(folder, (made) => {
        const [one] = logsOf([{ ...made, sorts: ['reads'] }]);
        const { times, brokenFrom } = one ?? { times: [], brokenFrom: null };
        expect(spansToLookUp(window, one === undefined ? [] : [one], given)).toEqual(
          unloggedSpans(window, { ...given, times, brokenFrom }),
        );
      }),
    );
  });

  it('do not change with a folder that holds nothing to look up, however often its files come', () => {
    const busyTimes = Array.from({ length: 600 }, (_, i) => window.start + i * 5 * minuteMs);
    const data: FolderLogs = { folder: 'data', since: window.start, times: busyTimes, brokenFrom: null, sorts: new Set() };
    fc.assert(
      fc.property(fc.array(folder, { maxLength: 3 }), (made) => {
        const folders = logsOf(made);
        expect(spansToLookUp(window, [...folders, data], given)).toEqual(spansToLookUp(window, folders, given));
      }),
    );
    expect(spansToLookUp(window, [{ ...data, sorts: new Set(['reads']) }], given)).toEqual([]);
    expect(spansToLookUp(window, [data], given)).toEqual([window]);
  });
});
