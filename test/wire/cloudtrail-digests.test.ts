// SPDX-License-Identifier: Apache-2.0
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Reading } from '../../src/evidence/observation.ts';
import { noDeclarations } from '../../src/evidence/scope-file.ts';
import { awsError, type SampleService } from '../../src/sample/sample-service.ts';
import { type SampleServer, startSampleServer } from '../../src/sample/server.ts';
import { sampleWorld } from '../../src/sample/world.ts';
import { createCloudTrail } from '../../src/sources/cloudtrail.ts';
import type { Scope } from '../../src/sources/source.ts';
import { asDefined } from '../support/defined-facts.ts';
import { digestChain, digestKey, type MadeDigest } from '../support/digests.ts';

const source = createCloudTrail({ tables: {}, declarations: noDeclarations });
const account = '111122223333';
const key = digestKey();
const chain = digestChain(key, 4);
const servers: SampleServer[] = [];

type Bucket = Map<string, { readonly bytes: Uint8Array; readonly signature?: string; readonly isDenied?: boolean }>;

function bucketOf(made: readonly MadeDigest[]): Bucket {
  return new Map(
    made.flatMap((one): [string, { bytes: Uint8Array; signature?: string }][] => [
      [one.key, { bytes: gzipSync(one.text), signature: one.signature }],
      [one.logKey, { bytes: gzipSync(one.logText) }],
    ]),
  );
}

const trail = {
  Name: 'main',
  TrailARN: `arn:aws:cloudtrail:eu-west-1:${account}:trail/main`,
  S3BucketName: 'acme-audit-trail',
  HomeRegion: 'eu-west-1',
  LogFileValidationEnabled: true,
};
const publicKey = { Value: key.publicKey.toString('base64'), Fingerprint: key.fingerprint, ValidityStartTime: 1, ValidityEndTime: 2 };

const cloudTrail: SampleService = (request) => {
  switch (request.operation) {
    case 'DescribeTrails':
      return { status: 200, body: { trailList: [trail] } };
    case 'ListPublicKeys':
      return { status: 200, body: { PublicKeyList: [publicKey] } };
    default:
      return { status: 200, body: {} };
  }
};

function s3Of(bucket: Bucket): SampleService {
  return ({ path, query }) => {
    const name = path.replace(/^\/acme-audit-trail\/?/, '');
    if (query.get('list-type') === '2') {
      const keys = [...bucket.keys()].filter((one) => one.startsWith(query.get('prefix') ?? '')).sort();
      const contents = keys.map((one) => `<Contents><Key>${one}</Key><Size>1</Size></Contents>`).join('');
      return {
        status: 200,
        headers: { 'content-type': 'application/xml' },
        body: `<?xml version="1.0"?><ListBucketResult><Name>b</Name>${contents}</ListBucketResult>`,
      };
    }
    const found = bucket.get(name);
    if (found === undefined)
      return {
        status: 404,
        headers: { 'content-type': 'application/xml' },
        body: '<Error><Code>NoSuchKey</Code><Message>none</Message></Error>',
      };
    if (found.isDenied === true)
      return {
        status: 403,
        headers: { 'content-type': 'application/xml' },
        body: '<Error><Code>AccessDenied</Code><Message>no</Message></Error>',
      };
    return {
      status: 200,
      body: found.bytes,
      ...(found.signature === undefined ? {} : { headers: { 'x-amz-meta-signature': found.signature } }),
    };
  };
}

/** The digests that events of S3 name, one after the other. */
async function readNamed(bucket: Bucket, keys: readonly string[]): Promise<Reading[]> {
  const server = await startSampleServer(sampleWorld(), { cloudtrail: cloudTrail, s3: s3Of(bucket) }, { throttleOneIn: 0 });
  servers.push(server);
  const clientConfig = {
    region: 'eu-west-1',
    endpoint: server.endpoint,
    credentials: server.credentials(account),
    forcePathStyle: true,
    maxAttempts: 2,
  };
  const at = '2026-11-20T00:00:00Z';
  const scope: Scope = {
    partition: 'aws',
    account,
    region: 'eu-west-1',
    window: { since: at, until: at },
    sweptAt: at,
    reportLocations: [],
  };
  const readings: Reading[] = [];
  for (const one of keys) {
    const uri = `s3://acme-audit-trail/${one}`;
    readings.push(
      ...(await Array.fromAsync(source.objects?.read({ region: 'eu-west-1', clientConfig, channel: 'sample' }, scope, uri) ?? [])),
    );
  }
  return readings;
}

async function read(
  bucket: Bucket,
  options: { since?: string; cloudtrail?: SampleService } & Partial<
    Pick<Scope, 'reportLocations' | 'trailLocations' | 'namedPlaces' | 'resumeAfter'>
  > = {},
): Promise<Reading[]> {
  const server = await startSampleServer(
    sampleWorld(),
    { cloudtrail: options.cloudtrail ?? cloudTrail, s3: s3Of(bucket) },
    { throttleOneIn: 0 },
  );
  servers.push(server);
  const clientConfig = { region: 'eu-west-1', endpoint: server.endpoint, credentials: server.credentials(account), maxAttempts: 2 };
  const window = { since: options.since ?? '2026-11-19T00:00:00Z', until: '2026-11-20T00:00:00Z' };
  const { reportLocations = ['s3://acme-audit-trail/'], trailLocations = [], resumeAfter = null } = options;
  const place = { partition: 'aws', account, region: 'eu-west-1', window, sweptAt: '2026-11-20T00:00:00Z' };
  const named = options.namedPlaces === undefined ? {} : { namedPlaces: options.namedPlaces };
  const scope: Scope = { ...place, reportLocations, trailLocations, resumeAfter, ...named };
  const readings: Reading[] = [];
  for await (const reading of source.read({ region: 'eu-west-1', clientConfig, channel: 'sample' }, scope)) readings.push(reading);
  return readings;
}

function digests(readings: readonly Reading[]) {
  const items = readings.flatMap((one) => ('item' in one && one.item.shape === 'digest' ? [one.item] : []));
  return items
    .flatMap((item) => source.interpret(item, JSON.parse(item.text)))
    .flatMap((one) => ('observation' in one ? [asDefined(one.observation)] : []));
}

function gaps(readings: readonly Reading[]) {
  return readings.flatMap((one) => ('gap' in one ? [one.gap] : []));
}

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

describe('digest files in a trail bucket', () => {
  it('are valid when signature, chain and log files all fit, and the key is kept', async () => {
    const readings = await read(bucketOf(chain));
    const found = digests(readings);
    expect(found.map((one) => one.facts['digestChain'])).toEqual(['valid', 'valid', 'valid', 'valid']);
    expect(found[0]?.facts).toMatchObject({
      digestSignature: 'valid',
      digestHashes: 'match',
      digestPublicKey: publicKey.Value,
      digestSignatureValue: chain[0]?.signature,
    });
    expect(found.map((one) => one.text)).toEqual(chain.map((one) => one.text));
    expect(gaps(readings)).toEqual([]);
  });

  it('are read only where the configuration names the bucket', async () => {
    expect(digests(await read(bucketOf(chain), { reportLocations: [] }))).toEqual([]);
    expect(digests(await read(bucketOf(chain), { reportLocations: ['s3://acme-audit-trail-other/'] }))).toEqual([]);
    expect(digests(await read(bucketOf(chain), { reportLocations: ['s3://acme-audit-trail'] }))).toHaveLength(4);
  });

  it('are read below a trail location too, each once, whatever trail wrote them', async () => {
    const options = { trailLocations: ['s3://acme-audit-trail/AWSLogs'], reportLocations: ['s3://acme-audit-trail/'] };
    const both = digests(await read(bucketOf(chain), options));
    expect(both.map((one) => one.facts['digestChain'])).toEqual(['valid', 'valid', 'valid', 'valid']);
    const noTrail: SampleService = (request, world) =>
      request.operation === 'DescribeTrails' ? { status: 200, body: { trailList: [] } } : cloudTrail(request, world);
    const elsewhere = digests(await read(bucketOf(chain), { ...options, reportLocations: [], cloudtrail: noTrail }));
    expect(elsewhere.map((one) => one.facts)).toEqual(both.map((one) => one.facts));
  });

  it('give the very same when an event names each of them', async () => {
    const bucket = bucketOf(chain);
    const whole = digests(await read(bucket, { trailLocations: ['s3://acme-audit-trail'], reportLocations: [] }));
    const named = await readNamed(
      bucket,
      chain.map((one) => one.key),
    );
    expect(digests(named).map(({ text, facts }) => [text, facts])).toEqual(whole.map(({ text, facts }) => [text, facts]));
    expect(digests(named).map((one) => one.facts['digestChain'])).toEqual(['valid', 'valid', 'valid', 'valid']);
    const gone = await readNamed(bucket, [(chain[0]?.key ?? '').replace('.json.gz', 'x.json.gz')]);
    expect([digests(gone), gaps(gone).map(({ code }) => code)]).toEqual([[], ['NoSuchKey']]);
  });

  it.each([
    ['whole', []],
    ['with one missing', [1]],
    ['with two missing', [1, 2]],
  ])('say the same where reading goes on after any of them: a chain %s', async (_name, missing) => {
    const bucket = bucketOf(chain.filter((_, i) => !missing.includes(i)));
    for (const options of [{}, { reportLocations: [], trailLocations: ['s3://acme-audit-trail'] }]) {
      const whole = await read(bucket, options);
      const told = digests(whole).map((one) => [one.sourceIdentity, one.versionKey, one.facts['digestGap']]);
      const marks = whole.flatMap((one) => ('mark' in one && one.mark.includes('"digests","after":"s3') ? [one.mark] : []));
      expect(marks).toHaveLength(told.length);
      for (const [i, resumeAfter] of marks.entries()) {
        const rest = digests(await read(bucket, { ...options, resumeAfter }));
        expect(rest.map((one) => [one.sourceIdentity, one.versionKey, one.facts['digestGap']])).toEqual(told.slice(i + 1));
      }
    }
  });

  it('are read for the window, with the link to the one before it', async () => {
    const bucket = bucketOf(chain);
    expect(digests(await read(bucket, { since: '2026-11-19T03:00:00Z' })).map((one) => one.facts['digestChain'])).toEqual([
      'valid',
      'valid',
    ]);
    const [, second] = chain as [MadeDigest, MadeDigest];
    bucket.set(second.key, { bytes: gzipSync(second.text.replace('CloudTrail_', 'Cloudtrail_')), signature: second.signature });
    const [first] = digests(await read(bucket, { since: '2026-11-19T03:00:00Z' }));
    expect(first?.facts).toMatchObject({ digestChain: 'broken', digestProblems: [{ file: second.key }] });
  });

  it('show altered, missing and destroyed log files, and a removed digest', async () => {
    const [first, second, third] = chain as [MadeDigest, MadeDigest, MadeDigest];
    const bucket = bucketOf(chain);
    bucket.set(first.logKey, { bytes: gzipSync(`${first.logText} `) });
    bucket.delete(second.logKey);
    bucket.set(third.logKey, { bytes: Buffer.from('not gzip') });
    const found = digests(await read(bucket));
    expect(found.map((one) => one.facts['digestChain'])).toEqual(['broken', 'broken', 'broken', 'valid']);
    const removed = bucketOf(chain);
    removed.delete(second.key);
    expect(digests(await read(removed)).map((one) => one.facts['digestChain'])).toEqual(['valid', 'gap', 'valid']);
  });

  it('name a log file that may not be read, and say nothing of it', async () => {
    const [first] = chain as [MadeDigest];
    const bucket = bucketOf(chain);
    bucket.set(first.logKey, { bytes: gzipSync(first.logText), isDenied: true });
    const [found, ...rest] = digests(await read(bucket));
    expect([found, ...rest].map((one) => one?.facts['digestChain'])).toEqual([undefined, 'valid', 'valid', 'valid']);
    expect(found?.facts).toMatchObject({
      digestHashes: 'not-checked',
      logFilesChecked: 0,
      digestProblems: [{ hour: '2026-11-19T01:00:00Z', file: first.logKey, what: 'the log file could not be read (AccessDenied)' }],
    });
  });

  it('are not what stands in a wrapper at their place: nothing of it is checked', async () => {
    const [first] = chain as [MadeDigest];
    const bucket = bucketOf(chain);
    bucket.set(first.key, { bytes: gzipSync(`{"Records":[${first.text}]}`), signature: first.signature });
    const wrapped = await read(bucket);
    expect(gaps(wrapped)).toMatchObject([{ reason: 'malformed', code: 'DIGEST_UNREADABLE', detail: { key: first.key } }]);
    expect(digests(wrapped).map((one) => one.facts['digestChain'])).toEqual(['broken', 'valid', 'valid']);
  });

  it('are a gap where they cannot be read, and are not called valid without keys', async () => {
    const [first] = chain as [MadeDigest];
    const bucket = bucketOf(chain);
    bucket.set(first.key, { bytes: gzipSync('{cut') });
    const damaged = await read(bucket);
    expect(gaps(damaged)).toMatchObject([{ reason: 'malformed', code: 'DIGEST_UNREADABLE', detail: { key: first.key } }]);
    expect(digests(damaged).map((one) => one.facts['digestChain'])).toEqual(['broken', 'valid', 'valid']);
    expect(digests(damaged)[0]?.facts['digestProblems']).toMatchObject([{ file: first.key }]);
    const withoutKeys: SampleService = (request, world) =>
      request.operation === 'ListPublicKeys' ? awsError(400, 'AccessDeniedException', 'no') : cloudTrail(request, world);
    const readings = await read(bucketOf(chain), { cloudtrail: withoutKeys });
    expect(gaps(readings)).toMatchObject([{ reason: 'denied', what: 'cloudtrail:ListPublicKeys' }]);
    expect(digests(readings).map((one) => [one.facts['digestChain'], one.facts['digestSignature']])).toEqual(
      chain.map(() => ['unsigned', 'not-checked']),
    );
  });
});

describe('a trail that writes to a place which nobody named', () => {
  const unnamed = { reportLocations: [], trailLocations: [] };
  const codes = async (options: Parameters<typeof read>[1]) => gaps(await read(bucketOf(chain), options)).map(({ code }) => code);

  it('is one gap that says what to name, where only named places may be read; the run stays whole', async () => {
    expect(gaps(await read(bucketOf(chain), { ...unnamed, namedPlaces: ['s3://acme-other/'] }))).toMatchObject([
      {
        reason: 'not-configured',
        extent: 'item',
        what: 's3://acme-audit-trail/AWSLogs/',
        code: 'TRAIL_BUCKET_UNNAMED',
        message: expect.stringMatching(/add s3:\/\/acme-audit-trail\/AWSLogs\/ to `trailBuckets`/),
        detail: { trails: [trail.TrailARN] },
      },
    ]);
  });

  it('is none where whoever reads decides what may be read, nor where the place, what lies above or a part of it is named', async () => {
    expect(await codes({ ...unnamed })).toEqual([]);
    for (const place of ['s3://acme-audit-trail', 's3://acme-audit-trail/AWSLogs/', 's3://acme-audit-trail/AWSLogs/o-exampleorgid/'])
      expect(await codes({ ...unnamed, namedPlaces: [place] })).toEqual([]);
    expect(await codes({ ...unnamed, namedPlaces: ['s3://acme-audit-trail-2'] })).toEqual(['TRAIL_BUCKET_UNNAMED']);
  });
});
