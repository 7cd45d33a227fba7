// SPDX-License-Identifier: Apache-2.0
import { createPublicKey, verify } from 'node:crypto';
import {
  CreateKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  GetPublicKeyCommand,
  type KeySpec,
  KMSClient,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openKmsHomeSecret } from '../../../src/ledger/kms-home-secret.ts';
import { openKmsSigner } from '../../../src/ledger/kms-signer.ts';
import { parseNote, parseVerifierKey, verifyNote } from '../../../src/ledger/note.ts';
import { seal } from '../../../src/ledger/seal.ts';
import { verifyLedger } from '../../../src/ledger/verify-ledger.ts';
import { MemoryLedgerStore } from '../../support/memory-ledger-store.ts';
import { MemoryVault } from '../../support/memory-vault.ts';
import { segmentOf } from '../../support/sealed-lines.ts';
import { type RunningServer, startServer } from '../servers/start-server.ts';

let server: RunningServer;
let client: KMSClient;

beforeAll(async () => {
  server = await startServer('ministack');
  client = new KMSClient({ region: 'eu-west-1', endpoint: server.endpoint, credentials: server.credentials });
}, 600_000);
afterAll(async () => {
  client?.destroy();
  await server?.stop();
});

async function create(spec: KeySpec): Promise<string> {
  const usage = spec === 'HMAC_256' ? 'GENERATE_VERIFY_MAC' : 'SIGN_VERIFY';
  const { KeyMetadata: made } = await client.send(new CreateKeyCommand({ KeySpec: spec, KeyUsage: usage }));
  if (made?.Arn === undefined) throw new Error('the server made no key');
  return made.Arn;
}

describe('a key of KMS', () => {
  it('signs what node:crypto verifies with the public key that KMS shows, byte for byte Ed25519', async () => {
    const keyArn = await create('ECC_NIST_EDWARDS25519');
    const signer = await openKmsSigner({ client, keyArn });
    const message = Buffer.from('aims-evidence\n1\n');
    const signature = await signer.sign(message);
    expect(signature).toHaveLength(64);
    const { PublicKey: der } = await client.send(new GetPublicKeyCommand({ KeyId: keyArn }));
    const shown = createPublicKey({ key: Buffer.from(der ?? []), format: 'der', type: 'spki' });
    expect(verify(null, message, shown, signature)).toBe(true);
    expect(verify(null, Buffer.from('aims-evidence\n2\n'), shown, signature)).toBe(false);
    expect(parseVerifierKey(signer.verifierKey).publicKey.equals(shown)).toBe(true);
  });

  it('of another kind is refused', async () => {
    await expect(openKmsSigner({ client, keyArn: await create('ECC_NIST_P256') })).rejects.toMatchObject({ code: 'LEDGER_KEY_WRONG' });
  });

  it('that is disabled or pending deletion signs nothing, and says which of the two', async () => {
    const keyArn = await create('ECC_NIST_EDWARDS25519');
    const signer = await openKmsSigner({ client, keyArn });
    await client.send(new DisableKeyCommand({ KeyId: keyArn }));
    await expect(signer.sign(Buffer.from('a'))).rejects.toMatchObject({
      code: 'LEDGER_KEY_UNREADABLE',
      message: expect.stringContaining('is disabled'),
    });
    await client.send(new EnableKeyCommand({ KeyId: keyArn }));
    expect(await signer.sign(Buffer.from('a'))).toHaveLength(64);
    await client.send(new ScheduleKeyDeletionCommand({ KeyId: keyArn, PendingWindowInDays: 7 }));
    await expect(signer.sign(Buffer.from('a'))).rejects.toMatchObject({
      code: 'LEDGER_KEY_UNREADABLE',
      message: expect.stringContaining('pending deletion'),
    });
  });

  it('that does not exist is named', async () => {
    const keyArn = 'arn:aws:kms:eu-west-1:000000000000:key/00000000-0000-4000-8000-000000000000';
    await expect(openKmsSigner({ client, keyArn })).rejects.toMatchObject({
      code: 'LEDGER_KEY_UNREADABLE',
      message: expect.stringContaining(keyArn),
    });
  });

  it('derives one home secret for every process', async () => {
    const keyArn = await create('HMAC_256');
    const secret = await openKmsHomeSecret({ client, keyArn });
    expect(secret.export()).toHaveLength(32);
    expect((await openKmsHomeSecret({ client, keyArn })).equals(secret)).toBe(true);
    expect((await openKmsHomeSecret({ client, keyArn: await create('HMAC_256') })).equals(secret)).toBe(false);
  });
});

describe('a replaced key of KMS', () => {
  it('signs the first new checkpoint together with the new key, and every signature verifies', async () => {
    const [vault, store] = [new MemoryVault(), new MemoryLedgerStore()];
    const old = await openKmsSigner({ client, keyArn: await create('ECC_NIST_EDWARDS25519') });
    const next = await openKmsSigner({ client, keyArn: await create('ECC_NIST_EDWARDS25519') });
    const put = async (name: string) => {
      const segment = await segmentOf(name);
      await vault.put(segment.key, segment.bytes);
    };
    await put('a');
    await seal({ vault, store, signer: old });
    await put('b');
    const { checkpoint } = await seal({ vault, store, signer: next, previousSigner: old });
    const note = checkpoint?.note ?? '';
    const { text, signatures } = parseNote(note);
    expect(signatures.map(({ name }) => name)).toEqual([next.name, old.name]);
    for (const [i, signer] of [next, old].entries()) {
      const { publicKey } = parseVerifierKey(signer.verifierKey);
      expect(verify(null, Buffer.from(text), publicKey, signatures[i]?.signature ?? Buffer.alloc(0))).toBe(true);
      expect(verifyNote(note, [parseVerifierKey(signer.verifierKey)]).signedBy).toHaveLength(1);
    }
    await put('c');
    const alone = await seal({ vault, store, signer: next, previousSigner: old });
    expect(parseNote(alone.checkpoint?.note ?? '').signatures.map(({ name }) => name)).toEqual([next.name]);
    expect(await verifyLedger(store, { verifierKeys: [next.verifierKey, old.verifierKey] })).toMatchObject({ problems: [] });
  });
});
