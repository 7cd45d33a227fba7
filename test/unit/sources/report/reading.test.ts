// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { gather, inOrder } from '../../../../src/sources/report/in-order.ts';
import { once } from '../../../../src/sources/report/once.ts';
import { below, parseS3Uri, type S3, type S3Object } from '../../../../src/sources/report/open-s3.ts';
import { isAbsent, sageMakerGap } from '../../../../src/sources/report/open-sagemaker.ts';
import { GapTally, readReport } from '../../../../src/sources/report/read-report.ts';

const failure = (code: string, message = 'no', status: number | null = 400) => ({ code, message, status, requestId: null });
const object = (bytes: Uint8Array): S3Object => ({ uri: 's3://b/k', bytes, sha256: 'f00d', lastModified: null, requestId: '' });
const s3 = (answer: Awaited<ReturnType<S3['get']>>): S3 => ({
  get: async () => answer,
  list: async function* () {},
  folders: async () => [],
  close: () => undefined,
});
const text = (words: string) => object(new TextEncoder().encode(words));

describe('a report in S3', () => {
  it('is read with its text and what it parses to, bare words too', async () => {
    expect(await readReport(s3(text('{"a":NaN}')), 's3://b/k')).toMatchObject({ text: '{"a":NaN}', value: { a: 'NaN' } });
  });

  it('that does not exist is an answer', async () => {
    expect(await readReport(s3({ failure: failure('NoSuchKey', 'gone', 404) }), 's3://b/k')).toBe('absent');
  });

  it.each([
    ['that is denied', { failure: failure('AccessDenied', 'Access Denied', 403) }, 'denied', 'scope'],
    ['in a bucket that does not exist', { failure: failure('NoSuchBucket', 'gone', 404) }, 'unavailable', 'scope'],
    ['that is too large', { tooLarge: 99_000_000 }, 'unsupported', 'item'],
    ['that is no JSON', text('age,town'), 'malformed', 'item'],
    ['that is no UTF-8', object(new Uint8Array([0x7b, 0xff, 0x7d])), 'malformed', 'item'],
  ] as const)('%s is a gap', async (_what, answer, reason, extent) => {
    expect(await readReport(s3(answer), 's3://b/k')).toMatchObject({ gap: { reason, extent } });
  });

  it('that is denied in a place which nobody named says what to name', async () => {
    const denied = { failure: failure('AccessDenied', 'Access Denied', 403) };
    const uri = 's3://reports/monitor/credit/bias/2026/11/03/01/analysis.json';
    const limited = (...namedPlaces: string[]): S3 => ({ ...s3(denied), namedPlaces });
    expect(await readReport(limited(), uri)).toMatchObject({
      gap: {
        reason: 'not-configured',
        extent: 'scope',
        what: 's3://reports',
        code: 'REPORT_LOCATION_UNNAMED',
        message: expect.stringContaining('add s3://reports/monitor/ to `reportLocations`'),
        detail: { uri, place: 's3://reports/monitor/' },
      },
    });
    expect(await readReport(limited('s3://reports/mon'), uri)).toMatchObject({ gap: { reason: 'denied', detail: { uri } } });
    expect(await readReport(s3(denied), uri)).toMatchObject({ gap: { reason: 'denied' } });
    const elsewhere = await readReport(limited(), 's3://reports/jobs/one/analysis.json');
    expect(elsewhere).toMatchObject({ gap: { detail: { place: 's3://reports/jobs/one/' } } });
  });

  it('has an address', () => {
    expect(parseS3Uri('s3://bucket/a/b')).toEqual({ bucket: 'bucket', key: 'a/b' });
    expect(parseS3Uri('https://bucket/a')).toBeNull();
    expect(below('s3://b/p/', 'x.json')).toBe('s3://b/p/x.json');
  });
});

describe('gaps of one kind', () => {
  const gap = (what: string) =>
    ({ reason: 'denied', extent: 'scope', what, message: 'm', code: 'AccessDenied', detail: { uri: 'first' } }) as const;

  it('are told once, with how often they were met', () => {
    const tally = new GapTally();
    tally.add(gap('s3:GetObject'));
    tally.add({ ...gap('s3:GetObject'), detail: { uri: 'second' } });
    tally.add(gap('sagemaker:ListTags'));
    expect([...tally.drain()].map((one) => [one.gap.what, one.gap.detail])).toEqual([
      ['s3:GetObject', { uri: 'first', times: 2 }],
      ['sagemaker:ListTags', { uri: 'first' }],
    ]);
    expect([...tally.drain()]).toEqual([]);
  });
});

describe('what SageMaker says', () => {
  it('does not exist is an answer in both of its forms', () => {
    expect(isAbsent(failure('ResourceNotFound'))).toBe(true);
    expect(isAbsent(failure('ValidationException', 'Could not find endpoint "arn:x".'))).toBe(true);
    expect(isAbsent(failure('ValidationException', "Value at 'maxResults' failed"))).toBe(false);
  });

  it('closed is another thing than denied', () => {
    expect(sageMakerGap('ListMonitoringSchedules', failure('AccessDeniedException')).gap.reason).toBe('denied');
    const closed = failure('AccessDeniedException', 'Model Monitor is no longer available to new customers');
    expect(sageMakerGap('ListMonitoringSchedules', closed).gap.reason).toBe('off');
  });
});

describe('many small calls', () => {
  it('run side by side, not more than allowed, and answer in order', async () => {
    let running = 0;
    let most = 0;
    const task = async (n: number) => {
      most = Math.max(most, ++running);
      for (let i = 0; i < (n % 2 === 0 ? 9 : 1); i++) await Promise.resolve();
      running--;
      return n * 10;
    };
    const results: number[] = [];
    for await (const result of inOrder([1, 2, 3, 4, 5], 3, task)) results.push(result);
    expect(results).toEqual([10, 20, 30, 40, 50]);
    expect(most).toBe(3);
  });

  it('throw a failure when its turn comes', async () => {
    const task = async (n: number) => {
      if (n === 2) throw new RangeError('two');
      return n;
    };
    const results: number[] = [];
    const read = async () => {
      for await (const result of inOrder([1, 2, 3], 2, task)) results.push(result);
    };
    await expect(read()).rejects.toMatchObject({ message: 'two' });
    expect(results).toEqual([1]);
  });

  it('give all that a generator yields, and what it returns', async () => {
    const generator = async function* () {
      yield 1;
      yield 2;
      return 'end';
    };
    expect(await gather(generator())).toEqual({ items: [1, 2], result: 'end' });
  });

  it('are made once for those who ask at the same time', async () => {
    let made = 0;
    const known = new Map<string, Promise<number>>();
    const ask = () => once(known, 'k', async () => ++made);
    expect(await Promise.all([ask(), ask()])).toEqual([1, 1]);
  });
});
