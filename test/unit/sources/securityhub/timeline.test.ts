// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  emptyTimeline,
  extendTimeline,
  type TimelineVersion,
  timelineFacts,
  timelineIn,
} from '../../../../src/sources/securityhub/timeline.ts';

const day = (n: number) => new Date(Date.UTC(2026, 9, 1) + n * 86_400_000).toISOString();

function version(days: number, outcome: string, more: Partial<TimelineVersion> = {}): TimelineVersion {
  return { id: 'a', outcome, at: day(days), isArchived: false, ...more };
}

function timelineOf(...versions: readonly TimelineVersion[]) {
  return versions.reduce(extendTimeline, emptyTimeline);
}

const outcomes = (...versions: readonly TimelineVersion[]) => timelineOf(...versions).entries.map((entry) => entry.outcome);

describe('the timeline of a finding key', () => {
  it('opens an entry with each other outcome and lets the same one run on', () => {
    const { entries } = timelineOf(version(0, 'FAILED'), version(1, 'FAILED'), version(2, 'PASSED'));
    expect(entries).toEqual([
      { from: day(0), to: day(2), outcome: 'FAILED', ids: ['a'] },
      { from: day(2), to: null, outcome: 'PASSED', ids: ['a'] },
    ]);
  });

  it('is paused and not ended by NOT_AVAILABLE', () => {
    const { entries } = timelineOf(version(0, 'FAILED'), version(1, 'NOT_AVAILABLE'), version(2, 'FAILED'));
    expect(entries).toEqual([{ from: day(0), to: null, outcome: 'FAILED', ids: ['a'] }]);
    expect(outcomes(version(0, 'FAILED'), version(1, 'NOT_AVAILABLE'), version(2, 'PASSED'))).toEqual(['FAILED', 'PASSED']);
  });

  it('takes the worst of several ids that stand at once', () => {
    expect(outcomes(version(0, 'FAILED'), version(0.5, 'PASSED', { id: 'b' }))).toEqual(['FAILED']);
    expect(outcomes(version(0, 'PASSED'), version(0.5, 'FAILED', { id: 'b' }), version(1, 'PASSED', { id: 'b' }))).toEqual([
      'PASSED',
      'FAILED',
      'PASSED',
    ]);
  });

  it('leaves out an id that was silent for a week', () => {
    expect(outcomes(version(0, 'FAILED'), version(6, 'PASSED', { id: 'b' }))).toEqual(['FAILED']);
    expect(outcomes(version(0, 'FAILED'), version(8, 'PASSED', { id: 'b' }))).toEqual(['FAILED', 'PASSED']);
  });

  it('is ended by archiving only where no other id takes over within a day, and gains no outcome by it', () => {
    const archived = version(5, 'FAILED', { isArchived: true });
    expect(timelineOf(version(0, 'FAILED'), archived).entries).toEqual([{ from: day(0), to: day(5), outcome: 'FAILED', ids: ['a'] }]);
    const soon = timelineOf(version(0, 'FAILED'), archived, version(5.9, 'FAILED', { id: 'b' }));
    expect(soon.entries).toEqual([{ from: day(0), to: null, outcome: 'FAILED', ids: ['a', 'b'] }]);
    expect(outcomes(version(0, 'FAILED'), archived, version(7, 'FAILED', { id: 'b' }))).toEqual(['FAILED', 'FAILED']);
    expect(outcomes(version(0, 'FAILED', { isArchived: true }))).toEqual([]);
    const other = timelineOf(version(0, 'FAILED'), version(4, 'FAILED', { id: 'b' }), archived);
    expect(other.entries).toEqual([{ from: day(0), to: null, outcome: 'FAILED', ids: ['a', 'b'] }]);
  });

  it('is the same after a version was taken in twice, and after it went through facts', () => {
    const anyVersion = fc.record({
      id: fc.constantFrom('a', 'b', 'c'),
      outcome: fc.constantFrom('FAILED', 'PASSED', 'WARNING', 'NOT_AVAILABLE', 'ODD'),
      gap: fc.integer({ min: 1, max: 240 }),
      isArchived: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(anyVersion, { maxLength: 20 }), (steps) => {
        let hours = 0;
        let timeline = emptyTimeline;
        for (const { gap, ...step } of steps) {
          hours += gap;
          const next = { ...step, at: day(hours / 24) };
          timeline = extendTimeline(timeline, next);
          expect(extendTimeline(timeline, next)).toEqual(timeline);
          expect(timelineIn(timelineFacts(timeline))).toEqual(timeline);
          expect(timeline.entries.length).toBeLessThanOrEqual(8);
          expect(timeline.entries.slice(0, -1).every((entry) => entry.to !== null)).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });
});
