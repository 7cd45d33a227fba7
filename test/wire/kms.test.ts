// SPDX-License-Identifier: Apache-2.0
import { createHmac } from 'node:crypto';
import { KMSClient } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openCheckpoint } from '../../src/ledger/checkpoint.ts';
import { openKmsHomeSecret } from '../../src/ledger/kms-home-secret.ts';
import { openKmsSigner } from '../../src/ledger/kms-signer.ts';
import { parseNote, parseVerifierKey, signNote, verifyNote } from '../../src/ledger/note.ts';
import { seal } from '../../src/ledger/seal.ts';
import { verifyLedger } from '../../src/ledger/verify-ledger.ts';
import { type SampleServer, startSampleServer } from '../../src/sample/server.ts';
import { sampleWorld } from '../../src/sample/world.ts';
import { type FakeKeyState, FakeKms } from '../support/fake-kms.ts';
import { MemoryLedgerStore } from '../support/memory-ledger-store.ts';
import { MemoryVault } from '../support/memory-vault.ts';
import { segmentOf } from '../support/sealed-lines.ts';

const kms = new FakeKms();
let server: SampleServer;
let client: KMSClient;

beforeAll(async () => {
  server = await startSampleServer(sampleWorld(), { kms: kms.service }, { throttleOneIn: 0 });
  const credentials = server.credentials('111122223333');
  client = new KMSClient({ region: 'eu-west-1', endpoint: server.endpoint, credentials, maxAttempts: 2 });
});
afterAll(async () => {
  client.destroy();
  await server.close();
});

const signer = (keyArn: string, name?: string) => openKmsSigner({ client, keyArn, ...(name === undefined ? {} : { name }) });

describe('a signer over KMS', () => {
  it('signs notes that verify with its C2SP verifier key, as those of a key file do', async () => {
    const opened = await signer(kms.create('ECC_NIST_EDWARDS25519'));
    expect(opened.name).toMatch(/^aims-evidence\/[0-9a-f]{16}$/);
    const note = await signNote('text\n', [opened]);
    expect(verifyNote(note, [parseVerifierKey(opened.verifierKey)]).signedBy).toMatchObject([{ name: opened.name }]);
    expect(() => verifyNote(note.replace('text', 'test'), [parseVerifierKey(opened.verifierKey)])).toThrow('does not fit the text');
  });

  it('is the same signer each time it is opened, and another one for another key or name', async () => {
    const [one, other] = [kms.create('ECC_NIST_EDWARDS25519'), kms.create('ECC_NIST_EDWARDS25519')];
    expect((await signer(one)).verifierKey).toBe((await signer(one)).verifierKey);
    expect((await signer(other)).verifierKey).not.toBe((await signer(one)).verifierKey);
    expect((await signer(one, 'log.example/home')).verifierKey).toMatch(/^log\.example\/home\+/);
  });

  it('asks KMS for the public key once and for each signature once', async () => {
    const opened = await signer(kms.create('ECC_NIST_EDWARDS25519'));
    kms.asked.length = 0;
    await opened.sign(Buffer.from('a'));
    await opened.sign(Buffer.from('b'));
    expect(kms.asked).toEqual(['Sign', 'Sign']);
  });

  it('signs 4,096 bytes and refuses one more without asking', async () => {
    const opened = await signer(kms.create('ECC_NIST_EDWARDS25519'));
    expect(await opened.sign(Buffer.alloc(4_096))).toHaveLength(64);
    kms.asked.length = 0;
    await expect(opened.sign(Buffer.alloc(4_097))).rejects.toMatchObject({
      code: 'LEDGER_KEY_UNREADABLE',
      message: expect.stringContaining('at most 4096'),
    });
    expect(kms.asked).toEqual([]);
  });

  it('releases no signature that the public key does not verify', async () => {
    const arn = kms.create('ECC_NIST_EDWARDS25519', 'lying');
    const opened = await signer(arn);
    await expect(opened.sign(Buffer.from('a'))).rejects.toMatchObject({ code: 'LEDGER_KEY_WRONG' });
    kms.turn(arn, 'enabled');
    expect(await opened.sign(Buffer.from('a'))).toHaveLength(64);
  });

  it.each(['ECC_NIST_P256', 'SYMMETRIC_DEFAULT', 'HMAC_256'] as const)('refuses a key of spec %s', async (spec) => {
    const arn = kms.create(spec);
    await expect(signer(arn)).rejects.toMatchObject({ code: 'LEDGER_KEY_WRONG', message: expect.stringContaining(arn) });
  });
});

const faults: readonly [state: FakeKeyState, code: string, words: string][] = [
  ['denied', 'LEDGER_KEY_UNREADABLE', 'is denied: allow kms:'],
  ['disabled', 'LEDGER_KEY_UNREADABLE', 'is disabled: enable it'],
  ['pending-deletion', 'LEDGER_KEY_UNREADABLE', 'is pending deletion: cancel the deletion'],
  ['absent', 'LEDGER_KEY_UNREADABLE', 'there is no key'],
  ['throttled', 'LEDGER_UNAVAILABLE', 'ThrottlingException'],
  ['broken', 'LEDGER_UNAVAILABLE', 'KMSInternalException'],
];

describe('a key that cannot be used', () => {
  it.each(faults)('(%s) ends opening, signing and deriving with %s', async (state, code, words) => {
    const [signing, secret] = [kms.create('ECC_NIST_EDWARDS25519'), kms.create('HMAC_256')];
    const opened = await signer(signing);
    expect(await opened.sign(Buffer.from('a'))).toHaveLength(64);
    kms.turn(signing, state);
    kms.turn(secret, state);
    const expected = { code, message: expect.stringContaining(words) };
    await expect(opened.sign(Buffer.from('a'))).rejects.toMatchObject(expected);
    await expect(signer(signing)).rejects.toMatchObject(expected);
    await expect(openKmsHomeSecret({ client, keyArn: secret })).rejects.toMatchObject(expected);
  });

  it('says so where no credentials can be had, and where nobody answers', async () => {
    const keyArn = kms.create('ECC_NIST_EDWARDS25519');
    const unsigned = new KMSClient({
      region: 'eu-west-1',
      endpoint: server.endpoint,
      credentials: { accessKeyId: 'AKIANOBODY', secretAccessKey: 'x' },
      maxAttempts: 1,
    });
    await expect(openKmsSigner({ client: unsigned, keyArn })).rejects.toMatchObject({
      code: 'LEDGER_KEY_UNREADABLE',
      message: expect.stringContaining('does not accept the credentials'),
    });
    const nobody = new KMSClient({
      region: 'eu-west-1',
      endpoint: 'http://127.0.0.1:1',
      credentials: server.credentials('111122223333'),
      maxAttempts: 1,
    });
    await expect(openKmsSigner({ client: nobody, keyArn })).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
  });
});

describe('a home secret over KMS', () => {
  it('is the MAC of one constant message: the same for every process, another one for another key', async () => {
    const [one, other] = [kms.create('HMAC_256'), kms.create('HMAC_256')];
    const first = await openKmsHomeSecret({ client, keyArn: one });
    const expected = createHmac('sha256', kms.keys.get(one)?.secret ?? '')
      .update('aims-evidence/home-secret/1')
      .digest();
    expect(first.export()).toEqual(expected);
    expect((await openKmsHomeSecret({ client, keyArn: one })).equals(first)).toBe(true);
    expect((await openKmsHomeSecret({ client, keyArn: other })).equals(first)).toBe(false);
  });

  it('comes from no key of another kind', async () => {
    await expect(openKmsHomeSecret({ client, keyArn: kms.create('ECC_NIST_EDWARDS25519') })).rejects.toMatchObject({
      code: 'LEDGER_KEY_WRONG',
    });
  });
});

describe('sealing with KMS', () => {
  it('signs the first checkpoint after a replaced key with both keys, and the next with the new one alone', async () => {
    const vault = new MemoryVault();
    const store = new MemoryLedgerStore();
    const [old, next] = [await signer(kms.create('ECC_NIST_EDWARDS25519')), await signer(kms.create('ECC_NIST_EDWARDS25519'))];
    const put = async (name: string) => {
      const segment = await segmentOf(name);
      await vault.put(segment.key, segment.bytes);
    };
    await put('a');
    await seal({ vault, store, signer: old });
    await put('b');
    const both = await seal({ vault, store, signer: next, previousSigner: old });
    await put('c');
    const alone = await seal({ vault, store, signer: next, previousSigner: old });
    const names = (note: string | undefined) => parseNote(note ?? '').signatures.map(({ name }) => name);
    expect(names(both.checkpoint?.note)).toEqual([next.name, old.name]);
    expect(names(alone.checkpoint?.note)).toEqual([next.name]);
    for (const key of [old, next]) expect(openCheckpoint(both.checkpoint?.note ?? '', [parseVerifierKey(key.verifierKey)]).size).toBe(2);
    const verifierKeys = [next.verifierKey, old.verifierKey];
    expect(await verifyLedger(store, { verifierKeys })).toMatchObject({ problems: [], newest: { size: 3 } });
    expect((await verifyLedger(store, { verifierKeys: [next.verifierKey] })).problems).toMatchObject([
      { kind: 'signature', item: 'checkpoint 1' },
    ]);
  });

  it('signs nothing with a key that was disabled, moves nothing back, and goes on when it is enabled', async () => {
    const vault = new MemoryVault();
    const store = new MemoryLedgerStore();
    const arn = kms.create('ECC_NIST_EDWARDS25519');
    const parts = { vault, store, signer: await signer(arn) };
    const segment = await segmentOf('a');
    await vault.put(segment.key, segment.bytes);
    kms.turn(arn, 'disabled');
    await expect(seal(parts)).rejects.toMatchObject({ code: 'LEDGER_KEY_UNREADABLE' });
    expect(store.checkpoints).toEqual([]);
    expect(store.head?.size).toBe(1);
    kms.turn(arn, 'enabled');
    expect(await seal(parts)).toMatchObject({ added: 0, checkpoint: { checkpoint: { size: 1 } } });
    expect(store.checkpoints).toHaveLength(1);
  });
});
