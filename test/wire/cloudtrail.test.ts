// SPDX-License-Identifier: Apache-2.0
import { afterEach, describe, expect, it } from '@jest/globals';
import { stringAt } from '../../src/evidence/json.ts';
import type { RawItem, Reading } from '../../src/evidence/observation.ts';
import { noDeclarations } from '../../src/evidence/scope-file.ts';
import { trailPopulation } from '../../src/sample/cloudtrail/population.ts';
import { cloudTrailService } from '../../src/sample/cloudtrail.ts';
import { awsError, type SampleService } from '../../src/sample/sample-service.ts';
import { type SampleServer, startSampleServer } from '../../src/sample/server.ts';
import { sampleWorld } from '../../src/sample/world.ts';
import { createCloudTrail } from '../../src/sources/cloudtrail.ts';
import type { Scope } from '../../src/sources/source.ts';

const source = createCloudTrail({ tables: {}, declarations: noDeclarations });
const servers: SampleServer[] = [];
const [production, claims] = ['111122223333', '444455556666'];
const world = sampleWorld();

async function serve(service: SampleService = cloudTrailService, throttleOneIn = 0): Promise<SampleServer> {
  const server = await startSampleServer(world, { cloudtrail: service }, { throttleOneIn });
  servers.push(server);
  return server;
}

function cloudTrailBut(operations: Readonly<Record<string, SampleService>>): SampleService {
  return (request, at) => (operations[request.operation] ?? cloudTrailService)(request, at);
}

function scope(account: string, region: string, window = { since: world.since, until: world.until }): Scope {
  return { partition: 'aws', account, region, window, sweptAt: world.until, reportLocations: [] };
}

async function read(server: SampleServer, at: Scope): Promise<Reading[]> {
  const clientConfig = { region: at.region, endpoint: server.endpoint, credentials: server.credentials(at.account), maxAttempts: 3 };
  const readings: Reading[] = [];
  for await (const reading of source.read({ region: at.region, clientConfig, channel: 'sample' }, at)) readings.push(reading);
  return readings;
}

function items(readings: readonly Reading[], shape: string): RawItem[] {
  return readings.flatMap((one) => ('item' in one && one.item.shape === shape ? [one.item] : []));
}

function gaps(readings: readonly Reading[]) {
  return readings.flatMap((one) => ('gap' in one ? [one.gap] : []));
}

function observations(readings: readonly Reading[]) {
  return readings
    .flatMap((one) => ('item' in one ? source.interpret(one.item, JSON.parse(one.item.text)) : []))
    .flatMap((one) => ('observation' in one ? [one.observation] : []));
}

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

describe('reading CloudTrail over the wire', () => {
  it('reads every page of events, newest first, exactly as they were recorded', async () => {
    const server = await serve();
    const readings = await read(server, scope(production, 'eu-west-1'));
    const expected = trailPopulation(world, { account: production, region: 'eu-west-1' }).management;
    expect(expected.length).toBeGreaterThan(500);
    expect(items(readings, 'event').map((item) => item.text)).toEqual(expected.map(({ record }) => JSON.stringify(record)));
    expect(gaps(readings)).toEqual([]);
    expect(server.requests()).toBeGreaterThan(expected.length / 50);
    expect(items(readings, 'event').every((item) => item.channel.kind === 'sample' && item.channel.requestId.length > 0)).toBe(true);
  });

  it('reads each event of adjoining windows once', async () => {
    const server = await serve();
    const [at] = trailPopulation(world, { account: claims, region: 'eu-west-1' }).management.slice(100);
    const middle = new Date(at?.at ?? 0).toISOString();
    const before = await read(server, scope(claims, 'eu-west-1', { since: world.since, until: middle }));
    const after = await read(server, scope(claims, 'eu-west-1', { since: middle, until: world.until }));
    const ids = [...before, ...after].flatMap((one) =>
      'item' in one && one.item.shape === 'event' ? [JSON.parse(one.item.text).eventID] : [],
    );
    const all = trailPopulation(world, { account: claims, region: 'eu-west-1' }).management.map(({ record }) =>
      stringAt(record, 'eventID'),
    );
    expect(ids.toSorted()).toEqual(all.toSorted());
    expect(items(after, 'event').map((item) => stringAt(JSON.parse(item.text), 'eventID'))).toContain(stringAt(at?.record, 'eventID'));
  });

  it('reads trails in their home Region only, with status and what their selectors cover', async () => {
    const server = await serve();
    const [home, other, claimed] = [
      await read(server, scope(production, 'eu-west-1')),
      await read(server, scope(production, 'us-east-1')),
      await read(server, scope(claims, 'eu-west-1')),
    ];
    expect(items(home, 'state').map((item) => item.context['operation'])).toEqual([
      'DescribeTrails',
      'GetTrailStatus',
      'GetEventSelectors',
    ]);
    expect(items(other, 'state')).toEqual([]);
    const facts = (readings: Reading[]) =>
      observations(readings)
        .filter((one) => one.kind === 'state')
        .map((one) => one.facts);
    expect(facts(home)).toMatchObject([{}, { trailDelivering: true }, { aiDataEvents: 'all', aiTypesSeenIn: 'long' }]);
    expect(facts(claimed)).toMatchObject([{}, { trailDelivering: false }, { aiDataEvents: 'none', aiTypesSelected: [] }]);
  });

  it('keeps status and selectors as they came over the wire', async () => {
    const more = '{"IsLogging":true, "NewerThanTheSdk": [1.50], "LatestDeliveryTime":1.762819E9}';
    const server = await serve(cloudTrailBut({ GetTrailStatus: () => ({ status: 200, body: more }) }));
    const [, status] = items(await read(server, scope(claims, 'eu-west-1')), 'state');
    expect(status?.text).toBe(more);
  });

  it('reads Insights events too', async () => {
    const found = items(await read(await serve(), scope(production, 'us-east-1')), 'insight');
    expect(found.map((item) => JSON.parse(item.text).insightDetails.state)).toEqual(['End', 'Start']);
  });

  it('tells what the sample holds: approvals before and after deployment, a refused StopLogging, use through a guardrail', async () => {
    const server = await serve();
    const titles = observations([
      ...(await read(server, scope(claims, 'eu-west-1'))),
      ...(await read(server, scope(production, 'us-east-1'))),
    ]).map((one) => one.title);
    for (const title of [
      'cloudtrail StopLogging: AccessDenied',
      'sagemaker CreateEndpoint',
      'bedrock Converse',
      'sagemaker StartHumanLoop',
      'organizations AttachPolicy',
    ]) {
      expect(titles).toContain(title);
    }
  });

  it('gets through throttling by the SDK retries', async () => {
    const readings = await read(await serve(cloudTrailService, 5), scope(claims, 'eu-west-1'));
    expect(gaps(readings)).toEqual([]);
    expect(items(readings, 'event').length).toBeGreaterThan(500);
  });
});

describe('what CloudTrail does not answer', () => {
  it('is one gap for each call, and the other calls are made', async () => {
    const denied: SampleService = () => awsError(400, 'AccessDeniedException', 'not authorized');
    const server = await serve(cloudTrailBut({ DescribeTrails: denied }));
    const readings = await read(server, scope(claims, 'eu-west-1'));
    expect(gaps(readings)).toMatchObject([{ reason: 'denied', extent: 'scope', what: 'cloudtrail:DescribeTrails' }]);
    expect(items(readings, 'event').length).toBeGreaterThan(500);
    const other = await serve(cloudTrailBut({ GetTrailStatus: denied, GetEventSelectors: denied, LookupEvents: denied }));
    const refused = await read(other, scope(claims, 'eu-west-1'));
    expect(gaps(refused).map((gap) => gap.what)).toEqual([
      'cloudtrail:GetTrailStatus',
      'cloudtrail:GetEventSelectors',
      'cloudtrail:LookupEvents',
    ]);
    expect(items(refused, 'state')).toHaveLength(1);
  });

  it('says which part of the window is left when a page fails', async () => {
    let pages = 0;
    const failing: SampleService = (request, at) =>
      ++pages > 3 ? awsError(500, 'InternalFailure', 'broken') : cloudTrailService(request, at);
    const readings = await read(await serve(cloudTrailBut({ LookupEvents: failing })), scope(claims, 'eu-west-1'));
    const found = items(readings, 'event');
    expect(found).toHaveLength(150);
    const oldest = JSON.parse(found.at(-1)?.text ?? '{}').eventTime;
    expect(gaps(readings)).toMatchObject([
      { reason: 'unavailable', what: 'cloudtrail:LookupEvents', detail: { unreadFrom: '2026-10-12T00:00:00.000Z' } },
    ]);
    expect(Date.parse(String(gaps(readings)[0]?.detail['unreadUntil']))).toBe(Date.parse(oldest));
  }, 20_000);

  it('is said of times before the 90 days that LookupEvents keeps', async () => {
    const readings = await read(await serve(), scope(claims, 'eu-west-1', { since: '2026-01-01T00:00:00Z', until: world.until }));
    expect(gaps(readings)).toMatchObject([
      { reason: 'unsupported', code: 'OLDER_THAN_RETENTION', detail: { unreadFrom: '2026-01-01T00:00:00Z' } },
    ]);
    expect(items(readings, 'event').length).toBeGreaterThan(500);
    expect(gaps(await read(await serve(), scope(claims, 'eu-west-1')))).toEqual([]);
  });

  it('is a gap of one item where an event holds no readable record', async () => {
    const body = {
      Events: [
        { EventId: 'a' },
        { EventId: 'b', CloudTrailEvent: '{"cut' },
        { EventId: 'c', CloudTrailEvent: '{"eventID":"c","eventSource":"s3.amazonaws.com"}' },
      ],
    };
    const server = await serve(
      cloudTrailBut({
        LookupEvents: (request, at) =>
          stringAt(request.body, 'EventCategory') === 'insight' ? cloudTrailService(request, at) : { status: 200, body },
      }),
    );
    const readings = await read(server, scope(claims, 'eu-west-1'));
    expect(gaps(readings)).toMatchObject([
      { reason: 'malformed', extent: 'item' },
      { reason: 'malformed', extent: 'item', detail: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } },
    ]);
    expect(items(readings, 'event').map((item) => item.text)).toEqual(['{"eventID":"c","eventSource":"s3.amazonaws.com"}']);
  });
});

describe("the sample's CloudTrail", () => {
  const ask = (operation: string, body: object) =>
    cloudTrailService(
      {
        service: 'cloudtrail',
        operation,
        method: 'POST',
        path: '/',
        query: new URLSearchParams(),
        account: claims,
        region: 'eu-west-1',
        body: body as never,
      },
      world,
    );

  it('refuses as AWS does', () => {
    expect(ask('LookupEvents', { MaxResults: 51 })).toMatchObject({ status: 400, body: { __type: 'InvalidMaxResultsException' } });
    expect(ask('LookupEvents', { StartTime: 2, EndTime: 1 })).toMatchObject({ body: { __type: 'InvalidTimeRangeException' } });
    expect(ask('LookupEvents', { NextToken: 'other' })).toMatchObject({ body: { __type: 'InvalidNextTokenException' } });
    expect(ask('GetTrailStatus', { Name: 'none' })).toMatchObject({ body: { __type: 'TrailNotFoundException' } });
    expect(ask('CreateTrail', {})).toMatchObject({ body: { __type: 'UnknownOperationException' } });
  });

  it('is the same on every run, and grows with the scale', () => {
    const count = (scale: number) => trailPopulation(sampleWorld(scale), { account: production, region: 'us-east-1' }).management.length;
    expect(trailPopulation(sampleWorld(), { account: claims, region: 'eu-west-1' })).toEqual(
      trailPopulation(sampleWorld(), { account: claims, region: 'eu-west-1' }),
    );
    expect(count(3)).toBeGreaterThan(2.8 * count(1));
  });

  it('gives every event an id of its own', () => {
    const ids = world.accounts.flatMap((account) =>
      world.regions.flatMap((region) =>
        trailPopulation(sampleWorld(2), { account: account.id, region }).management.map(({ record }) => record['eventID']),
      ),
    );
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(3_000);
  });
});
