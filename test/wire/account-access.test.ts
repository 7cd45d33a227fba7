// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accountAccess, sampleAccess } from '../../src/runtime/aws/account-access.ts';
import { type SampleServer, startSampleServer } from '../../src/sample/server.ts';
import { sampleServices } from '../../src/sample/services.ts';
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
