// SPDX-License-Identifier: Apache-2.0
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { type JsonObject, stringAt } from '../../src/evidence/json.ts';
import type { Reading } from '../../src/evidence/observation.ts';
import { noDeclarations } from '../../src/evidence/scope-file.ts';
import type { SampleAnswer, SampleRequest } from '../../src/sample/sample-service.ts';
import { createCloudTrail } from '../../src/sources/cloudtrail.ts';
import type { Scope } from '../../src/sources/source.ts';
import { marksOf, readWhole, until } from '../support/resume.ts';
import { bucketAnswer, keyAt, lookupSpan, minuteEvent, minutesOf, trailPlace } from '../support/trail-files.ts';
import { watchedSamples } from '../support/watched-sample.ts';

const source = createCloudTrail({ tables: {}, declarations: noDeclarations });
const serve = watchedSamples();
const { account, region, bucket } = trailPlace;
const day = '2026-11-05T';
const instant = (time: string) => Date.parse(`${day}${time}Z`);
const minuteMs = 60_000;
const folderOf = (prefix: string) => `s3://${bucket}/${prefix}AWSLogs/${account}/CloudTrail/${region}/`;
const [main, second] = [folderOf(''), folderOf('second/')];

type Files = ReadonlyMap<string, Uint8Array>;

/** A busy account's event of a minute: every tenth makes an endpoint, the others read. */
function busyEvent(ms: number): JsonObject {
  if ((ms / minuteMs) % 10 !== 0) return minuteEvent(ms);
  return { ...minuteEvent(ms), eventSource: 'sagemaker.amazonaws.com', eventName: 'CreateEndpoint', readOnly: false };
}

function dataEvent(ms: number): JsonObject {
  return { ...minuteEvent(ms), eventID: `data ${ms}`, eventName: 'GetObject', managementEvent: false, eventCategory: 'Data' };
}

const busy = minutesOf(`${day}00:00:00Z`, `${day}14:00:00Z`).map(busyEvent);
const data = minutesOf(`${day}00:00:00Z`, `${day}14:00:00Z`).map(dataEvent);
const isWrite = ({ readOnly }: JsonObject) => readOnly === false;
const timeOf = (event: JsonObject) => Date.parse(String(event['eventTime']));

/** Log files of events, delivered at the end of their five minutes or so many minutes later. */
function filesOf(events: readonly JsonObject[], prefix = '', lateMinutes = 0): Files {
  const groups = Map.groupBy(events, (event) => (Math.floor(timeOf(event) / (5 * minuteMs)) + 1) * 5 * minuteMs + lateMinutes * minuteMs);
  return new Map([...groups].map(([at, Records]) => [`${prefix}${keyAt(at)}`, gzipSync(JSON.stringify({ Records }))]));
}

function without(files: Files, from: string, to: string): Files {
  const [start, end] = [keyAt(instant(from)), keyAt(instant(to))];
  const plain = (key: string) => key.replace(/^second\//, '');
  return new Map([...files].filter(([key]) => plain(key) < start || plain(key) >= end));
}

interface Account {
  readonly files: readonly Files[];
  readonly happened?: readonly JsonObject[];
  readonly fault?: (request: SampleRequest) => SampleAnswer | null;
  readonly since?: string;
  readonly to?: string;
  readonly more?: Partial<Scope>;
}

async function read({ files, happened = busy, fault = () => null, since = '02:00:00', to = '14:00:00', more = {} }: Account) {
  const all = new Map(files.flatMap((one) => [...one]));
  const { server, asked } = await serve((request) => {
    const refused = fault(request);
    if (refused !== null) return refused;
    if (request.service === 's3') return bucketAnswer(request, all);
    return { status: 200, body: request.operation === 'LookupEvents' ? { Events: lookedUp(request, happened) } : {} };
  });
  const window = { since: `${day}${since}Z`, until: `${day}${to}Z` };
  const trailLocations = [`s3://${bucket}`, `s3://${bucket}/second`];
  const readings = await readWhole(source, server, {
    ...{ partition: 'aws', account, region, window, sweptAt: window.until, reportLocations: [], trailLocations },
    ...more,
  });
  const calls = asked.filter(({ operation }) => operation === 'LookupEvents');
  const spansOf = (category: string | undefined) =>
    calls.filter(({ body }) => stringAt(body, 'EventCategory') === category).map(({ body }) => lookupSpan(body));
  return { readings, spans: spansOf(undefined), insightSpans: spansOf('insight') };
}

function lookedUp({ body }: SampleRequest, happened: readonly JsonObject[]): readonly JsonObject[] {
  const { start, last } = lookupSpan(body);
  if (stringAt(body, 'EventCategory') === 'insight') return [];
  const inside = happened.filter((event) => timeOf(event) >= start && timeOf(event) <= last).toReversed();
  return inside.map((event) => ({ EventTime: timeOf(event) / 1000, CloudTrailEvent: JSON.stringify(event) }));
}

const wantingOf = (readings: readonly Reading[]) =>
  readings.flatMap((one) => ('gap' in one && one.gap.code === 'LOG_FILES_WANTING' ? [one.gap] : []));
const idsOf = (readings: readonly Reading[]) =>
  new Set(readings.flatMap((one) => ('item' in one && one.item.shape === 'event' ? [stringAt(JSON.parse(one.item.text), 'eventID')] : [])));
/** Management events of the window that were not read; those of its last minutes are delivered after it. */
function missingOf(readings: readonly Reading[], since = '02:00:00', to = '13:55:00'): readonly JsonObject[] {
  const ids = idsOf(readings);
  return busy.filter((event) => timeOf(event) >= instant(since) && timeOf(event) < instant(to) && !ids.has(stringAt(event, 'eventID')));
}

describe('writes looked up in a hole between log files', () => {
  const holed = without(filesOf(busy), '06:00:00', '06:40:00');

  it('show that files are wanting: a gap for the hole, since its data events cannot be looked up', async () => {
    const { readings } = await read({ files: [holed] });
    const detail = { folders: [main], from: `${day}05:55:00.000Z`, until: `${day}06:40:00.000Z`, events: 4 };
    expect(wantingOf(readings)).toMatchObject([{ extent: 'item', reason: 'unavailable', what: main, detail }]);
    expect(wantingOf(readings)[0]?.message).toMatch(/data events of this time cannot be looked up/);
    expect(missingOf(readings)).toEqual([]);
    expect(wantingOf((await read({ files: [filesOf(busy)] })).readings)).toEqual([]);
  });

  it('show it before the mark that says that all before it was told', async () => {
    const { readings } = await read({ files: [without(holed, '10:00:00', '11:00:00')] });
    expect(wantingOf(readings)).toHaveLength(2);
    const [mark = ''] = marksOf(readings).filter((one) => /"late-events","after":"2026/.test(one));
    expect(wantingOf(until(readings, mark))).toHaveLength(1);
    const { readings: rest } = await read({ files: [without(holed, '10:00:00', '11:00:00')], more: { resumeAfter: mark } });
    expect(wantingOf(rest)).toEqual(wantingOf(readings).slice(1));
  });

  it.each([
    ['reads', {}],
    ['writes of KMS', { readOnly: false, eventSource: 'kms.amazonaws.com' }],
    ['writes of the RDS Data API', { readOnly: false, eventSource: 'rdsdata.amazonaws.com' }],
  ])('are not %s: a trail may leave them out', async (_name, members) => {
    const between = busy.filter((event) => timeOf(event) < instant('05:50:00') || timeOf(event) >= instant('06:40:00'));
    const quiet = [...between, { ...minuteEvent(instant('06:10:00')), ...members }];
    const { readings, spans } = await read({ files: [holed], happened: quiet });
    expect(spans).toHaveLength(1);
    expect(wantingOf(readings)).toEqual([]);
    const wrote = [...between, { ...minuteEvent(instant('06:10:00')), readOnly: false }];
    expect(wantingOf((await read({ files: [holed], happened: wrote })).readings)).toMatchObject([{ detail: { events: 1 } }]);
  });

  it('are none that lie in the files around it, be they late by most of an hour', async () => {
    const few = busy.filter((event) => isWrite(event) && new Date(timeOf(event)).getUTCMinutes() === 20);
    expect(few.length).toBeGreaterThan(10);
    const { readings, spans } = await read({ files: [filesOf(few, '', 45)], happened: few });
    expect(spans.length).toBeGreaterThan(0);
    expect(wantingOf(readings)).toEqual([]);
    const { readings: wanting } = await read({ files: [without(filesOf(few, '', 45), '06:30:00', '07:30:00')], happened: few });
    expect(wantingOf(wanting)).toMatchObject([{ detail: { events: 1 } }]);
  });

  it('are no proof at the end of the window, where files may still come', async () => {
    const { readings, spans } = await read({ files: [without(filesOf(busy), '06:00:00', '14:00:00')] });
    expect(spans).toMatchObject([{ last: instant('14:00:00') - 1 }]);
    expect(wantingOf(readings)).toEqual([]);
  });

  it('are not looked for between files of Insights, which come seldom and take one call', async () => {
    const seldom = busy.filter((event) => ['03:00', '07:20', '11:00'].includes(String(event['eventTime']).slice(11, 16)));
    const insights = seldom.map((event) => ({ ...event, eventID: `insight ${event['eventID']}`, eventCategory: 'Insight' }));
    const files = new Map([...filesOf(insights)].map(([key, bytes]) => [key.replaceAll('CloudTrail', 'CloudTrail-Insight'), bytes]));
    const { readings, insightSpans } = await read({ files: [filesOf(busy), files] });
    expect(readings.filter((one) => 'item' in one && one.item.shape === 'insight')).toHaveLength(3);
    expect(insightSpans.length).toBeLessThanOrEqual(2);
    expect(wantingOf(readings)).toEqual([]);
  });
});

describe('a folder beside the one whose files are missing', () => {
  const holed = without(filesOf(busy), '04:00:00', '10:00:00');
  const looked = { start: instant('02:55:00'), last: instant('10:00:00') - 1 };

  it('hides nothing with files of data events: the hole is looked up', async () => {
    const { readings, spans } = await read({ files: [holed, filesOf(data, 'second/')] });
    expect([spans, missingOf(readings)]).toEqual([[looked], []]);
    expect(wantingOf(readings)).toMatchObject([{ what: main, detail: { folders: [main] } }]);
    expect((await read({ files: [filesOf(busy), filesOf(data, 'second/')] })).spans).toEqual([]);
  });

  it('hides no reads with files of writes', async () => {
    const { readings, spans } = await read({ files: [holed, filesOf(busy.filter(isWrite), 'second/')] });
    expect([spans, missingOf(readings)]).toEqual([[looked], []]);
    expect(wantingOf(readings)).toMatchObject([{ what: main, detail: { by: second } }]);
  });

  it('gives the management events where it logs all, so that none is looked up, and the silence is told', async () => {
    const { readings, spans } = await read({ files: [holed, filesOf(busy, 'second/')] });
    expect([spans, missingOf(readings)]).toEqual([[], []]);
    const detail = { folder: main, by: second, from: `${day}03:55:00.000Z`, until: `${day}10:00:00.000Z`, events: 30 };
    expect(wantingOf(readings)).toMatchObject([{ extent: 'item', reason: 'unavailable', what: main, detail }]);
  });

  it('may be sparse beside a busy one that logs as much: nothing is looked up or wanting', async () => {
    const sparse = busy.filter((event) => isWrite(event) && new Date(timeOf(event)).getUTCHours() < 5);
    const others = busy.filter((event) => !isWrite(event) || new Date(timeOf(event)).getUTCHours() < 5);
    const { spans, readings } = await read({ files: [filesOf(others), filesOf(sparse, 'second/')], happened: others });
    expect([spans, readings.filter((one) => 'gap' in one)]).toEqual([[], []]);
  });

  it('is not enough in a short window in which the other has no file at all', async () => {
    const files = [holed, filesOf(busy.filter(isWrite), 'second/')];
    const { readings, spans } = await read({ files, since: '06:00:00', to: '07:15:00' });
    expect([spans, missingOf(readings, '06:00:00', '07:10:00')]).toEqual([
      [{ start: instant('06:00:00'), last: instant('07:15:00') - 1 }],
      [],
    ]);
    expect(wantingOf(readings)).toMatchObject([{ what: main, detail: { by: second } }]);
    // Of a trail that is gone for days nothing is wanting.
    const old = new Map(
      [...holed].map(([key, bytes]) => [key.replace('/2026/11/05/', '/2026/10/05/').replace('_20261105T', '_20261005T'), bytes]),
    );
    const gone = await read({ files: [old, filesOf(busy, 'second/')], since: '06:00:00', to: '07:15:00' });
    expect([gone.spans, wantingOf(gone.readings)]).toEqual([[], []]);
  });

  it('does not make the end of the window the beginning of what is looked up, where the other cannot be listed', async () => {
    const fault = ({ service, query }: SampleRequest) =>
      service === 's3' &&
      query.get('prefix')?.startsWith(`second/AWSLogs/${account}/CloudTrail/`) === true &&
      query.get('max-keys') !== '1' &&
      !query.has('delimiter')
        ? { status: 403, body: '<Error><Code>AccessDenied</Code><Message>no</Message></Error>' }
        : null;
    const { readings, spans } = await read({ files: [filesOf(data), filesOf(busy, 'second/')], fault });
    expect(spans).toEqual([{ start: instant('02:00:00'), last: instant('14:00:00') - 1 }]);
    expect(missingOf(readings)).toEqual([]);
    expect(readings.flatMap((one) => ('gap' in one ? [one.gap] : []))).toMatchObject([{ reason: 'denied', detail: { location: second } }]);
  });

  it.each([
    ['data events', data],
    ['all events', busy],
  ])(
    'of %s hides nothing from a reading that goes on after any mark',
    async (_name, events) => {
      const files = [holed, filesOf(events, 'second/')];
      const { readings: whole } = await read({ files });
      const marks = marksOf(whole).filter((mark) => /event/.test(mark));
      expect(marks.length).toBeGreaterThan(100);
      for (const [i, resumeAfter] of marks.entries()) {
        if (i % 60 !== 0 && i < marks.length - 2) continue;
        const { readings: rest } = await read({ files, more: { resumeAfter } });
        const both = [...until(whole, resumeAfter), ...rest];
        expect([missingOf(both), wantingOf(both)]).toEqual([[], wantingOf(whole)]);
      }
    },
    60_000,
  );
});
