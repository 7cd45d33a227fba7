// SPDX-License-Identifier: Apache-2.0
import { gzipSync } from 'node:zlib';
import { at, type JsonObject, numberAt, stringAt } from '../../src/evidence/json.ts';
import type { SampleAnswer, SampleRequest } from '../../src/sample/sample-service.ts';

const minuteMs = 60_000;

/** The account and Region that the files are of, and the trail's bucket. */
export const trailPlace = { account: '111122223333', region: 'eu-west-1', bucket: 'acme-audit-trail' } as const;

/** An event that a busy account makes each minute, its id after its time. */
export function minuteEvent(ms: number): JsonObject {
  const time = new Date(ms).toISOString().replace('.000Z', 'Z');
  const { account, region } = trailPlace;
  return {
    eventVersion: '1.11',
    eventID: time,
    eventTime: time,
    eventSource: 's3.amazonaws.com',
    eventName: 'GetBucketPolicy',
    awsRegion: region,
    recipientAccountId: account,
    readOnly: true,
    managementEvent: true,
    eventCategory: 'Management',
  };
}

/** Times of the events of each minute of a span, its end excluded. */
export function minutesOf(since: string, until: string): readonly number[] {
  const [start, end] = [Date.parse(since), Date.parse(until)];
  return Array.from({ length: (end - start) / minuteMs }, (_, i) => start + i * minuteMs);
}

/** Log files of the minutes of a span, one for every five of them, as a busy account's are; key in the bucket to bytes. */
export function minuteFiles(since: string, until: string): Map<string, Uint8Array> {
  const groups = Map.groupBy(minutesOf(since, until), (ms) => Math.floor(ms / (5 * minuteMs)));
  return new Map(
    [...groups].map(([five, times]) => [keyAt((five + 1) * 5 * minuteMs), gzipSync(JSON.stringify({ Records: times.map(minuteEvent) }))]),
  );
}

/** Key of the log file of a time of delivery. */
export function keyAt(ms: number): string {
  const { account, region } = trailPlace;
  const time = new Date(ms).toISOString();
  const stamp = `${time.slice(0, 16).replaceAll(/[-:]/g, '')}Z`;
  return `AWSLogs/${account}/CloudTrail/${region}/${time.slice(0, 10).replaceAll('-', '/')}/${account}_CloudTrail_${region}_${stamp}_x.json.gz`;
}

/** S3 over the files of the trail's bucket: ListObjectsV2 in whole, GetObject. */
export function bucketAnswer({ path, query }: SampleRequest, files: ReadonlyMap<string, Uint8Array>): SampleAnswer {
  const key = path.replace(`/${trailPlace.bucket}`, '').replace(/^\//, '');
  if (key !== '') return found(files.get(key));
  const after = query.get('start-after') ?? '';
  const below = [...files.keys()].filter((one) => one.startsWith(query.get('prefix') ?? '') && one > after).sort();
  const isFolders = query.has('delimiter');
  const listed = below.slice(0, Number(query.get('max-keys') ?? below.length)).map((one) => `<Contents><Key>${one}</Key></Contents>`);
  return {
    status: 200,
    headers: { 'content-type': 'application/xml' },
    body: `<?xml version="1.0"?><ListBucketResult>${isFolders ? '' : listed.join('')}</ListBucketResult>`,
  };
}

function found(body: Uint8Array | undefined): SampleAnswer {
  return body === undefined ? { status: 404, body: '<Error><Code>NoSuchKey</Code><Message>none</Message></Error>' } : { status: 200, body };
}

/** LookupEvents over times of minute events, newest first, all on one page. */
export function lookupAnswer({ body }: SampleRequest, times: readonly number[]): SampleAnswer {
  const span = lookupSpan(body);
  const given = times.filter((ms) => ms >= span.start && ms <= span.last).toReversed();
  const events = given.map((ms) => ({
    EventId: new Date(ms).toISOString(),
    EventTime: ms / 1000,
    CloudTrailEvent: JSON.stringify(minuteEvent(ms)),
  }));
  return { status: 200, body: { Events: stringAt(body, 'EventCategory') === 'insight' ? [] : events } };
}

/** Span of a LookupEvents request, both ends included. */
export function lookupSpan(body: SampleRequest['body']): { readonly start: number; readonly last: number } {
  const msOf = (name: string) => Math.round((numberAt(body, name) ?? Number(at(body, name))) * 1000);
  return { start: msOf('StartTime'), last: msOf('EndTime') };
}
