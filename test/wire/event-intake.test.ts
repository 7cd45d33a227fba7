// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/evidence/json.ts';
import type { RawItem, Reading, SourceId } from '../../src/evidence/observation.ts';
import { noDeclarations } from '../../src/evidence/scope-file.ts';
import { type EventRequest, takeInEvent } from '../../src/runtime/aws/event-intake.ts';
import { trailBuckets } from '../../src/sample/cloudtrail/log-objects.ts';
import { reportBuckets } from '../../src/sample/sagemaker/report-objects.ts';
import { sampleWorld } from '../../src/sample/world.ts';
import { createSources } from '../../src/sources/registry.ts';
import { eventDeliveryGaps } from '../../src/sources/report/event-delivery.ts';
import type { Connection, Scope, Source } from '../../src/sources/source.ts';
import {
  apiCallViaCloudTrail,
  findingsImportedV2,
  macieFinding,
  objectCreated,
  sageMakerChange,
  securityHubImported,
} from '../fixtures/events/samples.ts';
import { tables } from '../support/pack-tables.ts';
import { idsOf, readWhole } from '../support/resume.ts';
import { type Instead, watchedSamples } from '../support/watched-sample.ts';

const world = sampleWorld();
const sources = createSources({ tables, declarations: noDeclarations });
const [account, region] = ['111122223333', 'eu-west-1'];
const samples = watchedSamples();

async function serve(instead?: Instead) {
  const { server, asked } = await samples(instead);
  const clientConfig = {
    region,
    endpoint: server.endpoint,
    credentials: server.credentials(account),
    forcePathStyle: true,
    maxAttempts: 2,
  };
  const connection: Connection = { region, clientConfig, channel: 'sample' };
  return { server, asked, connection };
}

function sourceOf(id: SourceId): Source {
  const source = sources.get(id);
  if (source === undefined) throw new Error(`no source ${id}`);
  return source;
}

async function taken(id: SourceId, event: JsonObject | string, more: Partial<EventRequest> = {}) {
  const text = typeof event === 'string' ? event : JSON.stringify(event);
  const connect = async (): Promise<Connection> => {
    throw new Error('nothing is to be asked');
  };
  const intake = takeInEvent({
    text,
    source: sourceOf(id),
    sweptAt: world.until,
    reportLocations: [],
    isPlanned: () => true,
    connect,
    ...more,
  });
  const readings: Reading[] = [];
  for await (const reading of intake.readings) readings.push(reading);
  return { ...intake, readings, items: itemsOf(readings), gaps: readings.flatMap((one) => ('gap' in one ? [one.gap] : [])) };
}

const itemsOf = (readings: readonly Reading[]): RawItem[] => readings.flatMap((one) => ('item' in one ? [one.item] : []));
const scope: Scope = {
  partition: 'aws',
  account,
  region,
  window: { since: world.since, until: world.until },
  sweptAt: world.until,
  reportLocations: [],
};
const wrappers: readonly [SourceId, string, string, (detail: JsonObject) => JsonObject][] = [
  ['securityhub', 'asff', region, securityHubImported],
  ['securityhub', 'ocsf', 'us-east-1', findingsImportedV2],
  ['macie', 'finding', region, macieFinding],
  ['cloudtrail', 'event', region, (record) => apiCallViaCloudTrail(record)],
  ['cloudtrail', 'insight', 'us-east-1', (record) => apiCallViaCloudTrail(record, 'cloudtrail', 'AWS Insight via CloudTrail')],
];

describe('what an event carries', () => {
  it.each(wrappers)('of %s (%s) is the record that polling finds', async (id, shape, where, wrap) => {
    const { server } = await serve();
    const source = sourceOf(id);
    const polled = itemsOf(await readWhole(source, server, { ...scope, region: where })).filter((item) => item.shape === shape);
    expect(polled.length).toBeGreaterThan(1);
    for (const item of polled.slice(0, 20)) {
      const { items, gaps, place, isHint } = await taken(id, { ...wrap(JSON.parse(item.text)), region: where });
      expect(gaps).toEqual([]);
      expect(isHint).toBe(false);
      expect(items).toHaveLength(1);
      const [only] = items;
      expect(only?.channel).toEqual({ kind: 'event', eventId: place?.eventId });
      expect(only?.context).toMatchObject({ partition: 'aws', account, region: where, sweptAt: world.until });
      // Macie's polling may add a second record for a finding that is old by now; the finding itself is the first.
      const [first] = idsOf(source, [{ item }]);
      expect([
        ...idsOf(
          source,
          items.map((one) => ({ item: one })),
        ),
      ]).toEqual([first]);
    }
  });

  it('is cut out as it was written', async () => {
    const finding = '{"Id":"f", "ProductArn":"arn:aws:securityhub:eu-west-1::product/aws/macie", "SchemaVersion":"2018-10-08", "n": 1.50}';
    const envelope = JSON.stringify(securityHubImported({ Id: 'here' })).replace('{"Id":"here"}', finding);
    expect((await taken('securityhub', envelope)).items.map((item) => item.text)).toEqual([finding]);
  });

  it('that only tells of a change is a hint, and nothing is read', async () => {
    const schedule = await taken('sagemaker-model-monitor', sageMakerChange('SageMaker Monitoring Schedule State Change'));
    expect(schedule).toMatchObject({ isHint: true, readings: [], place: { account, region } });
    expect(await taken('sagemaker-clarify', sageMakerChange('SageMaker Processing Job State Change'))).toMatchObject({ isHint: true });
  });

  it('that cannot be read is one gap with the hash of its bytes', async () => {
    for (const text of ['{"cut', '{}', '[]', '{"id":"1","detail-type":"Macie Finding"}']) {
      const { gaps, items, place } = await taken('macie', text);
      expect(items).toEqual([]);
      expect(place).toBeNull();
      expect(gaps).toMatchObject([{ reason: 'malformed', extent: 'item', detail: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } }]);
    }
  });

  it('with nothing in it is one gap that says so', async () => {
    const { items, gaps } = await taken('securityhub', { ...securityHubImported({}), detail: { findings: [] } });
    expect(items).toEqual([]);
    expect(gaps).toMatchObject([{ reason: 'unsupported', code: 'EVENT_UNRECOGNISED', extent: 'item' }]);
    expect(gaps[0]?.message).toContain('no items: detail.findings is empty');
  });

  it.each([
    ['macie', macieFinding({ id: 'f', category: 'THREAT', updatedAt: '2026-11-03T13:47:03Z' })],
    ['securityhub', securityHubImported({ Id: 'f', UpdatedAt: '2026-11-03T13:47:03Z' })],
    ['securityhub', findingsImportedV2({ finding_info: { uid: 'f' } })],
    ['cloudtrail', apiCallViaCloudTrail({ eventID: 'e', eventName: 'CreateModel' })],
  ] as const)('of %s that lacks what its kind is known by is kept: the envelope says what it is', async (id, event) => {
    const { items, gaps } = await taken(id, event);
    expect([items.length, gaps]).toEqual([1, []]);
    const results = items.flatMap((item) => sourceOf(id).interpret(item, JSON.parse(item.text)));
    expect(results.map((one) => ('gap' in one ? one.gap.message : one.observation.source))).toEqual([id]);
  });

  it('that is another source’s is a gap and no record', async () => {
    const { items, gaps } = await taken('macie', securityHubImported({ Id: 'f', ProductArn: 'p', SchemaVersion: '1' }));
    expect(items).toEqual([]);
    expect(gaps).toMatchObject([{ reason: 'unsupported', code: 'EVENT_UNRECOGNISED' }]);
  });
});

const bucket = 'acme-credit-monitoring';
const reports = [`s3://${bucket}/`];
const keys = [...(reportBuckets(world).get(bucket)?.objects.keys() ?? [])];
const october30 = keys.filter((key) => key.includes('/2026/10/30/'));

describe('a report that S3 tells of', () => {
  it.each([
    ['sagemaker-model-monitor', 'constraint_violations.json'],
    ['sagemaker-clarify', 'analysis.json'],
  ] as const)('of %s is the record that reading its location finds', async (id, name) => {
    const { server, connection } = await serve();
    const source = sourceOf(id);
    // Another Region, so that no schedule is read and only the location is.
    const polled = idsOf(source, await readWhole(source, server, { ...scope, region: 'us-east-1', reportLocations: reports }));
    const chosen = october30.filter((key) => key.endsWith(`/${name}`));
    expect(chosen.length).toBeGreaterThan(0);
    let found = 0;
    for (const key of chosen) {
      const { items, gaps, place } = await taken(id, objectCreated(bucket, key), {
        reportLocations: reports,
        connect: async () => connection,
      });
      expect(gaps).toEqual([]);
      // An analysis comes with the configuration of its job.
      expect(items.at(-1)?.context['path']).toBe(`s3://${bucket}/${key}`);
      expect(items.at(-1)?.channel).toEqual({ kind: 'event', eventId: place?.eventId });
      const ids = idsOf(
        source,
        items.slice(-1).map((item) => ({ item })),
      );
      found += ids.size;
      expect([...ids.difference(polled)]).toEqual([]);
    }
    expect(found).toBeGreaterThan(0);
  });

  it.each([
    [
      'sagemaker-model-monitor',
      'constraint_violations.json',
      ['scheduleArn', 'scheduleTags', 'endpointTags', 'runTime', 'previousRun', 'monitorType'],
    ],
    ['sagemaker-clarify', 'analysis.json', ['scheduleArn', 'jobArn', 'origin', 'series', 'tags']],
  ] as const)('of a run of %s knows of the run what reading the run knows', async (id, name, members) => {
    const { server, connection } = await serve();
    const source = sourceOf(id);
    const window = { since: '2026-10-30T00:00:00Z', until: '2026-10-31T00:00:00Z' };
    const polled = await readWhole(source, server, { ...scope, window });
    const chosen = october30.filter((key) => key.endsWith(`/${name}`));
    for (const key of chosen) {
      const path = `s3://${bucket}/${key}`;
      const { items, readings, gaps } = await taken(id, objectCreated(bucket, key), {
        reportLocations: reports,
        connect: async () => connection,
      });
      expect(gaps).toEqual([]);
      const mine = items.find((item) => item.context['path'] === path);
      const theirs = itemsOf(polled).find((item) => item.context['path'] === path && item.shape === mine?.shape);
      expect(theirs).toBeDefined();
      for (const member of members) expect([member, mine?.context[member]]).toEqual([member, theirs?.context[member]]);
      const keysOf = (all: readonly Reading[]) =>
        itemsOf(all)
          .filter((item) => item.context['path'] === path)
          .flatMap((item) => source.interpret(item, JSON.parse(item.text)))
          .flatMap((one) => ('observation' in one ? [one.observation.findingKey] : []));
      expect(keysOf(readings)).toEqual(keysOf(polled));
      expect([...idsOf(source, readings).difference(idsOf(source, polled))]).toEqual([]);
    }
  });

  it('is read with what stands beside it', async () => {
    const { connection } = await serve();
    const key = keys.find((one) => one.includes('credit-scoring-bias/') && one.endsWith('/analysis.json')) ?? '';
    const { items } = await taken('sagemaker-clarify', objectCreated(bucket, key), {
      reportLocations: reports,
      connect: async () => connection,
    });
    expect(items.at(-1)?.context['siblings']).toHaveProperty('violations');
  });

  it.each([
    ['another bucket', 's3://acme-other/'],
    ['a longer name', 's3://acme-credit-monitoring-2'],
    ['another prefix', `s3://${bucket}/elsewhere`],
  ])('in a place that the configuration does not name, which names %s, is a gap and is not read', async (_name, location) => {
    const { connection, asked } = await serve();
    const event = objectCreated(bucket, october30[0] ?? '');
    const { items, gaps } = await taken('sagemaker-model-monitor', event, { reportLocations: [location], connect: async () => connection });
    expect(items).toEqual([]);
    expect(gaps).toMatchObject([
      { reason: 'not-configured', extent: 'scope', code: 'REPORT_LOCATION_UNNAMED', detail: { bucket: `s3://${bucket}` } },
    ]);
    expect(asked).toEqual([]);
  });

  it('that is gone, or refused, is a gap', async () => {
    const { connection } = await serve();
    const named = { reportLocations: reports, connect: async () => connection };
    const gone = await taken('sagemaker-model-monitor', objectCreated(bucket, 'a/b/2026/11/03/01/constraint_violations.json'), named);
    expect(gone.gaps).toMatchObject([{ reason: 'unavailable', code: 'NoSuchKey' }]);
    const refusing = await serve(({ service }) =>
      service === 's3' ? { status: 403, body: '<Error><Code>AccessDenied</Code><Message>no</Message></Error>' } : null,
    );
    const key = october30.find((one) => one.endsWith('constraint_violations.json')) ?? '';
    const refused = await taken('sagemaker-model-monitor', objectCreated(bucket, key), {
      ...named,
      connect: async () => refusing.connection,
    });
    expect(refused.gaps.map(({ reason }) => reason)).toEqual(['denied']);
    expect([...gone.items, ...refused.items]).toEqual([]);
  });
});

const trailBucket = 'acme-audit-trail';
const logKeys = [...(trailBuckets(world).get(trailBucket)?.objects.keys() ?? [])];
const trails = { trailLocations: [`s3://${trailBucket}`] };

describe('a log file that S3 tells of', () => {
  it.each([
    ['its own Region', region],
    ['another Region than the bucket', 'us-east-1'],
  ])('of %s gives the records that listing its folder gives', async (_name, where) => {
    const { server, connection } = await serve();
    const source = sourceOf('cloudtrail');
    const window = { since: '2026-11-03T00:00:00Z', until: '2026-11-04T00:00:00Z' };
    const listed = await readWhole(source, server, { ...scope, ...trails, region: where, window });
    const ofFiles = listed.filter((one) => 'item' in one && one.item.context['path'] !== undefined);
    const chosen = logKeys.filter((key) => key.includes(`/${where}/2026/11/03/`));
    expect(chosen.length).toBeGreaterThan(10);
    const told: Reading[] = [];
    for (const key of chosen) {
      const { items, gaps, place, readings } = await taken('cloudtrail', objectCreated(trailBucket, key), {
        ...trails,
        connect: async (asked) => ({ ...connection, region: asked.region }),
      });
      expect(gaps).toEqual([]);
      expect(place).toMatchObject({ account, region: where });
      expect(items.every(({ channel }) => channel.kind === 'event' && channel.eventId === place?.eventId)).toBe(true);
      told.push(...readings);
    }
    const [byEvent, byListing] = [idsOf(source, told), idsOf(source, ofFiles)];
    expect(byListing.size).toBeGreaterThan(10);
    expect([...byEvent].sort()).toEqual([...byListing].sort());
  });

  it('of an account or Region that is not collected from is left alone', async () => {
    const { connection, asked } = await serve();
    const event = objectCreated(trailBucket, logKeys[0] ?? '');
    const connect = async () => connection;
    const foreign = await taken('cloudtrail', event, { ...trails, isPlanned: () => false, connect });
    expect(foreign).toMatchObject({ isForeign: true, readings: [] });
    expect(asked).toEqual([]);
    expect(await taken('cloudtrail', event, { ...trails, connect })).toMatchObject({ isForeign: false, gaps: [] });
    expect(asked).toHaveLength(1);
  });

  it.each([
    [
      'outside the named places',
      { trailLocations: ['s3://acme-other/AWSLogs/'] },
      logKeys[0] ?? '',
      { reason: 'not-configured', code: 'TRAIL_BUCKET_UNNAMED' },
    ],
    [
      'that is none by its name',
      trails,
      'AWSLogs/111122223333/Config/eu-west-1/x.json.gz',
      { reason: 'unsupported', code: 'LOG_FILE_UNRECOGNISED' },
    ],
    [
      'that is gone',
      trails,
      'AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11/03/111122223333_CloudTrail_eu-west-1_20261103T0005Z_x.json.gz',
      { reason: 'unavailable', code: 'NoSuchKey' },
    ],
  ])('%s is a gap and no record', async (_name, named, key, gap) => {
    const { connection } = await serve();
    const { items, gaps } = await taken('cloudtrail', objectCreated(trailBucket, key), { ...named, connect: async () => connection });
    expect(items).toEqual([]);
    expect(gaps).toMatchObject([gap]);
  });
});

describe('buckets of report locations', () => {
  const notification = (inner: string) => ({ status: 200, body: `<NotificationConfiguration>${inner}</NotificationConfiguration>` });

  it('that tell EventBridge nothing are a gap each; those that do are none; nothing is written', async () => {
    const { connection, asked } = await serve(({ query, path }) =>
      query.has('notification') ? notification(path.includes('acme-loud') ? '<EventBridgeConfiguration/>' : '') : null,
    );
    const gaps = await Array.fromAsync(eventDeliveryGaps(connection, ['s3://acme-loud/a', 's3://acme-quiet/a', 's3://acme-quiet/b']));
    expect(gaps).toMatchObject([{ reason: 'not-configured', extent: 'scope', what: 's3://acme-quiet', code: 'BUCKET_EVENTS_OFF' }]);
    expect(asked.map(({ method }) => method)).toEqual(['GET', 'GET']);
  });

  it('that do not answer are a gap as what they are', async () => {
    const { connection } = await serve(() => ({ status: 403, body: '<Error><Code>AccessDenied</Code><Message>no</Message></Error>' }));
    const gaps = await Array.fromAsync(eventDeliveryGaps(connection, ['s3://acme-loud']));
    expect(gaps).toMatchObject([{ reason: 'denied', what: 's3:GetBucketNotification', detail: { bucket: 'acme-loud' } }]);
  });
});
