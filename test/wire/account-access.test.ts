// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accountAccess, sampleAccess } from '../../src/runtime/aws/account-access.ts';
import { inOpenRegions } from '../../src/runtime/aws/open-regions.ts';
import type { SampleService } from '../../src/sample/sample-service.ts';
import { type SampleServer, startSampleServer } from '../../src/sample/server.ts';
import { sampleServices } from '../../src/sample/services.ts';
import { stsService } from '../../src/sample/sts.ts';
import { sampleWorld } from '../../src/sample/world.ts';
import { refusedGap } from '../support/scripted-source.ts';

const place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };
const before = { ...process.env };
let server: SampleServer;

beforeAll(async () => {
  server = await startSampleServer(sampleWorld(), sampleServices, { throttleOneIn: 0 });
  const { accessKeyId, secretAccessKey } = server.credentials(place.account);
  const own = {
    AWS_ENDPOINT_URL_STS: server.endpoint,
    AWS_REGION: place.region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  };
  Object.assign(process.env, own);
});

afterAll(async () => {
  process.env = before;
  await server.close();
});

describe('connecting to an account', () => {
  it('reads the home’s own account with the function’s own role, and says as whom', async () => {
    const asked: string[] = [];
    const connect = accountAccess(async ({ account }) => {
      asked.push(account);
      return { gap: refusedGap('sts:AssumeRole') };
    });
    expect(await connect({ ...place, region: 'us-east-1' }, place)).toMatchObject({
      readAs: expect.stringContaining(`:${place.account}:assumed-role/`),
      connection: { region: 'us-east-1', channel: 'api', clientConfig: { region: 'us-east-1' } },
    });
    expect(asked).toEqual([]);
    expect(await connect({ ...place, account: '444455556666' }, place)).toMatchObject({ gap: { what: 'sts:AssumeRole' } });
    expect(asked).toEqual(['444455556666']);
  });

  it('reads each account of the sample organisation where it is served, and marks what it reads as a sample', async () => {
    const connected = await sampleAccess(server.endpoint)({ ...place, account: '444455556666' }, place);
    expect(connected).toMatchObject({
      readAs: expect.stringContaining(':444455556666:'),
      connection: { channel: 'sample', clientConfig: { endpoint: server.endpoint } },
    });
  });
});

describe('a Region of an account', () => {
  const world = sampleWorld();
  const withOff = { ...world, accounts: world.accounts.map((one) => ({ ...one, offRegions: ['me-south-1'] })) };

  async function serveOff() {
    const asked: string[] = [];
    const sts: SampleService = (request, of) => {
      asked.push(request.region);
      return stsService(request, of);
    };
    const off = await startSampleServer(withOff, { sts }, { throttleOneIn: 0 });
    return { off, asked };
  }

  it('that is off is one gap in place of a connection; one that is on is asked once in a while, the home’s own never', async () => {
    const { off, asked } = await serveOff();
    try {
      let time = 0;
      const connect = inOpenRegions(sampleAccess(off.endpoint), () => time);
      expect(await connect({ ...place, region: 'me-south-1' }, place)).toMatchObject({ gap: { reason: 'off', what: 'region me-south-1' } });
      const asking = async (region: string) => {
        const before = asked.length;
        expect(await connect({ ...place, region }, place)).toMatchObject({ connection: { region } });
        // Signing in asks the home's Region each time.
        return asked.slice(before).filter((one) => one !== place.region).length;
      };
      expect([await asking('us-east-1'), await asking('us-east-1'), await asking(place.region)]).toEqual([1, 0, 0]);
      time += 3_600_000;
      expect(await asking('us-east-1')).toBe(1);
    } finally {
      await off.close();
    }
  });

  it('that throttles is read all the same, and a role that refuses stays what it is', async () => {
    const refused = async () => ({ gap: refusedGap('sts:AssumeRole') });
    expect(await inOpenRegions(refused)({ ...place, region: 'us-east-1' }, place)).toEqual(await refused());
    const throttling: SampleService = () => ({
      status: 400,
      body: '<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>',
    });
    const busy = await startSampleServer(world, { sts: throttling }, { throttleOneIn: 0 });
    try {
      const clientConfig = { region: 'us-east-1', endpoint: busy.endpoint, credentials: busy.credentials(place.account) };
      const connected = { readAs: 'arn:x', connection: { region: 'us-east-1', clientConfig, channel: 'api' as const } };
      const access = inOpenRegions(async () => connected);
      expect(await access({ ...place, region: 'us-east-1' }, place)).toEqual(connected);
    } finally {
      await busy.close();
    }
  });
});
