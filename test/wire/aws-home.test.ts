// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AwsHome } from '../../src/runtime/aws/aws-home.ts';
import type { AwsHomeNames } from '../../src/runtime/aws/aws-home-names.ts';
import { type SampleServer, startSampleServer } from '../../src/sample/server.ts';
import { sampleWorld } from '../../src/sample/world.ts';
import { FakeKms } from '../support/fake-kms.ts';

const kms = new FakeKms();
let server: SampleServer;
let names: AwsHomeNames;

beforeAll(async () => {
  server = await startSampleServer(sampleWorld(), { kms: kms.service }, { throttleOneIn: 0 });
  names = {
    bucket: 'evidence',
    vaultKeyArn: null,
    lockMode: 'GOVERNANCE',
    retentionDays: 30,
    table: 'index',
    signingKeyArn: kms.create('ECC_NIST_EDWARDS25519'),
    previousSigningKeyArn: null,
    secretKeyArn: kms.create('HMAC_256'),
    kind: 'real',
  };
});
afterAll(() => server.close());

function open(more: Partial<AwsHomeNames> = {}): AwsHome {
  kms.asked.length = 0;
  const credentials = server.credentials('111122223333');
  return new AwsHome({ ...names, ...more }, { region: 'eu-west-1', endpoint: server.endpoint, credentials, maxAttempts: 1 });
}

describe('a home in AWS', () => {
  it('derives its secret and reads its public key when first asked, and once per process', async () => {
    const home = open();
    expect(kms.asked).toEqual([]);
    const secrets = await Promise.all([home.secret(), home.secret()]);
    expect(secrets[0]).toBe(secrets[1]);
    expect(await home.signer()).toBe(await home.signer());
    expect(kms.asked).toEqual(['GenerateMac', 'GetPublicKey']);
    home.close();
  });

  it('tries again after a failure: a throttled start does not spoil the process', async () => {
    const secretKeyArn = kms.create('HMAC_256', 'throttled');
    const home = open({ secretKeyArn });
    await expect(home.secret()).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
    kms.turn(secretKeyArn, 'enabled');
    expect((await home.secret()).export()).toHaveLength(32);
    home.close();
  });

  it('has no part whose name its function was not given, and says which variable that is', async () => {
    const home = open({ signingKeyArn: null, secretKeyArn: null, table: null });
    const refused = (variable: string) => ({ code: 'HOME_NAMES_INVALID', message: expect.stringContaining(variable) });
    await expect(home.signer()).rejects.toMatchObject(refused('AIMS_SIGNING_KEY_ARN'));
    await expect(home.secret()).rejects.toMatchObject(refused('AIMS_SECRET_KEY_ARN'));
    await expect(home.index()).rejects.toMatchObject(refused('AIMS_TABLE'));
    expect(() => home.ledger).toThrow(expect.objectContaining(refused('AIMS_TABLE')));
    expect(home.vault).toBe(home.vault);
    expect(kms.asked).toEqual([]);
    home.close();
  });

  it('has a second signer only while its key is being replaced', async () => {
    const alone = open();
    expect(await alone.previousSigner()).toBeNull();
    const previousSigningKeyArn = kms.create('ECC_NIST_EDWARDS25519');
    const replacing = open({ previousSigningKeyArn });
    expect((await replacing.previousSigner())?.verifierKey).not.toBe((await replacing.signer()).verifierKey);
    for (const home of [alone, replacing]) home.close();
  });
});
