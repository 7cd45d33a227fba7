// SPDX-License-Identifier: Apache-2.0
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { GetMacieSessionCommand, ListFindingsFiltersCommand, Macie2Client } from '@aws-sdk/client-macie2';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, describe, expect, it } from '@jest/globals';
import { macieService } from '../../src/sample/macie.ts';
import type { SampleRequest, SampleService } from '../../src/sample/sample-service.ts';
import { type SampleServer, startSampleServer } from '../../src/sample/server.ts';
import { stsService } from '../../src/sample/sts.ts';
import { sampleWorld } from '../../src/sample/world.ts';

const services = { macie2: macieService, sts: stsService };
const open: { close(): Promise<void> | void }[] = [];

async function start(more: Record<string, SampleService> = {}, throttleOneIn = 0): Promise<SampleServer> {
  const server = await startSampleServer(sampleWorld(), { ...services, ...more }, { throttleOneIn });
  open.push(server);
  return server;
}

type Make<Client> = new (config: {
  region: string;
  endpoint: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  maxAttempts: number;
}) => Client;

const [production, claims] = ['111122223333', '444455556666'];

function connect<Client extends { destroy(): void }>(
  Type: Make<Client>,
  server: SampleServer,
  account = production,
  region = 'eu-west-1',
): Client {
  const credentials = account === 'nobody' ? { accessKeyId: 'AKIANOBODYXXXEXAMPLE', secretAccessKey: 'x' } : server.credentials(account);
  const client = new Type({ region, endpoint: server.endpoint, credentials, maxAttempts: 3 });
  open.push({ close: () => client.destroy() });
  return client;
}

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

describe('the sample server', () => {
  it('tells a caller who it is by the key that signed', async () => {
    const server = await start();
    const asked = await connect(STSClient, server, claims).send(new GetCallerIdentityCommand({}));
    expect(asked).toMatchObject({ Account: claims, Arn: `arn:aws:sts::${claims}:assumed-role/aims-evidence-collector/sample` });
    expect((await connect(STSClient, server).send(new GetCallerIdentityCommand({}))).Account).toBe(production);
    expect(server.requests()).toBe(2);
  });

  it('refuses an unknown key in the words of each protocol', async () => {
    const server = await start({ s3: () => ({ status: 200, body: '' }) });
    await expect(connect(STSClient, server, 'nobody').send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: 'InvalidClientTokenId',
    });
    await expect(connect(Macie2Client, server, 'nobody').send(new GetMacieSessionCommand({}))).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
    });
    await expect(connect(S3Client, server, 'nobody').send(new ListObjectsV2Command({ Bucket: 'b' }))).rejects.toMatchObject({
      name: 'InvalidAccessKeyId',
    });
  });

  it('denies every call in a denied Region but who-am-I, as a service control policy does', async () => {
    const server = await start({ s3: () => ({ status: 200, body: '<ListBucketResult/>' }), cloudtrail: () => ({ status: 200, body: {} }) });
    const denied = { message: expect.stringContaining('with an explicit deny in a service control policy') };
    const macie = connect(Macie2Client, server, claims, 'us-east-1').send(new GetMacieSessionCommand({}));
    await expect(macie).rejects.toMatchObject({ name: 'AccessDeniedException', ...denied });
    const trail = (region: string) => connect(CloudTrailClient, server, claims, region).send(new LookupEventsCommand({}));
    await expect(trail('us-east-1')).rejects.toMatchObject({ name: 'AccessDeniedException', ...denied });
    await expect(trail('eu-west-1')).resolves.toBeDefined();
    const s3 = connect(S3Client, server, claims, 'us-east-1').send(new ListObjectsV2Command({ Bucket: 'b' }));
    await expect(s3).rejects.toMatchObject({ name: 'AccessDenied', ...denied });
    const identity = await connect(STSClient, server, claims, 'us-east-1').send(new GetCallerIdentityCommand({}));
    expect(identity.Account).toBe(claims);
  });

  it('decodes JSON, REST and S3 calls for the services', async () => {
    const seen: SampleRequest[] = [];
    const note: SampleService = (request) => {
      seen.push(request);
      return { status: 200, body: request.service === 's3' ? '<ListBucketResult/>' : {} };
    };
    const server = await start({ cloudtrail: note, macie2: note, s3: note });
    await connect(CloudTrailClient, server).send(new LookupEventsCommand({ MaxResults: 7 }));
    await connect(Macie2Client, server, claims, 'eu-west-1').send(new ListFindingsFiltersCommand({ maxResults: 5 }));
    await connect(S3Client, server).send(new ListObjectsV2Command({ Bucket: 'acme-bucket', Prefix: 'a b/' }));
    await connect(S3Client, server).send(new GetObjectCommand({ Bucket: 'acme-bucket', Key: 'a b/ü+1.json' }));
    expect(seen.map(({ service, operation, account, region, method }) => ({ service, operation, account, region, method }))).toEqual([
      { service: 'cloudtrail', operation: 'LookupEvents', account: production, region: 'eu-west-1', method: 'POST' },
      { service: 'macie2', operation: '', account: claims, region: 'eu-west-1', method: 'GET' },
      { service: 's3', operation: '', account: production, region: 'eu-west-1', method: 'GET' },
      { service: 's3', operation: '', account: production, region: 'eu-west-1', method: 'GET' },
    ]);
    expect(seen[0]?.body).toEqual({ MaxResults: 7 });
    expect(seen[1]?.path).toBe('/findingsfilters');
    expect(seen[1]?.query.get('maxResults')).toBe('5');
    expect(seen[2]?.path.replace(/\/$/, '')).toBe('/acme-bucket');
    expect(seen[2]?.query.get('prefix')).toBe('a b/');
    expect(seen[3]?.path).toBe('/acme-bucket/a b/ü+1.json');
  });

  it('throttles a share of calls at the first try, so that the SDK really retries', async () => {
    const server = await start({ s3: () => ({ status: 200, body: '<ListBucketResult><Name>b</Name></ListBucketResult>' }) }, 1);
    const answers = await Promise.all([
      connect(STSClient, server).send(new GetCallerIdentityCommand({})),
      connect(Macie2Client, server).send(new GetMacieSessionCommand({})),
      connect(S3Client, server).send(new ListObjectsV2Command({ Bucket: 'b' })),
    ]);
    expect(answers.map((answer) => answer.$metadata.attempts)).toEqual([2, 2, 2]);
    expect(server.requests()).toBe(6);
    const calm = await start();
    const answer = await connect(Macie2Client, calm).send(new GetMacieSessionCommand({}));
    expect(answer.$metadata.attempts).toBe(1);
  });

  it('gives the same request ids in a second run, and other ones to a repeated call', async () => {
    const ids = async () => {
      const client = connect(Macie2Client, await start());
      const answers = [await client.send(new GetMacieSessionCommand({})), await client.send(new GetMacieSessionCommand({}))];
      return answers.map((answer) => answer.$metadata.requestId);
    };
    const [first, second] = [await ids(), await ids()];
    expect(first).toEqual(second);
    expect(new Set(first).size).toBe(2);
    expect(first[0]).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  it('answers for a service that it does not have, for one that fails, and for what nobody signed', async () => {
    const failing: SampleService = () => {
      throw new Error('a fault of the sample');
    };
    const server = await start({ macie2: failing });
    await expect(connect(CloudTrailClient, server).send(new LookupEventsCommand({}))).rejects.toMatchObject({
      name: 'UnknownOperationException',
    });
    const client = connect(Macie2Client, server);
    await expect(client.send(new GetMacieSessionCommand({}))).rejects.toMatchObject({
      message: expect.stringContaining('a fault of the sample'),
    });
    const unsigned = await fetch(`${server.endpoint}/macie`);
    expect([unsigned.status, await unsigned.text()]).toEqual([403, expect.stringContaining('MissingAuthenticationToken')]);
    const odd = await fetch(`${server.endpoint}/macie`, { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } });
    expect(odd.status).toBe(400);
  });

  it('has no keys of an account outside the sample organisation', async () => {
    const server = await start();
    expect(() => server.credentials('999999999999')).toThrow(expect.objectContaining({ code: 'SAMPLE_ACCOUNT_UNKNOWN' }));
    expect(server.credentials(production).accessKeyId).toMatch(/^AKIA[0-9A-F]{9}EXAMPLE$/);
    expect(server.credentials(production)).not.toEqual(server.credentials(claims));
  });
});
