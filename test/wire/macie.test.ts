// SPDX-License-Identifier: Apache-2.0

import { hash } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Json } from '../../src/evidence/json.ts';
import { noDeclarations, scopeFileSchema } from '../../src/evidence/scope-file.ts';
import { macieService } from '../../src/sample/macie.ts';
import { awsError, type SampleService } from '../../src/sample/sample-service.ts';
import { type SampleServer, startSampleServer } from '../../src/sample/server.ts';
import { sampleWorld } from '../../src/sample/world.ts';
import { gapsOf, itemsOf, macie, observe, observeOne, readAll, sampleScope, sensitiveFinding } from '../support/macie.ts';

const servers: SampleServer[] = [];
const [production, claims] = ['111122223333', '444455556666'];

async function serve(service: SampleService = macieService, options = { throttleOneIn: 0 }, scale = 1): Promise<SampleServer> {
  const server = await startSampleServer(sampleWorld(scale), { macie2: service }, options);
  servers.push(server);
  return server;
}

/** The sample's Macie with some routes answered otherwise. */
function macieBut(routes: Readonly<Record<string, SampleService>>): SampleService {
  return (request, world) => (routes[`${request.method} ${request.path}`] ?? macieService)(request, world);
}

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

describe('reading Macie over the wire', () => {
  it('reads every page of findings, suppressed ones too, and every state', async () => {
    const server = await serve();
    const readings = await readAll(server, sampleScope(production, 'eu-west-1'));
    expect(gapsOf(readings)).toEqual([]);
    const findings = itemsOf(readings, 'finding').map((item) => JSON.parse(item.text) as Record<string, unknown>);
    expect(findings).toHaveLength(77);
    expect(new Set(findings.map((finding) => finding['id'])).size).toBe(77);
    expect(new Set(findings.map((finding) => finding['archived']))).toEqual(new Set([true, false]));
    const count = (operation: string) => itemsOf(readings, operation).length;
    expect(count('GetMacieSession')).toBe(1);
    expect(count('GetAutomatedDiscoveryConfiguration')).toBe(1);
    expect(count('GetClassificationExportConfiguration')).toBe(1);
    expect(count('ListFindingsFilters')).toBe(2);
    expect(count('DescribeBuckets')).toBe(8);
    expect(count('DescribeClassificationJob')).toBe(4);
    expect(count('GetBucketStatistics')).toBe(1);
    expect(itemsOf(readings).every((item) => item.channel.kind === 'sample' && item.channel.requestId.length > 0)).toBe(true);
  });

  it.each([
    ['none where discovery or a job reaches every one', 'eu-west-1', [], 0],
    ['those that nothing reaches', 'us-east-1', [], 1],
    ['those that the scope file alone tells too', 'us-east-1', ['arn:aws:s3:::acme-archive-us-east-1-*'], 5],
  ])('counts the AI buckets that no standing check reaches: %s', async (_which, region, arns, count) => {
    const scope = scopeFileSchema.parse({
      schema: 'aims-evidence/scope/1',
      aiSystems: arns.length === 0 ? [] : [{ name: 'archive', owner: 'records', arns }],
    });
    const source = macie({ ...noDeclarations, scope });
    const readings = await readAll(await serve(), sampleScope(production, region), source);
    const [statistics] = itemsOf(readings, 'GetBucketStatistics').flatMap((item) => observe(item));
    expect(statistics?.facts).toEqual({ operation: 'GetBucketStatistics', aiBucketsOutside: count });
    // The answer itself stays the same when a bucket drops out of its checks.
    expect(statistics?.versionKey).toEqual({ contentAnd: [`aiBucketsOutside=${count}`] });
  });

  it('does not count them where a list of jobs could not be read, as a finished one may stand in the rest', async () => {
    const server = await serve(macieBut({ 'POST /jobs/list': () => awsError(403, 'AccessDeniedException', 'User: x is not authorized') }));
    const readings = await readAll(server, sampleScope(production, 'us-east-1'));
    expect(gapsOf(readings)).toEqual(['denied macie2:ListClassificationJobs']);
    expect(itemsOf(readings, 'GetBucketStatistics').map((item) => observeOne(item).facts)).toEqual([{ operation: 'GetBucketStatistics' }]);
  });

  it('reads findings of the window only', async () => {
    const server = await serve();
    const scope = sampleScope(production, 'eu-west-1');
    const half = await readAll(server, { ...scope, window: { since: scope.window.since, until: '2026-10-27T00:00:00Z' } });
    const rest = await readAll(server, { ...scope, window: { since: '2026-10-27T00:00:00Z', until: scope.window.until } });
    const [first, second] = [itemsOf(half, 'finding').length, itemsOf(rest, 'finding').length];
    expect(first).toBeGreaterThan(10);
    expect(second).toBeGreaterThan(10);
    expect(first + second).toBe(77);
  });

  it('pages buckets and jobs too, at a larger scale', async () => {
    const readings = await readAll(await serve(macieService, { throttleOneIn: 0 }, 14), sampleScope(production, 'us-east-1'));
    expect(gapsOf(readings)).toEqual([]);
    expect(itemsOf(readings, 'DescribeBuckets')).toHaveLength(4 + 4 * 14);
    expect(itemsOf(readings, 'DescribeClassificationJob')).toHaveLength(4 + 13);
    expect(itemsOf(readings, 'finding')).toHaveLength((26 + 5) * 14);
  });

  it('keeps the bytes of the wire: members the SDK does not know, large numbers, times as written', async () => {
    const odd = '{"id":"x1","updatedAt":"2026-11-03T13:47:03.127Z","count":9007199254740993,"brandNew":{"b":1,"a":[2]},"severity":null}';
    const server = await serve(
      macieBut({
        'POST /findings': () => ({ status: 200, body: { findingIds: ['x1'] } }),
        'POST /findings/describe': () => ({
          status: 200,
          headers: { 'content-type': 'application/json' },
          body: `{ "findings" : [ ${odd} ] }`,
        }),
      }),
    );
    const readings = await readAll(server, sampleScope(production, 'eu-west-1'));
    expect(itemsOf(readings, 'finding').map((item) => item.text)).toEqual([odd]);
  });

  it('retries what is throttled and loses nothing', async () => {
    const server = await serve(macieService, { throttleOneIn: 6 });
    const readings = await readAll(server, sampleScope(production, 'eu-west-1'));
    const calm = await serve();
    expect(gapsOf(readings)).toEqual([]);
    expect(itemsOf(readings).map((item) => item.text)).toEqual(
      itemsOf(await readAll(calm, sampleScope(production, 'eu-west-1'))).map((item) => item.text),
    );
    expect(server.requests()).toBeGreaterThan(calm.requests());
  });

  it('gives up on a call that stays throttled, says so, and makes the next', async () => {
    const server = await serve(
      macieBut({ 'POST /datasources/s3/statistics': () => awsError(429, 'ThrottlingException', 'Rate exceeded') }),
    );
    const readings = await readAll(server, sampleScope(production, 'eu-west-1'));
    expect(gapsOf(readings)).toEqual(['throttled macie2:GetBucketStatistics']);
    expect(itemsOf(readings, 'finding')).toHaveLength(77);
  });
});

describe('Macie that cannot be read', () => {
  const session = async (readings: Awaited<ReturnType<typeof readAll>>) => {
    const [item] = itemsOf(readings, 'GetMacieSession');
    const [interpretation] = macie().interpret(item as never, JSON.parse(item?.text ?? 'null') as Json);
    return interpretation;
  };

  it('is off: one gap, and the state beside it, and nothing else is asked', async () => {
    const server = await serve();
    const readings = await readAll(server, sampleScope(claims, 'eu-west-1'));
    expect(gapsOf(readings)).toEqual(['off macie2:GetMacieSession']);
    expect(readings[0]).toMatchObject({
      gap: { code: 'AccessDeniedException', detail: { status: 403, awsMessage: 'Macie is not enabled' } },
    });
    expect(await session(readings)).toMatchObject({ observation: { facts: { serviceState: 'OFF' } } });
    expect(server.requests()).toBe(1);
  });

  it('is denied: a gap for each call, and the state beside the first', async () => {
    const readings = await readAll(await serve(), sampleScope(claims, 'us-east-1'));
    expect(gapsOf(readings)).toContain('denied macie2:GetMacieSession');
    expect(gapsOf(readings)).toContain('denied macie2:ListFindings');
    expect(gapsOf(readings).every((gap) => gap.startsWith('denied '))).toBe(true);
    expect(itemsOf(readings)).toHaveLength(1);
    expect(await session(readings)).toMatchObject({
      observation: { facts: { serviceState: 'DENIED' }, detail: { Error: { Message: expect.stringContaining('service control policy') } } },
    });
  });

  it('is denied without a state when the credentials have expired, which says nothing of Macie', async () => {
    const server = await serve(() => awsError(403, 'ExpiredTokenException', 'The security token included in the request is expired'));
    const readings = await readAll(server, sampleScope(production, 'eu-west-1'));
    expect(gapsOf(readings)).toContain('denied macie2:GetMacieSession');
    expect(itemsOf(readings)).toEqual([]);
  });

  it('still gives what may be read where the session alone is denied', async () => {
    const server = await serve(macieBut({ 'GET /macie': () => awsError(403, 'AccessDeniedException', 'User: x is not authorized') }));
    const readings = await readAll(server, sampleScope(production, 'eu-west-1'));
    expect(gapsOf(readings)).toEqual(['denied macie2:GetMacieSession']);
    expect(itemsOf(readings, 'finding')).toHaveLength(77);
  });

  it('does not call a job free of AI buckets when the buckets could not be read', async () => {
    const server = await serve(
      macieBut({ 'POST /datasources/s3': () => awsError(403, 'AccessDeniedException', 'User: x is not authorized') }),
    );
    const readings = await readAll(server, sampleScope(production, 'eu-west-1'));
    expect(gapsOf(readings)).toEqual(['denied macie2:DescribeBuckets']);
    const jobs = itemsOf(readings, 'DescribeClassificationJob');
    expect(jobs).toHaveLength(4);
    expect(jobs.filter((job) => Object.hasOwn(job.context['joined'] as object, 'aiBucketCount'))).toEqual([]);
    expect(itemsOf(readings, 'GetBucketStatistics')[0]?.context['joined']).toEqual({});
  });

  it('has a malformed answer: the gap carries the hash of its bytes, and the run goes on', async () => {
    const broken = '{"buckets":[{"bucketName":"a"';
    const server = await serve(macieBut({ 'POST /datasources/s3': () => ({ status: 200, body: broken }) }));
    const readings = await readAll(server, sampleScope(production, 'eu-west-1'));
    const gap = readings.find((reading) => 'gap' in reading);
    expect(gap).toMatchObject({
      gap: { reason: 'malformed', what: 'macie2:DescribeBuckets', detail: { bytes: broken.length, sha256: hash('sha256', broken) } },
    });
    expect(itemsOf(readings, 'finding')).toHaveLength(77);
  });

  it('names a finding that was listed and not given, and a page that failed', async () => {
    const describe = { 'POST /findings': () => ({ status: 200, body: { findingIds: ['there', 'gone'] } }) };
    const given: SampleService = () => ({ status: 200, body: { findings: [{ ...sensitiveFinding, id: 'there' }] } });
    const readings = await readAll(
      await serve(macieBut({ ...describe, 'POST /findings/describe': given })),
      sampleScope(production, 'eu-west-1'),
    );
    expect(gapsOf(readings)).toEqual(['unavailable macie2:GetFindings gone']);
    expect(itemsOf(readings, 'finding')).toHaveLength(1);
    const failing: SampleService = () => awsError(400, 'ValidationException', 'no');
    const failed = await readAll(
      await serve(macieBut({ ...describe, 'POST /findings/describe': failing })),
      sampleScope(production, 'eu-west-1'),
    );
    expect(failed.find((reading) => 'gap' in reading)).toMatchObject({
      gap: { extent: 'scope', detail: { findingIds: ['there', 'gone'] } },
    });
  });

  it('hands out the same page token for ever: the list ends with a gap', async () => {
    const server = await serve(
      macieBut({ 'GET /findingsfilters': () => ({ status: 200, body: { findingsFilterListItems: [{ id: 'f' }], nextToken: 't' } }) }),
    );
    const readings = await readAll(server, sampleScope(production, 'eu-west-1'));
    expect(gapsOf(readings)).toEqual(['malformed macie2:ListFindingsFilters']);
    expect(itemsOf(readings, 'ListFindingsFilters')).toHaveLength(2);
  });

  it('is unavailable when nothing answers', async () => {
    const server = await serve();
    await server.close();
    const readings = await readAll(server, sampleScope(production, 'eu-west-1'));
    expect(gapsOf(readings)[0]).toBe('unavailable macie2:GetMacieSession');
    expect(itemsOf(readings)).toEqual([]);
  });
});
