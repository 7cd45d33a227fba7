// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { stringAt } from '../../../src/evidence/json.ts';
import type { Reading } from '../../../src/evidence/observation.ts';
import { CloudTrailCalls } from '../../../src/sources/cloudtrail/cloudtrail-calls.ts';
import { readLogFile } from '../../../src/sources/cloudtrail/read-log-files.ts';
import { SliceStream } from '../../../src/sources/intake/slice-stream.ts';
import type { S3 } from '../../../src/sources/report/open-s3.ts';
import { GapTally } from '../../../src/sources/report/read-report.ts';
import type { Scope } from '../../../src/sources/source.ts';
import { keyAt, minuteEvent, trailPlace } from '../../support/trail-files.ts';

const at = Date.parse('2026-11-05T06:00:00Z');
const uri = `s3://${trailPlace.bucket}/${keyAt(at)}`;
const scope: Scope = {
  partition: 'aws',
  account: trailPlace.account,
  region: trailPlace.region,
  window: { since: '2026-11-05T00:00:00Z', until: '2026-11-06T00:00:00Z' },
  sweptAt: '2026-11-06T00:00:00Z',
  reportLocations: [],
};
// The event in the middle alone is longer than two steps of the reader.
const events = [
  minuteEvent(at),
  { ...minuteEvent(at + 60_000), additionalEventData: { text: 'x'.repeat(3 * 1024 * 1024) } },
  minuteEvent(at + 120_000),
];
const content = Buffer.from(JSON.stringify({ Records: events }));

async function read(bytes: Buffer): Promise<Reading[]> {
  const s3: S3 = {
    get: async () => ({ uri, bytes, sha256: hash('sha256', bytes), lastModified: null, requestId: 'r' }),
    async *list() {},
    folders: async () => [],
    close: () => undefined,
  };
  const client = { send: () => Promise.reject(new Error('CloudTrail is not asked')) };
  const calls = new CloudTrailCalls(client as never, 'api', scope);
  return await Array.fromAsync(readLogFile({ s3, calls, gaps: new GapTally(), seen: () => undefined }, uri));
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe.each([
  ['gzip', () => gzipSync(content)],
  ['unpacked', () => Buffer.from(content)],
])('a log file that is %s', (_name, bytes) => {
  it('gives every event, of whatever size', async () => {
    const texts = (await read(bytes())).flatMap((one) => ('item' in one ? [one.item.text] : []));
    expect(texts).toEqual(events.map((event) => JSON.stringify(event)));
    expect(texts.map((text) => stringAt(JSON.parse(text), 'eventID'))).toHaveLength(3);
  });

  it('is cut into pieces that own their memory, since the slicer keeps them and hands them on', async () => {
    const pieces: { readonly bytes: number; readonly memory: number; readonly kind: string }[] = [];
    const push = SliceStream.prototype.push;
    jest.spyOn(SliceStream.prototype, 'push').mockImplementation(function (this: SliceStream, chunk) {
      pieces.push({ bytes: chunk.length, memory: chunk.buffer.byteLength, kind: chunk.constructor.name });
      return push.call(this, chunk);
    });
    await read(bytes());
    expect(pieces.length).toBeGreaterThanOrEqual(3);
    expect(pieces.reduce((sum, piece) => sum + piece.bytes, 0)).toBe(content.length);
    expect(pieces.filter(({ bytes, memory, kind }) => bytes !== memory || kind !== 'Uint8Array')).toEqual([]);
  });
});
