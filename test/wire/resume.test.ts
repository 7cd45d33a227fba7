// SPDX-License-Identifier: Apache-2.0
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Reading } from '../../src/evidence/observation.ts';
import { noDeclarations } from '../../src/evidence/scope-file.ts';
import type { SampleService } from '../../src/sample/sample-service.ts';
import { type SampleServer, startSampleServer } from '../../src/sample/server.ts';
import { sampleServices } from '../../src/sample/services.ts';
import { sampleWorld } from '../../src/sample/world.ts';
import { createSources } from '../../src/sources/registry.ts';
import type { Scope, Source } from '../../src/sources/source.ts';
import { tables } from '../support/pack-tables.ts';
import { carriedIn, idsOf, inPagesOf, marksOf, readWhole, until } from '../support/resume.ts';

const world = sampleWorld();
const sources = createSources({ tables, declarations: noDeclarations });
const servers: SampleServer[] = [];

const { cloudtrail, securityhub, macie2, sagemaker, s3 } = sampleServices;
const runLists = ['ListMonitoringExecutions', 'ListProcessingJobs'];
const small: Readonly<Record<string, SampleService | undefined>> = {
  cloudtrail: cloudtrail && inPagesOf(5, 'MaxResults', cloudtrail),
  securityhub: securityhub && inPagesOf(10, 'MaxResults', securityhub),
  macie2: macie2 && inPagesOf(10, 'maxResults', macie2),
  sagemaker: sagemaker && inPagesOf(5, 'MaxResults', sagemaker, runLists),
  s3,
};

async function serve(more: Readonly<Record<string, SampleService>> = {}): Promise<SampleServer> {
  const services = Object.fromEntries(
    Object.entries({ ...small, ...more }).flatMap(([name, service]) => (service === undefined ? [] : [[name, service]])),
  );
  const server = await startSampleServer(world, services, { throttleOneIn: 0 });
  servers.push(server);
  return server;
}

function sourceOf(id: 'cloudtrail' | 'securityhub' | 'macie' | 'sagemaker-model-monitor' | 'sagemaker-clarify'): Source {
  const source = sources.get(id);
  if (source === undefined) throw new Error(`no source ${id}`);
  return source;
}

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

const month = { since: world.since, until: world.until };
const half = { since: '2026-10-28T00:00:00Z', until: world.until };
const days = { since: '2026-10-26T00:00:00Z', until: '2026-11-03T00:00:00Z' };
const production = { partition: 'aws', account: '111122223333', region: 'eu-west-1', sweptAt: world.until };
const reports = ['s3://acme-credit-monitoring/'];

const cases: readonly [name: string, source: Source, scope: Scope, fewest: number][] = [
  ['CloudTrail', sourceOf('cloudtrail'), { ...production, window: half, reportLocations: [] }, 5],
  ['CloudTrail with Insights', sourceOf('cloudtrail'), { ...production, region: 'us-east-1', window: half, reportLocations: [] }, 6],
  ['Security Hub', sourceOf('securityhub'), { ...production, window: month, reportLocations: [] }, 5],
  ['Macie', sourceOf('macie'), { ...production, window: month, reportLocations: [] }, 6],
  ['Model Monitor', sourceOf('sagemaker-model-monitor'), { ...production, window: days, reportLocations: [] }, 7],
  ['Clarify', sourceOf('sagemaker-clarify'), { ...production, window: days, reportLocations: [] }, 4],
  [
    'reports of Model Monitor',
    sourceOf('sagemaker-model-monitor'),
    { ...production, region: 'us-east-1', window: days, reportLocations: reports },
    20,
  ],
  ['reports of Clarify', sourceOf('sagemaker-clarify'), { ...production, region: 'us-east-1', window: days, reportLocations: reports }, 20],
];

describe.each(cases)('reading %s', (_name, source, scope, fewest) => {
  it('goes on after every mark with all that was not read before it', async () => {
    const server = await serve();
    const whole = await readWhole(source, server, scope);
    const all = idsOf(source, whole);
    const marks = marksOf(whole);
    expect(marks.length).toBeGreaterThanOrEqual(fewest);
    expect(new Set(marks).size).toBe(marks.length);
    expect(all.size).toBeGreaterThan(10);
    // Each of them would take a minute for some: the first, the last, and some between.
    const chosen = marks.filter((_, i) => i === 0 || i === marks.length - 1 || i % Math.ceil(marks.length / 8) === 0);
    for (const mark of chosen) {
      const rest = await readWhole(source, server, { ...scope, resumeAfter: mark });
      const before = idsOf(source, until(whole, mark));
      const missing = [...all.difference(before.union(idsOf(source, rest)))];
      expect({ mark, missing }).toEqual({ mark, missing: [] });
    }
  }, 120_000);

  it('goes on from mark to mark to the end, each of them further, without the whole of it twice', async () => {
    const server = await serve();
    const whole = await readWhole(source, server, scope);
    const all = idsOf(source, whole);
    const seen = new Set<string>();
    const marks: string[] = [];
    let taken = 0;
    for (let resumeAfter: string | null = null; ; ) {
      const readings = await readWhole(source, server, { ...scope, resumeAfter });
      const [first, second = first] = marksOf(readings);
      // A part that takes two steps at a time.
      const part = second === undefined ? readings : until(readings, second);
      taken += part.filter((reading) => 'item' in reading).length;
      for (const id of idsOf(source, part)) seen.add(id);
      if (second === undefined) break;
      marks.push(second);
      resumeAfter = second;
    }
    expect([...all.difference(seen)]).toEqual([]);
    expect(new Set(marks).size).toBe(marks.length);
    expect(marks.length).toBeLessThanOrEqual(marksOf(whole).length);
    expect(taken).toBeLessThan(3 * whole.filter((reading) => 'item' in reading).length);
  }, 120_000);

  it('begins anew where a mark says nothing it knows, and leaves nothing out', async () => {
    const server = await serve();
    const all = idsOf(source, await readWhole(source, server, scope));
    for (const resumeAfter of ['', 'not a mark', '{"part":"elsewhere","after":"x"}', '[1]']) {
      const again = idsOf(source, await readWhole(source, server, { ...scope, resumeAfter }));
      expect([...all.difference(again)]).toEqual([]);
    }
  }, 120_000);

  it('writes small marks without a token of the service', async () => {
    const whole = await readWhole(source, await serve(), scope);
    for (const mark of marksOf(whole)) {
      expect(mark.length).toBeLessThan(2_000);
      expect(Object.keys(JSON.parse(mark))).toEqual(
        Object.keys(carriedIn(mark)).length === 0 ? ['part', 'after'] : ['part', 'after', 'carried'],
      );
      expect(mark).not.toMatch(/sample-\d+-\d+|token/i);
    }
  }, 60_000);
});

describe('a mark', () => {
  it.each([
    ['Security Hub', sourceOf('securityhub'), 'asff', 'UpdatedAt'],
    ['Macie', sourceOf('macie'), 'finding', 'updatedAt'],
  ] as const)(
    'of %s has findings of its very time read again: more of them may stand on the next page',
    async (_name, source, shape, member) => {
      const server = await serve();
      const scope: Scope = { ...production, window: month, reportLocations: [] };
      const times = (readings: readonly Reading[]) =>
        readings.flatMap((one) => ('item' in one && one.item.shape === shape ? [Date.parse(JSON.parse(one.item.text)[member])] : []));
      const marks = marksOf(await readWhole(source, server, scope)).filter((mark) => /"after":"2026/.test(mark));
      expect(marks.length).toBeGreaterThan(2);
      for (const resumeAfter of marks.slice(0, 3)) {
        const rest = times(await readWhole(source, server, { ...scope, resumeAfter }));
        expect(rest).toContain(Date.parse(JSON.parse(resumeAfter).after));
      }
    },
    60_000,
  );

  it('of Model Monitor carries which schedules share a baseline, so that the later one still says so', async () => {
    const source = sourceOf('sagemaker-model-monitor');
    let first: string | undefined;
    const shared: SampleService = (request, of) => {
      if (request.path.endsWith('/constraints.json')) first ??= request.path;
      const path = request.path.endsWith('/constraints.json') ? (first ?? request.path) : request.path;
      return s3?.({ ...request, path }, of) ?? { status: 500, body: '' };
    };
    const server = await serve({ s3: shared });
    const scope: Scope = { ...production, window: days, reportLocations: [] };
    const whole = await readWhole(source, server, scope);
    const sharing = (readings: readonly Reading[]) =>
      readings.filter((one) => 'item' in one && one.item.context['sharedWith'] !== undefined).length;
    expect(sharing(whole)).toBeGreaterThan(1);
    const all = idsOf(source, whole);
    for (const resumeAfter of marksOf(whole).filter((mark) => /"after":"[a-z-]+"/.test(mark))) {
      const rest = idsOf(source, await readWhole(source, server, { ...scope, resumeAfter }));
      expect([...all.difference(idsOf(source, until(whole, resumeAfter)).union(rest))]).toEqual([]);
    }
  }, 60_000);

  it('of Clarify carries the failed jobs for which no later one was found yet, and they are decided in a later part', async () => {
    const source = sourceOf('sagemaker-clarify');
    const server = await serve();
    const scope: Scope = { ...production, window: month, reportLocations: [] };
    const whole = await readWhole(source, server, scope);
    const all = idsOf(source, whole);
    const waiting = marksOf(whole).filter(
      (mark) => Array.isArray(carriedIn(mark)['unfinished']) && String(carriedIn(mark)['unfinished']) !== '',
    );
    expect(waiting.length).toBeGreaterThan(0);
    for (const resumeAfter of waiting.slice(0, 3)) {
      const rest = idsOf(source, await readWhole(source, server, { ...scope, resumeAfter }));
      expect([...all.difference(idsOf(source, until(whole, resumeAfter)).union(rest))]).toEqual([]);
    }
  }, 60_000);
});
