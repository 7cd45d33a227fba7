// SPDX-License-Identifier: Apache-2.0

import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, describe, expect, it } from '@jest/globals';
import { isJsonObject, stringAt } from '../../src/evidence/json.ts';
import { noDeclarations } from '../../src/evidence/scope-file.ts';
import { type MemberRequest, openMemberSession } from '../../src/runtime/aws/member-session.ts';
import { organizationAccounts } from '../../src/runtime/aws/organization-accounts.ts';
import { regionGap } from '../../src/runtime/aws/region-status.ts';
import { sessionPolicy } from '../../src/runtime/aws/session-policy.ts';
import { organizationsService } from '../../src/sample/organizations.ts';
import { awsError, type SampleRequest, type SampleService } from '../../src/sample/sample-service.ts';
import { type SampleServer, startSampleServer } from '../../src/sample/server.ts';
import { stsService } from '../../src/sample/sts.ts';
import { type SampleWorld, sampleWorld } from '../../src/sample/world.ts';
import { createSources } from '../../src/sources/registry.ts';
import { tables } from '../support/pack-tables.ts';

const sources = createSources({ tables, declarations: noDeclarations });
const [home, member] = ['111122223333', '444455556666'];
const servers: SampleServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function serve(instead: Readonly<Record<string, SampleService>> = {}, world: SampleWorld = sampleWorld()) {
  const asked: SampleRequest[] = [];
  const watched =
    (service: SampleService): SampleService =>
    (request, of) => {
      asked.push(request);
      return (instead[request.operation] ?? service)(request, of);
    };
  const server = await startSampleServer(
    world,
    { sts: watched(stsService), organizations: watched(organizationsService) },
    { throttleOneIn: 0 },
  );
  servers.push(server);
  const clientConfig = { region: 'eu-west-1', endpoint: server.endpoint, credentials: server.credentials(home), maxAttempts: 1 };
  return { asked, clientConfig, endpoint: server.endpoint };
}

const macie = sources.get('macie') ?? { id: 'macie' as const, actions: [] };
const request = (clientConfig: MemberRequest['clientConfig'], more: Partial<MemberRequest> = {}): MemberRequest => ({
  partition: 'aws',
  account: member,
  roleName: 'AimsEvidenceRead',
  externalId: 'aims-evidence',
  source: macie,
  places: [],
  clientConfig,
  ...more,
});

describe('a session in a member account', () => {
  it('is that account, by its role, with the external id and exactly the actions of the source', async () => {
    const { asked, clientConfig, endpoint } = await serve();
    const session = await openMemberSession(request(clientConfig));
    if ('gap' in session) throw new Error(session.gap.message);
    expect(session).toMatchObject({
      roleArn: `arn:aws:iam::${member}:role/AimsEvidenceRead`,
      readAs: `arn:aws:sts::${member}:assumed-role/AimsEvidenceRead/aims-evidence-macie`,
    });
    const client = new STSClient({ region: 'eu-west-1', endpoint, credentials: session.credentials });
    expect((await client.send(new GetCallerIdentityCommand({}))).Account).toBe(member);
    const [assume] = asked.filter(({ operation }) => operation === 'AssumeRole');
    expect(assume?.body).toMatchObject({ ExternalId: 'aims-evidence', RoleSessionName: 'aims-evidence-macie', DurationSeconds: '3600' });
    const policy = JSON.parse(stringAt(assume?.body, 'Policy') ?? '');
    expect(policy.Statement).toEqual([{ Effect: 'Allow', Action: macie.actions, Resource: '*' }]);
  });

  it.each([
    ['another external id', { externalId: 'other' }],
    ['a role that is not there', { roleName: 'NoSuchRole' }],
    ['an account of another organisation', { account: '999999999999' }],
  ])('refused for %s is a gap that says what to deploy', async (_name, more) => {
    const { clientConfig } = await serve();
    const session = await openMemberSession(request(clientConfig, more));
    expect(session).toMatchObject({ gap: { reason: 'denied', extent: 'scope', what: 'sts:AssumeRole', message: /AimsEvidenceMember/ } });
  });

  it('is renewed before it ends, once for all who ask, and not before', async () => {
    let assumed = 0;
    const ending: SampleService = (asking, world) => {
      assumed++;
      const minutes = assumed === 1 ? 1 : 60;
      const answer = stsService(asking, world);
      const expiration = new Date(Date.now() + minutes * 60_000).toISOString();
      return { ...answer, body: String(answer.body).replace(/<Expiration>[^<]*/, `<Expiration>${expiration}`) };
    };
    const { clientConfig } = await serve({ AssumeRole: ending });
    const session = await openMemberSession(request(clientConfig));
    if ('gap' in session) throw new Error(session.gap.message);
    const given = await Promise.all([session.credentials(), session.credentials(), session.credentials()]);
    expect(assumed).toBe(2);
    expect(new Set(given).size).toBe(1);
    await session.credentials();
    expect(assumed).toBe(2);
  });

  it.each([
    ['goes on with what still holds', 1],
    ['fails as what it is when nothing holds', -1],
  ])('that cannot be renewed %s, and is tried again', async (_name, minutesLeft) => {
    let assumed = 0;
    const flaky: SampleService = (asking, world) => {
      assumed++;
      const broken = '<ErrorResponse><Error><Code>ServiceUnavailable</Code><Message>no</Message></Error></ErrorResponse>';
      if (assumed === 2) return { status: 503, body: broken };
      const answer = stsService(asking, world);
      const expiration = new Date(Date.now() + (assumed === 1 ? minutesLeft : 60) * 60_000).toISOString();
      return { ...answer, body: String(answer.body).replace(/<Expiration>[^<]*/, `<Expiration>${expiration}`) };
    };
    const { clientConfig } = await serve({ AssumeRole: flaky });
    const session = await openMemberSession(request(clientConfig));
    if ('gap' in session) throw new Error(session.gap.message);
    const asked = session.credentials();
    if (minutesLeft < 0) await expect(asked).rejects.toMatchObject({ name: 'ServiceUnavailable' });
    else expect((await asked).accessKeyId).not.toBe('');
    expect(assumed).toBe(2);
    await session.credentials();
    expect(assumed).toBe(3);
  });
});

describe('a session policy', () => {
  it('holds exactly the declared actions of each source, those on files only on the named places', () => {
    const places = [{ location: 's3://reports/prefix' }, { location: 's3://trail', keyArn: 'arn:aws:kms:eu-west-1:1:key/k' }];
    for (const source of sources.values()) {
      const text = sessionPolicy(source, places, 'aws') ?? '';
      expect(text.length).toBeLessThanOrEqual(2_048);
      const statements: { Action: string[]; Resource: string | string[] }[] = JSON.parse(text).Statement;
      expect(statements.flatMap(({ Action }) => Action).toSorted()).toEqual([...source.actions].toSorted());
      for (const { Action, Resource } of statements) {
        const onPlaces = Action.some((action) => /^(?:s3|kms):/.test(action));
        expect(Resource === '*').toBe(!onPlaces);
      }
      if (source.actions.includes('s3:GetObject')) expect(text).toContain('"arn:aws:s3:::reports/prefix*"');
    }
  });

  it('leaves out files and keys where no place is named', () => {
    for (const source of sources.values()) expect(sessionPolicy(source, [], 'aws')).not.toMatch(/"(?:s3|kms):/);
  });

  it('names whole buckets where prefixes do not fit, and is none where buckets do not either', () => {
    const source = sources.get('sagemaker-clarify') ?? macie;
    const prefixes = Array.from({ length: 60 }, (_, i) => ({ location: `s3://reports/team-${i}/monitoring/reports` }));
    expect(sessionPolicy(source, prefixes, 'aws')).toContain('"arn:aws:s3:::reports/*"');
    const buckets = Array.from({ length: 60 }, (_, i) => ({ location: `s3://reports-of-team-${i}-monitoring` }));
    expect(sessionPolicy(source, buckets, 'aws')).toBeNull();
  });
});

describe('accounts of an organisation', () => {
  it('are those that are active, from every page', async () => {
    const { clientConfig } = await serve();
    expect(await organizationAccounts(clientConfig, { organization: true })).toEqual({ accounts: [home, member], gaps: [] });
  });

  it('of a unit are those in it and in the units below, each asked once', async () => {
    const { asked, clientConfig } = await serve();
    const units = { organizationalUnits: ['ou-exmp-workload1', 'ou-exmp-aisystem1'] };
    expect(await organizationAccounts(clientConfig, units)).toEqual({ accounts: [member], gaps: [] });
    expect(asked.filter(({ operation }) => operation === 'ListAccountsForParent')).toHaveLength(2);
    expect((await organizationAccounts(clientConfig, { organizationalUnits: ['r-exmp'] })).accounts).toEqual([home, member]);
  });

  it('that nobody may list are a gap, and so is a unit that is not there', async () => {
    const { clientConfig } = await serve({ ListAccounts: () => awsError(400, 'AccessDeniedException', 'no') });
    expect(await organizationAccounts(clientConfig, { organization: true })).toMatchObject({
      accounts: [],
      gaps: [{ reason: 'denied', what: 'organizations:ListAccounts' }],
    });
    const missing = await organizationAccounts(clientConfig, { organizationalUnits: ['ou-none-none', 'ou-exmp-aisystem1'] });
    expect(missing.accounts).toEqual([member]);
    expect(missing.gaps[0]).toMatchObject({ code: 'ParentNotFoundException', detail: { parent: 'ou-none-none' } });
  });

  it('without a state that we know are gaps and not taken for inactive', async () => {
    const odd: SampleService = (asking, world) => {
      const { status, body } = organizationsService(asking, world);
      const accounts = isJsonObject(body as never)
        ? (body as { Accounts: { Id: string; State?: string; Status?: string }[] }).Accounts
        : [];
      const [first, ...rest] = accounts;
      const told = { ...first, State: undefined, Status: 'ACTIVE' };
      return { status, body: { Accounts: [told, { Id: '123456789012', State: 'HIBERNATING' }, ...rest] } as never };
    };
    const { clientConfig } = await serve({ ListAccounts: odd });
    const { accounts, gaps } = await organizationAccounts(clientConfig, { organization: true });
    expect(accounts).not.toContain(home);
    expect(gaps.map(({ reason, code, detail }) => [reason, code, detail['account'], detail['state']])).toEqual([
      ['unsupported', 'ACCOUNT_STATE_UNKNOWN', home, null],
      ['unsupported', 'ACCOUNT_STATE_UNKNOWN', '123456789012', 'HIBERNATING'],
    ]);
  });
});

describe('a Region', () => {
  const world = sampleWorld();
  const withOff = { ...world, accounts: world.accounts.map((one) => ({ ...one, offRegions: ['me-south-1'] })) };

  it('that takes our credentials is no gap, one that denies everything else neither', async () => {
    const { clientConfig, endpoint } = await serve();
    expect(await regionGap(clientConfig, { account: home, region: 'eu-west-1' })).toBeNull();
    const credentials = servers[0]?.credentials(member);
    expect(await regionGap({ endpoint, credentials }, { account: member, region: 'us-east-1' })).toBeNull();
  });

  it('that is not switched on is off, which is not denied', async () => {
    const { clientConfig } = await serve({}, withOff);
    expect(await regionGap(clientConfig, { account: home, region: 'me-south-1' })).toMatchObject({
      reason: 'off',
      extent: 'scope',
      what: 'region me-south-1',
      code: 'InvalidClientTokenId',
    });
    expect(await regionGap(clientConfig, { account: home, region: 'eu-west-1' })).toBeNull();
  });

  it('that cannot be reached is unavailable, and one that throttles is throttled', async () => {
    const nowhere = { ...(await serve()).clientConfig, endpoint: 'http://127.0.0.1:1' };
    expect(await regionGap(nowhere, { account: home, region: 'eu-west-1' })).toMatchObject({ reason: 'unavailable' });
    const throttling: SampleService = () => ({
      status: 400,
      body: '<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>',
    });
    const { clientConfig } = await serve({ GetCallerIdentity: throttling });
    expect(await regionGap(clientConfig, { account: home, region: 'eu-west-1' })).toMatchObject({ reason: 'throttled' });
  });
});
