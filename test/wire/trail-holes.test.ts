// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { stringAt } from '../../src/evidence/json.ts';
import type { Reading } from '../../src/evidence/observation.ts';
import { noDeclarations } from '../../src/evidence/scope-file.ts';
import { awsError, type SampleAnswer, type SampleRequest } from '../../src/sample/sample-service.ts';
import { createCloudTrail } from '../../src/sources/cloudtrail.ts';
import type { Scope } from '../../src/sources/source.ts';
import { marksOf, readWhole, until } from '../support/resume.ts';
import { bucketAnswer, keyAt, lookupAnswer, lookupSpan, minuteFiles, minutesOf, trailPlace } from '../support/trail-files.ts';
import { watchedSamples } from '../support/watched-sample.ts';

const source = createCloudTrail({ tables: {}, declarations: noDeclarations });
const serve = watchedSamples();
const { account, region, bucket } = trailPlace;
const location = `s3://${bucket}`;
const day = '2026-11-05T';
const window = { since: `${day}02:00:00Z`, until: `${day}14:00:00Z` };
const instant = (time: string) => Date.parse(`${day}${time}Z`);

type Files = Map<string, Uint8Array>;
type Fault = (request: SampleRequest) => SampleAnswer | null;

/** A busy account, of which every minute has an event: files since midnight, LookupEvents the whole day. */
const busyFiles = (): Files => minuteFiles(`${day}00:00:00Z`, `${day}14:00:00Z`);
const happened = minutesOf(`${day}00:00:00Z`, `${day}14:00:00Z`);

/** Without the files that were delivered from one time up to before another. */
function without(files: Files, from: string, to: string): Files {
  return new Map([...files].filter(([key]) => key < keyAt(instant(from)) || key >= keyAt(instant(to))));
}

async function read(files: Files, { fault = () => null, more = {} }: { fault?: Fault; more?: Partial<Scope> } = {}) {
  const { server, asked } = await serve((request) => {
    const refused = fault(request);
    if (refused !== null) return refused;
    if (request.service === 's3') return bucketAnswer(request, files);
    if (request.operation === 'LookupEvents') return lookupAnswer(request, happened);
    return { status: 200, body: {} };
  });
  const scope: Scope = {
    ...{ partition: 'aws', account, region, window, sweptAt: window.until, reportLocations: [], trailLocations: [location] },
    ...more,
  };
  const readings = await readWhole(source, server, scope);
  const calls = asked.filter(({ operation, body }) => operation === 'LookupEvents' && stringAt(body, 'EventCategory') === undefined);
  return { readings, spans: calls.map(({ body }) => lookupSpan(body)), asked };
}

const idsOf = (readings: readonly Reading[]) =>
  new Set(readings.flatMap((one) => ('item' in one && one.item.shape === 'event' ? [stringAt(JSON.parse(one.item.text), 'eventID')] : [])));
const gapsOf = (readings: readonly Reading[]) => readings.flatMap((one) => ('gap' in one ? [one.gap] : []));
// What was delivered in the window: events of five minutes before it, and not those of its last minutes.
const expected = new Set(minutesOf(`${day}01:55:00Z`, `${day}13:55:00Z`).map((ms) => new Date(ms).toISOString().replace('.000Z', 'Z')));
const missingOf = (readings: readonly Reading[]) => [...expected.difference(idsOf(readings))];
const refuseLookups: Fault = ({ operation }) => (operation === 'LookupEvents' ? awsError(400, 'AccessDeniedException', 'no') : null);

const noInsights: Fault = ({ operation }) =>
  operation === 'DescribeTrails' ? { status: 200, body: { trailList: [{ Name: 'main', HasInsightSelectors: false }] } } : null;

describe('log files every five minutes', () => {
  it('give all events, and LookupEvents is not asked', async () => {
    const { readings, spans } = await read(busyFiles());
    expect(missingOf(readings)).toEqual([]);
    expect(spans).toEqual([]);
    expect(gapsOf(readings)).toEqual([]);
  });

  it('need no LookupEvents: that it may not be asked is not told', async () => {
    const onlyEvents: Fault = (request) => (stringAt(request.body, 'EventCategory') === undefined ? refuseLookups(request) : null);
    const { readings } = await read(busyFiles(), { fault: onlyEvents });
    expect(missingOf(readings)).toEqual([]);
    expect(gapsOf(readings)).toEqual([]);
  });

  it('need none where reading goes on after a mark either, but for what an earlier part could not read yet', async () => {
    const { readings: whole } = await read(busyFiles());
    const [resumeAfter = ''] = marksOf(whole).filter((mark) => /"event-logs".*T0900Z/.test(mark));
    const { readings, spans } = await read(busyFiles(), { more: { resumeAfter } });
    expect(missingOf([...until(whole, resumeAfter), ...readings])).toEqual([]);
    expect(spans).toEqual([]);
    const { readings: early } = await read(without(busyFiles(), '12:30:00', '14:00:00'));
    const [late = ''] = marksOf(early).filter((mark) => /"late-events"/.test(mark));
    const { readings: rest } = await read(busyFiles(), { more: { resumeAfter: late } });
    expect(missingOf([...until(early, late), ...rest])).toEqual([]);
  });
});

describe('a hole between log files', () => {
  it('is looked up, from an hour before it, and its events come', async () => {
    const { readings, spans } = await read(without(busyFiles(), '06:00:00', '06:40:00'));
    expect(missingOf(readings)).toEqual([]);
    expect(spans).toEqual([{ start: instant('04:55:00'), last: instant('06:40:00') - 1 }]);
    expect(gapsOf(readings)).toEqual([]);
  });

  it('at the beginning of the window is looked up', async () => {
    const { readings, spans } = await read(without(busyFiles(), '02:00:00', '02:40:00'));
    expect(spans).toEqual([{ start: instant('02:00:00'), last: instant('02:40:00') - 1 }]);
    expect(missingOf(readings).every((time) => String(time) < window.since)).toBe(true);
  });

  it('is looked up together with others near it, and apart from those far away', async () => {
    const holes = without(without(without(busyFiles(), '04:00:00', '04:30:00'), '05:20:00', '05:50:00'), '10:00:00', '12:00:00');
    const { readings, spans } = await read(holes);
    expect(missingOf(readings)).toEqual([]);
    expect(spans).toEqual([
      { start: instant('02:55:00'), last: instant('05:50:00') - 1 },
      { start: instant('08:55:00'), last: instant('12:00:00') - 1 },
    ]);
  });

  it('that may not be looked up is a gap, which tells of all holes in one', async () => {
    const holes = without(without(busyFiles(), '04:00:00', '04:30:00'), '10:00:00', '12:00:00');
    const { readings, spans } = await read(holes, { fault: refuseLookups });
    const found = gapsOf(readings).filter(({ detail }) => String(detail['unreadFrom']).startsWith(`${day}02:55`));
    expect(found).toMatchObject([
      { reason: 'denied', extent: 'scope', what: 'cloudtrail:LookupEvents', detail: { unreadUntil: `${day}12:00:00.000Z` } },
    ]);
    expect(spans).toHaveLength(1);
    expect(missingOf(readings).length).toBeGreaterThan(100);
  });

  it('older than LookupEvents keeps is no gap: nothing is known to be lost', async () => {
    const more = { sweptAt: '2027-03-01T00:00:00Z' };
    const { readings, spans } = await read(without(busyFiles(), '06:00:00', '06:40:00'), { fault: noInsights, more });
    expect([spans, gapsOf(readings)]).toEqual([[], []]);
    const { readings: ended } = await read(without(busyFiles(), '06:00:00', '14:00:00'), { fault: noInsights, more });
    expect(gapsOf(ended)).toMatchObject([{ code: 'OLDER_THAN_RETENTION', detail: { unreadFrom: `${day}03:55:00.000Z` } }]);
  });

  it('is looked up by a reading that goes on after any mark, also where the mark lies behind it', async () => {
    const holes = without(without(busyFiles(), '04:00:00', '04:30:00'), '10:00:00', '12:00:00');
    const { readings: whole } = await read(holes);
    const marks = marksOf(whole).filter((mark) => /event/.test(mark));
    expect(marks.filter((mark) => /"late-events","after":"2026/.test(mark))).toHaveLength(1);
    expect(missingOf(whole)).toEqual([]);
    for (const [i, resumeAfter] of marks.entries()) {
      if (i % 16 !== 0 && i < marks.length - 3) continue;
      const { readings } = await read(holes, { more: { resumeAfter } });
      expect({ resumeAfter, missing: missingOf([...until(whole, resumeAfter), ...readings]) }).toEqual({ resumeAfter, missing: [] });
    }
  }, 60_000);
});

const listFails =
  (folder: RegExp): Fault =>
  ({ service, query }) =>
    service === 's3' && folder.test(`${query.get('prefix')} ${query.get('delimiter') ?? ''}`)
      ? { status: 403, body: '<Error><Code>AccessDenied</Code><Message>no</Message></Error>' }
      : null;

describe('a trail location that cannot be listed', () => {
  const insightFiles = (): Files => {
    const made = [...minuteFiles(`${day}02:00:00Z`, `${day}03:00:00Z`)];
    return new Map([
      ...busyFiles(),
      ...made.map(([key, bytes]): [string, Uint8Array] => [key.replaceAll('CloudTrail', 'CloudTrail-Insight'), bytes]),
    ]);
  };
  const lookedUpInsights = (asked: readonly SampleRequest[]) =>
    asked.filter(({ body }) => stringAt(body, 'EventCategory') === 'insight').map(({ body }) => lookupSpan(body));

  it('where reading of Insights goes on is a gap, and the rest of the window is looked up', async () => {
    const { readings: whole } = await read(insightFiles());
    const [resumeAfter = ''] = marksOf(whole).filter((mark) => /"insight-logs".*T0230Z/.test(mark));
    expect(resumeAfter).not.toBe('');
    const { readings, asked } = await read(insightFiles(), { fault: listFails(/CloudTrail-Insight/), more: { resumeAfter } });
    expect(gapsOf(readings)).toMatchObject([{ reason: 'denied', extent: 'scope', what: 's3:ListBucket', detail: { location } }]);
    const [span] = lookedUpInsights(asked);
    expect(span?.start).toBeLessThanOrEqual(instant('02:30:00'));
    expect(span?.last).toBe(Date.parse(window.until) - 1);
    const { asked: healthy } = await read(insightFiles(), { more: { resumeAfter } });
    expect(lookedUpInsights(healthy).every(({ start }) => start <= instant('03:00:00'))).toBe(true);
  });

  it('is one gap, however often it is looked into', async () => {
    const { readings } = await read(busyFiles(), { fault: listFails(/./) });
    expect(gapsOf(readings)).toMatchObject([{ reason: 'denied', what: 's3:ListBucket', detail: { location } }]);
  });

  it('only when digests are looked for is a gap', async () => {
    let folderCalls = 0;
    const third: Fault = ({ service, query }) => {
      if (service !== 's3' || query.get('delimiter') === null || ++folderCalls < 3) return null;
      return { status: 403, body: '<Error><Code>AccessDenied</Code><Message>no</Message></Error>' };
    };
    const { readings } = await read(busyFiles(), { fault: third });
    expect(folderCalls).toBe(3);
    expect(gapsOf(readings)).toMatchObject([{ reason: 'denied', extent: 'scope', what: 's3:ListBucket', detail: { location } }]);
    expect(missingOf(readings)).toEqual([]);
  });
});
