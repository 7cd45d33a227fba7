// SPDX-License-Identifier: Apache-2.0
import { afterEach, describe, expect, it } from '@jest/globals';
import { isJsonObject } from '../../src/evidence/json.ts';
import type { SourceId } from '../../src/evidence/observation.ts';
import { noDeclarations } from '../../src/evidence/scope-file.ts';
import { awsError, type SampleRequest, type SampleService } from '../../src/sample/sample-service.ts';
import { type SampleServer, startSampleServer } from '../../src/sample/server.ts';
import { sampleServices } from '../../src/sample/services.ts';
import { sampleWorld } from '../../src/sample/world.ts';
import { createSources } from '../../src/sources/registry.ts';
import type { Scope, Source } from '../../src/sources/source.ts';
import { tables } from '../support/pack-tables.ts';
import { idsOf, inPagesOf, readWhole } from '../support/resume.ts';

const world = sampleWorld();
const sources = createSources({ tables, declarations: noDeclarations });
const servers: SampleServer[] = [];
const production = { partition: 'aws', account: '111122223333', region: 'eu-west-1', sweptAt: world.until, reportLocations: [] };
const scope: Scope = { ...production, window: { since: '2026-10-28T00:00:00Z', until: world.until } };

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

const pageMembers = ['MaxResults', 'maxResults'];

/** Every service in small pages; what asks for a page by a token is answered by `later`. */
async function serve(later: SampleService | null): Promise<SampleServer> {
  const services = Object.entries(sampleServices).flatMap(([name, service]): [string, SampleService][] => {
    if (service === undefined) return [];
    const paged = pageMembers.reduce((inner, member) => inPagesOf(3, member, inner), service);
    return [[name, (request, given) => (later !== null && hasToken(request) ? later : paged)(request, given)]];
  });
  const server = await startSampleServer(world, Object.fromEntries(services), { throttleOneIn: 0 });
  servers.push(server);
  return server;
}

function hasToken({ body, query }: SampleRequest): boolean {
  const named = [...query.keys(), ...(isJsonObject(body) ? Object.keys(body) : [])];
  return named.some((name) => /^(next-?token|continuation-token)$/i.test(name));
}

const faults: readonly [name: string, answer: ReturnType<typeof awsError>, reasons: readonly string[]][] = [
  ['credentials that expired', awsError(403, 'ExpiredTokenException', 'The security token included in the request is expired'), ['denied']],
  [
    'a token that died',
    awsError(400, 'InvalidNextTokenException', 'The token is no longer valid'),
    ['unavailable', 'unsupported', 'malformed'],
  ],
  ['throttling for good', awsError(429, 'ThrottlingException', 'Rate exceeded'), ['throttled']],
];
const ids: readonly SourceId[] = ['cloudtrail', 'securityhub', 'macie', 'sagemaker-model-monitor', 'sagemaker-clarify'];

function sourceOf(id: SourceId): Source {
  const source = sources.get(id);
  if (source === undefined) throw new Error(`no source ${id}`);
  return source;
}

describe('a list of which every later page is met by', () => {
  it.each(ids.flatMap((id) => faults.map(([name, answer, reasons]) => ({ id, name, answer, reasons }))))(
    '$name: $id keeps what came before, and names what it could not see',
    async ({ id, answer, reasons }) => {
      const source = sourceOf(id);
      const whole = idsOf(source, await readWhole(source, await serve(null), scope));
      let refused = 0;
      const refuse = () => {
        refused++;
        return answer;
      };
      const readings = await readWhole(source, await serve(refuse), scope);
      expect(refused).toBeGreaterThan(0);
      const seen = idsOf(source, readings);
      expect(seen.size).toBeGreaterThan(0);
      const gaps = readings.flatMap((reading) => ('gap' in reading ? [reading.gap] : []));
      const missing = [...whole].filter((one) => !seen.has(one));
      // Where a source can ask again from its last item it misses nothing, and need not say so.
      if (missing.length > 0) expect(gaps.filter(({ reason }) => reasons.includes(reason)).length).toBeGreaterThan(0);
      else expect(id).toBe('securityhub');
    },
    60_000,
  );
});
