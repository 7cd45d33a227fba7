// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { numberAt, stringAt } from '../../src/evidence/json.ts';
import type { Reading } from '../../src/evidence/observation.ts';
import { noDeclarations } from '../../src/evidence/scope-file.ts';
import { trailPopulation } from '../../src/sample/cloudtrail/population.ts';
import type { SampleRequest } from '../../src/sample/sample-service.ts';
import { sampleWorld } from '../../src/sample/world.ts';
import { deliveredAt } from '../../src/sources/cloudtrail/log-place.ts';
import { createCloudTrail } from '../../src/sources/cloudtrail.ts';
import type { Scope } from '../../src/sources/source.ts';
import { idsOf, marksOf, readWhole, until } from '../support/resume.ts';
import { watchedSamples } from '../support/watched-sample.ts';

const source = createCloudTrail({ tables: {}, declarations: noDeclarations });
const world = sampleWorld();
const [production, claims] = ['111122223333', '444455556666'];
const bucket = 's3://acme-audit-trail';
const serve = watchedSamples();

function scope(account: string, region: string, more: Partial<Scope> = {}): Scope {
  const window = { since: '2026-11-01T00:00:00Z', until: '2026-11-08T00:00:00Z' };
  return { partition: 'aws', account, region, window, sweptAt: world.until, reportLocations: [], trailLocations: [bucket], ...more };
}

const eventIds = (readings: readonly Reading[]) =>
  readings.flatMap((one) => ('item' in one && one.item.shape === 'event' ? [stringAt(JSON.parse(one.item.text), 'eventID') ?? ''] : []));
const fileItems = (readings: readonly Reading[]) =>
  readings.flatMap((one) => ('item' in one && one.item.shape === 'event' && one.item.context['path'] !== undefined ? [one.item] : []));
const fileEventIds = (readings: readonly Reading[]) => fileItems(readings).map(({ text }) => stringAt(JSON.parse(text), 'eventID') ?? '');
const gapsOf = (readings: readonly Reading[]) => readings.flatMap((one) => ('gap' in one ? [one.gap] : []));
const lookups = (asked: readonly SampleRequest[]) =>
  asked.filter(({ operation, body }) => operation === 'LookupEvents' && stringAt(body, 'EventCategory') === undefined);
const happened = (account: string, region: string, since: string, end: string) =>
  trailPopulation(world, { account, region })
    .management.filter(({ at }) => at >= Date.parse(since) && at < Date.parse(end))
    .map(({ record }) => stringAt(record, 'eventID') ?? '');

describe('log files in the bucket of a trail', () => {
  it('give every event that was delivered in the window', async () => {
    const { server } = await serve();
    const readings = await readWhole(source, server, scope(production, 'eu-west-1'));
    const ids = fileEventIds(readings);
    expect(ids.length).toBeGreaterThan(100);
    // Delivery is five minutes after the hour: the last hour's file belongs to the next window, the one before to this.
    const expected = happened(production, 'eu-west-1', '2026-10-31T23:00:00Z', '2026-11-07T22:55:00Z');
    expect(ids.toSorted()).toEqual(happened(production, 'eu-west-1', '2026-10-31T23:00:00Z', '2026-11-07T23:00:00Z').toSorted());
    expect(new Set(ids).isSupersetOf(new Set(expected))).toBe(true);
    expect(gapsOf(readings)).toEqual([]);
  });

  it('give the very records that LookupEvents gives', async () => {
    const { server } = await serve();
    const window = { since: '2026-11-02T00:00:00Z', until: '2026-11-04T00:00:00Z' };
    const byFile = await readWhole(source, server, scope(production, 'us-east-1', { window }));
    const byCall = await readWhole(source, server, scope(production, 'us-east-1', { window, trailLocations: [] }));
    const [files, calls] = [idsOf(source, byFile), idsOf(source, byCall)];
    expect(files.intersection(calls).size).toBeGreaterThan(30);
    // Apart are only the hour before the window, delivered in it, and the last hour, delivered after it.
    const edges = (readings: readonly Reading[]) => eventIds(readings).length;
    expect(files.difference(calls).size + calls.difference(files).size).toBeLessThan(12);
    expect(edges(byFile)).toBeGreaterThan(30);
  });

  it('are read with their place and hash, in order of delivery', async () => {
    const { server } = await serve();
    const readings = await readWhole(source, server, scope(production, 'eu-west-1'));
    const paths = fileItems(readings).map(({ context }) => String(context['path']));
    expect(paths).toEqual(paths.toSorted());
    expect(paths[0]).toMatch(/^s3:\/\/acme-audit-trail\/AWSLogs\/111122223333\/CloudTrail\/eu-west-1\/2026\/11\/01\/.*\.json\.gz$/);
    const [first] = fileItems(readings);
    expect(first).toMatchObject({ channel: { kind: 'sample' }, context: { account: production, region: 'eu-west-1' } });
    expect(String(first?.context['sha256'])).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each(['s3://acme-audit-trail/', 's3://acme-audit-trail/AWSLogs', 's3://acme-audit-trail/AWSLogs/'])(
    'are found below %s',
    async (location) => {
      const { server } = await serve();
      expect(
        fileEventIds(await readWhole(source, server, scope(production, 'eu-west-1', { trailLocations: [location] }))).length,
      ).toBeGreaterThan(100);
    },
  );

  it('are read on after every mark with all that was not read before it', async () => {
    const { server } = await serve();
    const at = scope(production, 'eu-west-1', { window: { since: '2026-10-11T00:00:00Z', until: '2026-10-14T00:00:00Z' } });
    const whole = await readWhole(source, server, at);
    const all = idsOf(source, whole);
    const marks = marksOf(whole);
    expect(marks.length).toBeGreaterThan(30);
    for (const [i, mark] of marks.entries()) {
      if (i % 6 !== 0 && i < marks.length - 3) continue;
      const rest = await readWhole(source, server, { ...at, resumeAfter: mark });
      expect([...all.difference(idsOf(source, until(whole, mark)).union(idsOf(source, rest)))]).toEqual([]);
      expect(marksOf(rest)).not.toContain(mark);
    }
  }, 60_000);
});

describe('what no log file holds', () => {
  it('is looked up: the time before the first file', async () => {
    const { server, asked } = await serve();
    const window = { since: '2026-10-10T00:00:00Z', until: '2026-10-13T00:00:00Z' };
    const readings = await readWhole(source, server, scope(production, 'eu-west-1', { window }));
    const spans = lookups(asked).map(({ body }) =>
      [numberAt(body, 'StartTime'), numberAt(body, 'EndTime')].map((seconds) => (seconds ?? 0) * 1_000),
    );
    const firstFile = deliveredAt(String(fileItems(readings)[0]?.context['path'])) ?? 0;
    expect(firstFile).toBeGreaterThan(Date.parse(window.since));
    expect(spans[0]).toEqual([Date.parse(window.since), firstFile - 1]);
    expect(eventIds(readings).length).toBeGreaterThan(15);
  });

  it('is looked up: the time after the last file where files no longer come', async () => {
    const { server, asked } = await serve();
    const window = { since: '2026-11-10T00:00:00Z', until: '2026-11-11T12:00:00Z' };
    const at = { window, sweptAt: '2026-11-11T12:00:00Z' };
    const readings = await readWhole(source, server, scope(production, 'eu-west-1', at));
    expect(lookups(asked).length).toBe(1);
    expect(new Set(eventIds(readings)).isSupersetOf(new Set(happened(production, 'eu-west-1', window.since, world.until)))).toBe(true);
  });

  it('is looked up whole where the bucket may not be read, and the refusal is a gap', async () => {
    const { server } = await serve();
    const readings = await readWhole(source, server, scope(claims, 'eu-west-1'));
    expect(gapsOf(readings)).toMatchObject([{ reason: 'denied', extent: 'scope', what: 's3:ListBucket' }]);
    expect(eventIds(readings).toSorted()).toEqual(happened(claims, 'eu-west-1', '2026-11-01T00:00:00Z', '2026-11-08T00:00:00Z').toSorted());
  });

  it('is looked up whole where no log of the account lies below the location, and that is a gap', async () => {
    const { server } = await serve();
    const elsewhere = scope(production, 'eu-west-1', { trailLocations: ['s3://acme-credit-monitoring'] });
    const readings = await readWhole(source, server, elsewhere);
    expect(gapsOf(readings)).toMatchObject([{ reason: 'not-configured', extent: 'item', code: 'TRAIL_LOCATION_EMPTY' }]);
    expect(eventIds(readings).length).toBeGreaterThan(100);
  });

  it('is looked up from a file on that is broken or refused, which is a gap', async () => {
    let refused = 0;
    const { server, asked } = await serve(({ service, path, method }) => {
      if (service !== 's3' || method !== 'GET' || !path.includes('_20261103T')) return null;
      refused++;
      return refused % 2 === 0
        ? { status: 200, body: new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0]) }
        : { status: 403, body: '<Error><Code>AccessDenied</Code><Message>no</Message></Error>' };
    });
    const at = scope(production, 'eu-west-1', { window: { since: '2026-11-02T00:00:00Z', until: '2026-11-05T00:00:00Z' } });
    const readings = await readWhole(source, server, at);
    expect(refused).toBeGreaterThan(4);
    expect(new Set(gapsOf(readings).map(({ reason }) => reason))).toEqual(new Set(['denied', 'malformed']));
    expect(lookups(asked).length).toBeGreaterThan(0);
    const ids = new Set(eventIds(readings));
    expect(ids.isSupersetOf(new Set(happened(production, 'eu-west-1', at.window.since, '2026-11-04T22:00:00Z')))).toBe(true);
  });
});
