// SPDX-License-Identifier: Apache-2.0
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/evidence/json.ts';
import { CloudTrailCalls } from '../../../src/sources/cloudtrail/cloudtrail-calls.ts';
import { type Holes, UnloggedWrites } from '../../../src/sources/cloudtrail/unlogged-writes.ts';
import type { S3 } from '../../../src/sources/report/open-s3.ts';
import type { Scope } from '../../../src/sources/source.ts';
import { keyAt, minuteEvent, trailPlace } from '../../support/trail-files.ts';

const hourMs = 3_600_000;
const start = Date.parse('2026-11-05T06:00:00Z');
const end = start + 2 * hourMs;
const folder = `s3://${trailPlace.bucket}/AWSLogs/${trailPlace.account}/CloudTrail/${trailPlace.region}/`;
const uri = `s3://${trailPlace.bucket}/${keyAt(end)}`;
const holes: Holes = { holes: [{ start, end }], folders: [folder], closing: [{ uri, at: end }], until: end + hourMs };
const write = (ms: number): JsonObject => ({ ...minuteEvent(ms), readOnly: false });
const inFile = write(end - 4 * 60_000);

function counter(carried: JsonObject = {}, given: Partial<Holes> = {}, bytes = gzipSync(JSON.stringify({ Records: [inFile] }))) {
  const read: string[] = [];
  const s3: S3 = {
    get: async (one) => {
      read.push(one);
      return { uri: one, bytes, sha256: '', lastModified: null, requestId: 'r' };
    },
    async *list() {},
    folders: async () => [],
    close: () => undefined,
  };
  const { account, region } = trailPlace;
  const window = { since: '2026-11-05T00:00:00Z', until: '2026-11-06T00:00:00Z' };
  const scope: Scope = { partition: 'aws', account, region, window, sweptAt: window.until, reportLocations: [] };
  const calls = new CloudTrailCalls({ send: () => Promise.reject(new Error('CloudTrail is not asked')) } as never, 'api', scope);
  return { writes: new UnloggedWrites({ ...holes, ...given }, { s3, calls }, carried['unlogged']), read };
}

const eventsOf = (writes: UnloggedWrites, until = Number.POSITIVE_INFINITY) =>
  [...writes.passed(until)].map(({ gap }) => gap.detail['events']);

describe('writes that are in no log file', () => {
  it('are counted in a hole, without those of the file that ends it, which is read once', async () => {
    const { writes, read } = counter();
    for (const event of [write(start), inFile, write(end - 1_000), write(start - 1_000), write(end)]) await writes.take(event);
    expect(read).toEqual([uri]);
    expect(eventsOf(writes)).toEqual([2]);
    expect(eventsOf(writes)).toEqual([]);
  });

  it('are counted on from a mark inside a hole, and told when it ends', async () => {
    const { writes: early } = counter();
    await early.take(write(start));
    expect(eventsOf(early, start + hourMs)).toEqual([]);
    const { writes: late } = counter(early.carried(start + hourMs));
    await late.take(write(start + hourMs));
    expect(eventsOf(late, end)).toEqual([2]);
    expect(early.carried(end)).toEqual({});
  });

  it('are not known where the file that ends the hole cannot be read', async () => {
    const { writes } = counter({}, {}, Buffer.from([0x1f, 0x8b, 8, 0, 0, 0]));
    await writes.take(write(start));
    expect(eventsOf(writes)).toEqual([]);
  });

  it('are not known of a time whose files may still come', async () => {
    const { writes } = counter({}, { until: start + hourMs });
    await writes.take(write(start + hourMs));
    expect(eventsOf(writes)).toEqual([]);
    await writes.take(write(start + hourMs - 1_000));
    expect(eventsOf(writes)).toEqual([1]);
  });
});
