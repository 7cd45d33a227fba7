// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type Json, member, stringAt } from '../../src/evidence/json.ts';
import type { Facts } from '../../src/evidence/observation.ts';
import { awsError, type SampleRequest, type SampleService } from '../../src/sample/sample-service.ts';
import { securityHubService } from '../../src/sample/securityhub.ts';
import { type SampleServer, startSampleServer } from '../../src/sample/server.ts';
import { sampleWorld } from '../../src/sample/world.ts';
import { gapsOf, itemsOf, readAll, sampleScope, securityHub } from '../support/securityhub.ts';

const [production, claims] = ['111122223333', '444455556666'];
const servers: SampleServer[] = [];

async function serve(service: SampleService = securityHubService, { scale = 1, throttleOneIn = 0 } = {}): Promise<SampleServer> {
  const server = await startSampleServer(sampleWorld(scale), { securityhub: service }, { throttleOneIn });
  servers.push(server);
  return server;
}

type Route = (request: SampleRequest, given: () => ReturnType<SampleService>) => ReturnType<SampleService>;

/** The sample's Security Hub with some routes answered otherwise. */
function but(routes: Readonly<Record<string, Route>>): SampleService {
  return (request, world) => {
    const given = () => securityHubService(request, world);
    return routes[`${request.method} ${request.path}`]?.(request, given) ?? given();
  };
}

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

const idsOf = (readings: Parameters<typeof itemsOf>[0], shape: string) =>
  itemsOf(readings, shape).map((item) => stringAt(JSON.parse(item.text), ...(shape === 'asff' ? ['Id'] : ['finding_info', 'uid'])));

describe('reading Security Hub over the wire', () => {
  it('reads findings once each, oldest first, and the states around them', async () => {
    const readings = await readAll(await serve(), sampleScope(production, 'eu-west-1'));
    expect(gapsOf(readings)).toEqual(['off securityhub:DescribeSecurityHubV2']);
    const findings = itemsOf(readings, 'asff').map((item) => JSON.parse(item.text));
    expect(findings.length).toBeGreaterThan(35);
    expect(new Set(findings.map((finding) => finding.Id)).size).toBe(findings.length);
    const times = findings.map((finding) => finding.UpdatedAt);
    expect(times).toEqual([...times].sort());
    const states = itemsOf(readings, 'state');
    expect(new Set(states.map((item) => item.context['operation']))).toEqual(
      new Set(['DescribeHub', 'GetEnabledStandards', 'BatchGetStandardsControlAssociations']),
    );
    expect(states.filter((item) => item.text.includes('"AssociationStatus":"DISABLED"')).length).toBeGreaterThan(1);
    expect(itemsOf(readings).every((item) => item.channel.kind === 'sample' && item.channel.requestId !== '')).toBe(true);
  });

  it('interprets everything it reads, with outcomes and states of every kind', async () => {
    const server = await serve();
    const source = securityHub();
    const scopes = [sampleScope(production, 'eu-west-1'), sampleScope(production, 'us-east-1'), sampleScope(claims, 'eu-west-1')];
    const facts: Facts[] = [];
    for (const scope of scopes) {
      for (const item of itemsOf(await readAll(server, scope))) {
        const [read] = source.interpret(item, JSON.parse(item.text));
        if (read === undefined || 'gap' in read) throw new Error(JSON.stringify(read));
        expect(read.observation.account).toBe(scope.account);
        facts.push(read.observation.facts);
      }
    }
    const seen = (name: string) => new Set(facts.map((one) => one[name]));
    expect(seen('outcome')).toEqual(new Set([undefined, 'PASSED', 'FAILED', 'WARNING', 'NOT_AVAILABLE']));
    expect(seen('workflow')).toEqual(new Set([undefined, 'NEW', 'NOTIFIED', 'SUPPRESSED', 'RESOLVED']));
    expect(seen('recordState')).toEqual(new Set([undefined, 'ACTIVE', 'ARCHIVED']));
    expect(seen('product')).toEqual(new Set([undefined, 'securityhub', 'guardduty', 'inspector', 'macie']));
    expect(seen('controlMapped')).toEqual(new Set([undefined, true, false]));
  });

  it('pages through many findings and gives each once', async () => {
    const server = await serve(securityHubService, { scale: 12 });
    const readings = await readAll(server, sampleScope(production, 'eu-west-1'));
    const ids = idsOf(readings, 'asff');
    expect(ids.length).toBeGreaterThan(250);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('reads two halves of a window as the whole', async () => {
    const server = await serve();
    const scope = sampleScope(production, 'eu-west-1');
    const whole = idsOf(await readAll(server, scope), 'asff');
    const middle = '2026-11-05T07:00:00.001Z';
    const early = idsOf(await readAll(server, { ...scope, window: { since: scope.window.since, until: middle } }), 'asff');
    const late = await readAll(server, { ...scope, window: { since: middle, until: scope.window.until } });
    const lateIds = idsOf(late, 'asff');
    expect(early.length).toBeGreaterThan(10);
    expect(lateIds.length).toBeGreaterThan(1);
    expect([...early, ...lateIds].sort()).toEqual([...whole].sort());
    expect(itemsOf(late).some((item) => item.context['sweep'] === true)).toBe(false);
  });

  it('in a full sweep looks again at what still fails or was triaged and did not change', async () => {
    const scope = sampleScope(production, 'eu-west-1', '2026-11-02T00:00:00Z');
    const readings = await readAll(await serve(), scope);
    const swept = itemsOf(readings, 'asff').filter((item) => item.context['sweep'] === true);
    expect(swept.length).toBeGreaterThan(5);
    for (const item of swept) {
      const finding: Json = JSON.parse(item.text);
      expect(stringAt(finding, 'RecordState')).toBe('ACTIVE');
      expect(String(stringAt(finding, 'UpdatedAt')) <= scope.window.since).toBe(true);
      const isFailing = ['FAILED', 'WARNING'].includes(stringAt(finding, 'Compliance', 'Status') ?? '');
      expect(isFailing || stringAt(finding, 'Workflow', 'Status') !== 'NEW').toBe(true);
    }
  });

  it('reads both services where both are on, and says so', async () => {
    const readings = await readAll(await serve(), sampleScope(production, 'us-east-1'));
    expect(gapsOf(readings)).toEqual([]);
    expect(idsOf(readings, 'ocsf').length).toBeGreaterThan(15);
    expect([...idsOf(readings, 'ocsf')].sort()).toEqual([...idsOf(readings, 'asff')].sort());
    const both = itemsOf(readings, 'state').filter((item) => item.context['operation'] === 'DescribeSecurityHubV2');
    expect(both.map((item) => item.context['besideCspm'])).toEqual([true]);
    const source = securityHub();
    const keys = (shape: string) =>
      itemsOf(readings, shape).map((item) => {
        const [read] = source.interpret(item, JSON.parse(item.text));
        return read !== undefined && 'observation' in read ? read.observation.findingKey : null;
      });
    expect([...keys('ocsf')].sort()).toEqual([...keys('asff')].sort());
  });
});

describe('what Security Hub does not answer', () => {
  it('is off where the account is not subscribed, and then nothing more of CSPM is asked', async () => {
    const asked: string[] = [];
    const off = awsError(401, 'InvalidAccessException', `Account ${claims} is not subscribed to AWS Security Hub`);
    const server = await serve((request, world) => {
      asked.push(request.path);
      return request.path.includes('v2') ? securityHubService(request, world) : off;
    });
    const readings = await readAll(server, sampleScope(claims, 'eu-west-1'));
    expect(readings).toMatchObject([
      {
        gap: {
          reason: 'off',
          extent: 'scope',
          what: 'securityhub:DescribeHub',
          code: 'InvalidAccessException',
          message: expect.stringMatching(/not subscribed/),
        },
      },
      { gap: { reason: 'off', what: 'securityhub:DescribeSecurityHubV2', code: 'ResourceNotFoundException' } },
    ]);
    expect(asked).toEqual(['/accounts', '/hubv2']);
  });

  it('is denied in a Region that a policy closes: every operation is a gap and none is off', async () => {
    const readings = await readAll(await serve(), sampleScope(claims, 'us-east-1'));
    expect(itemsOf(readings)).toEqual([]);
    expect(gapsOf(readings)).toEqual([
      'denied securityhub:DescribeHub',
      'denied securityhub:GetEnabledStandards',
      'denied securityhub:ListFindingAggregators',
      'denied securityhub:GetFindings',
      'denied securityhub:DescribeSecurityHubV2',
      'denied securityhub:ListAggregatorsV2',
      'denied securityhub:GetFindingsV2',
    ]);
  });

  it('is read on where only a question beside the findings is refused', async () => {
    const refused = () => awsError(403, 'AccessDeniedException', 'User is not authorized to perform securityhub:GetEnabledStandards');
    const readings = await readAll(await serve(but({ 'POST /standards/get': refused })), sampleScope(production, 'us-east-1'));
    expect(gapsOf(readings)).toEqual(['denied securityhub:GetEnabledStandards']);
    expect(itemsOf(readings, 'asff').length).toBeGreaterThan(15);
  });

  it('is asked again when throttled once, and a gap with the rest of the window when throttled for good', async () => {
    const throttled = awsError(429, 'ThrottlingException', 'Rate exceeded');
    let calls = 0;
    const once = await serve(but({ 'POST /findings': (_, given) => (calls++ === 0 ? throttled : given()) }));
    const fine = await readAll(once, sampleScope(production, 'us-east-1'));
    expect(gapsOf(fine)).toEqual([]);
    const always = await serve(
      but({ 'POST /findings': (request, given) => (stringAt(request.body, 'NextToken') === undefined ? given() : throttled) }),
      { scale: 12 },
    );
    const broken = await readAll(always, sampleScope(production, 'us-east-1'));
    const last = itemsOf(broken, 'asff').at(-1)?.text ?? '{}';
    expect(itemsOf(broken, 'asff')).toHaveLength(100);
    const gaps = broken.flatMap((reading) => ('gap' in reading ? [reading.gap] : []));
    expect(gaps[0]).toMatchObject({
      reason: 'throttled',
      extent: 'scope',
      what: 'securityhub:GetFindings',
      detail: { part: 'findings updated in the window', since: JSON.parse(last).UpdatedAt, until: '2026-11-11T00:00:00Z' },
    });
  }, 20_000);

  it('is malformed, with the hash of the bytes, where an answer is no JSON', async () => {
    const cut = '{"Findings":[{"Id":"x"';
    const readings = await readAll(
      await serve(but({ 'POST /findings': () => ({ status: 200, body: cut }) })),
      sampleScope(claims, 'eu-west-1'),
    );
    const gap = readings.flatMap((reading) => ('gap' in reading && reading.gap.what === 'securityhub:GetFindings' ? [reading.gap] : []))[0];
    expect(gap).toMatchObject({ reason: 'malformed', detail: { sha256: hash('sha256', cut) } });
  });

  it('names the controls of which it was not said whether they are on', async () => {
    const body = {
      StandardsControlAssociationDetails: [],
      UnprocessedAssociations: [{ StandardsControlAssociationId: {}, ErrorCode: 'ACCESS_DENIED' }],
    };
    const readings = await readAll(
      await serve(but({ 'POST /associations/batchGet': () => ({ status: 200, body }) })),
      sampleScope(production, 'us-east-1'),
    );
    expect(gapsOf(readings)).toEqual(['denied securityhub:BatchGetStandardsControlAssociations']);
  });
});

describe('page tokens of findings', () => {
  const stale = awsError(400, 'InvalidInputException', 'Invalid parameter: NextToken has expired');
  const scope = sampleScope(production, 'eu-west-1');
  const tokenOf = (request: SampleRequest) => stringAt(request.body, 'NextToken');

  it('that died are replaced by asking again from the last finding, so that none is missed', async () => {
    let seen = 0;
    const route: Route = (request, given) => (tokenOf(request) !== undefined && ++seen === 2 ? stale : given());
    const readings = await readAll(await serve(but({ 'POST /findings': route }), { scale: 12 }), scope);
    const whole = idsOf(await readAll(await serve(securityHubService, { scale: 12 }), scope), 'asff');
    expect(seen).toBeGreaterThan(2);
    expect(new Set(idsOf(readings, 'asff'))).toEqual(new Set(whole));
    expect(gapsOf(readings)).toEqual(['off securityhub:DescribeSecurityHubV2']);
  });

  it('that always die still let the reading get on, and one that gives the same page for ever is a gap', async () => {
    const dying = await serve(but({ 'POST /findings': (request, given) => (tokenOf(request) === undefined ? given() : stale) }), {
      scale: 12,
    });
    const whole = idsOf(await readAll(await serve(securityHubService, { scale: 12 }), scope), 'asff');
    expect(new Set(idsOf(await readAll(dying, scope), 'asff'))).toEqual(new Set(whole));
    const body = { Findings: [], NextToken: 'again' };
    const stuck = await readAll(await serve(but({ 'POST /findings': () => ({ status: 200, body }) })), scope);
    expect(gapsOf(stuck).filter((gap) => gap.includes('GetFindings'))[0]).toBe('unavailable securityhub:GetFindings');
  });
});

describe('aggregation of findings', () => {
  const FindingAggregatorArn = `arn:aws:securityhub:eu-west-1:${production}:finding-aggregator/1`;
  const aggregated = (Regions: string[], asked: string[]) =>
    but({
      'GET /findingAggregator/list': () => ({ status: 200, body: { FindingAggregators: [{ FindingAggregatorArn }] } }),
      [`GET /findingAggregator/get/${FindingAggregatorArn}`]: () => ({
        status: 200,
        body: { FindingAggregatorArn, FindingAggregationRegion: 'eu-west-1', RegionLinkingMode: 'SPECIFIED_REGIONS', Regions },
      }),
      'POST /findings': (request, given) => {
        asked.push(`${request.region} ${JSON.stringify(member(member(request.body, 'Filters'), 'Region') ?? null)}`);
        return given();
      },
    });

  it('asks the home Region only for a linked Region, and keeps the aggregator as a state', async () => {
    const asked: string[] = [];
    const readings = await readAll(await serve(aggregated(['us-east-1'], asked)), sampleScope(production, 'us-east-1'));
    expect(new Set(asked)).toEqual(new Set(['eu-west-1 [{"Value":"us-east-1","Comparison":"EQUALS"}]']));
    expect(itemsOf(readings, 'state').filter((item) => item.context['operation'] === 'GetFindingAggregator')).toHaveLength(1);
  });

  it('asks nothing twice where the plan reads the home Region too', async () => {
    const asked: string[] = [];
    const server = await serve(aggregated(['us-east-1'], asked));
    const plannedRegions = ['eu-west-1', 'us-east-1'];
    await readAll(server, { ...sampleScope(production, 'us-east-1'), plannedRegions });
    expect(asked).toEqual([]);
    await readAll(server, { ...sampleScope(production, 'eu-west-1'), plannedRegions });
    expect(new Set(asked)).toEqual(new Set(['eu-west-1 null']));
    await readAll(server, { ...sampleScope(production, 'us-east-1'), plannedRegions: ['us-east-1'] });
    expect(asked.at(-1)).toMatch(/^eu-west-1 .*us-east-1/);
  });

  it('asks its own Region for the home and for a Region that is not linked', async () => {
    const asked: string[] = [];
    const server = await serve(aggregated(['us-east-1'], asked));
    await readAll(server, sampleScope(production, 'eu-west-1'));
    await readAll(await serve(aggregated(['ap-south-1'], asked)), sampleScope(production, 'us-east-1'));
    expect(new Set(asked)).toEqual(new Set(['eu-west-1 null', 'us-east-1 null']));
  });
});
