// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  PutObjectCommand,
  PutObjectRetentionCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from '@jest/globals';
import { S3LedgerStore } from '../../../src/ledger/s3-ledger-store.ts';
import { seal } from '../../../src/ledger/seal.ts';
import type { Signer } from '../../../src/ledger/signer.ts';
import { verifyLedger } from '../../../src/ledger/verify-ledger.ts';
import { verifyVault } from '../../../src/ledger/verify-vault.ts';
import { protectionMetadata } from '../../../src/vault/s3-protection.ts';
import { S3Vault } from '../../../src/vault/s3-vault.ts';
import { listHistories } from '../../../src/vault/s3-versions.ts';
import { segmentOf } from '../../support/sealed-lines.ts';
import { testSigner } from '../../support/test-signer.ts';
import { headTables } from './head-tables.ts';
import { type LockedBucket, lockedBucket, lockServers } from './s3-servers.ts';

const newHead = headTables();

async function sealedHome(bucket: LockedBucket) {
  const vaultPlace = bucket.place('vault');
  const ledgerPlace = bucket.place('ledger');
  const vault = new S3Vault(vaultPlace);
  const segments = await Promise.all(['a', 'b', 'c', 'd'].map((name) => segmentOf(name)));
  for (const { key, bytes } of segments) await vault.put(key, bytes);
  const head = (await newHead()).open();
  const store = new S3LedgerStore({ ...ledgerPlace, head });
  const signer: Signer = testSigner('log.example/s3');
  await seal({ vault, store, signer });
  const again = () => ({ vault: new S3Vault(vaultPlace), store: new S3LedgerStore({ ...ledgerPlace, head }), signer });
  return { vaultPlace, ledgerPlace, again, segments: segments.toSorted((one, other) => (one.key < other.key ? -1 : 1)) };
}

for (const server of lockServers) {
  const bucket = lockedBucket(server);

  describe(`what was put on top of evidence on ${server}`, () => {
    it('hides and changes nothing in the vault, and verification names it', async () => {
      const { vaultPlace, again, segments } = await sealedHome(bucket);
      const [hidden, covered, equal, repeated] = segments;
      if (hidden === undefined || covered === undefined || equal === undefined || repeated === undefined) throw new Error('no segments');
      const object = (key: string) => ({ Bucket: vaultPlace.bucket, Key: `${vaultPlace.prefix}${key}` });
      expect((await verifyVault(again().vault, again().store, { records: true })).problems).toEqual([]);
      await vaultPlace.client.send(new DeleteObjectCommand(object(hidden.key)));
      await vaultPlace.client.send(new PutObjectCommand({ ...object(covered.key), Body: 'something else' }));
      await vaultPlace.client.send(new PutObjectCommand({ ...object(equal.key), Body: equal.bytes }));
      // As a collector puts it again on a server that ignores the condition.
      const until = new Date(Date.now() + 40 * 86_400_000);
      const locked = {
        ObjectLockMode: 'GOVERNANCE',
        ObjectLockRetainUntilDate: until,
        Metadata: protectionMetadata('GOVERNANCE', until),
      } as const;
      await vaultPlace.client.send(new PutObjectCommand({ ...object(repeated.key), Body: repeated.bytes, ...locked }));
      const { vault, store } = again();
      for (const { key, bytes } of segments) {
        expect(Buffer.from(await vault.get(key))).toEqual(Buffer.from(bytes));
        expect(await vault.has(key)).toBe(true);
      }
      const { checked, problems } = await verifyVault(vault, store, { records: true });
      expect(checked).toMatchObject({ segments: 4, records: 8 });
      expect(problems).toEqual([
        { kind: 'disturbed', what: 'hidden', item: hidden.key, reason: expect.stringContaining('delete marker') },
        { kind: 'disturbed', what: 'covered', item: covered.key, reason: expect.stringContaining('newer version') },
        { kind: 'disturbed', what: 'covered', item: equal.key, reason: expect.stringContaining('same bytes and no retention') },
      ]);
      // A collector that puts again what it put is accepted as ever.
      for (const { key, bytes } of segments) await vault.put(key, bytes);
      await expect(vault.put(covered.key, Buffer.from('something else'))).rejects.toMatchObject({ code: 'VAULT_KEY_TAKEN' });
      for (const { key, bytes } of segments) expect(Buffer.from(await vault.get(key))).toEqual(Buffer.from(bytes));
    });

    it('does not keep a hidden segment out of the ledger, and the seal names it', async () => {
      const { vaultPlace, again } = await sealedHome(bucket);
      const late = await segmentOf('late');
      const { vault, store, signer } = again();
      await vault.put(late.key, late.bytes);
      await vaultPlace.client.send(new DeleteObjectCommand({ Bucket: vaultPlace.bucket, Key: `${vaultPlace.prefix}${late.key}` }));
      const outcome = await seal({ vault, store, signer }, { prefixes: ['written=2026-11-21/'] });
      expect(outcome).toMatchObject({ added: 1, damaged: [], disturbed: [{ key: late.key }] });
    });

    it('changes nothing in the ledger: it verifies but for the disturbance, which is named, and sealing goes on', async () => {
      const { ledgerPlace, again } = await sealedHome(bucket);
      const { client, bucket: Bucket } = ledgerPlace;
      const pins = { verifierKeys: [again().signer.verifierKey] };
      expect((await verifyLedger(again().store, pins)).problems).toEqual([]);
      const touched: string[] = [];
      for await (const { key } of listHistories(ledgerPlace, '')) {
        const object = { Bucket, Key: `${ledgerPlace.prefix}${key}` };
        touched.push(key);
        if (touched.length % 2 === 1) await client.send(new DeleteObjectCommand(object));
        else await client.send(new PutObjectCommand({ ...object, Body: 'forged' }));
      }
      expect(touched.length).toBeGreaterThan(3);
      const { vault, store, signer } = again();
      const named = touched.map((path, i) => ({
        kind: 'disturbed',
        what: i % 2 === 0 ? 'hidden' : 'covered',
        item: `ledger/${path}`,
        reason: expect.stringContaining(i % 2 === 0 ? 'delete marker' : 'newer version'),
      }));
      expect((await verifyLedger(store, pins)).problems).toEqual(named);
      const late = await segmentOf('late');
      await vault.put(late.key, late.bytes);
      expect(await seal({ vault, store, signer })).toMatchObject({ added: 1, checkpoint: { checkpoint: { size: 5 } } });
      expect((await verifyLedger(again().store, pins)).problems).toEqual(named);
    });

    it('hides nothing either where it is encrypted with a key that nobody else has', async () => {
      const { vaultPlace, again, segments } = await sealedHome(bucket);
      const [one] = segments;
      if (one === undefined) throw new Error('no segments');
      const object = { Bucket: vaultPlace.bucket, Key: `${vaultPlace.prefix}${one.key}` };
      const key = Buffer.alloc(32, 7);
      const own = {
        SSECustomerAlgorithm: 'AES256',
        SSECustomerKey: key.toString('base64'),
        SSECustomerKeyMD5: hash('md5', key, 'base64'),
      };
      await vaultPlace.client.send(new PutObjectCommand({ ...object, Body: Buffer.alloc(one.bytes.length), ...own }));
      await expect(vaultPlace.client.send(new GetObjectCommand(object))).rejects.toMatchObject({ $metadata: { httpStatusCode: 400 } });
      const { vault, store } = again();
      expect(Buffer.from(await vault.get(one.key))).toEqual(Buffer.from(one.bytes));
      expect(await vault.has(one.key)).toBe(true);
      const { checked, problems } = await verifyVault(vault, store, { records: true });
      expect(checked).toMatchObject({ segments: 4, records: 8 });
      expect(problems).toEqual([
        { kind: 'disturbed', what: 'covered', item: one.key, reason: expect.stringContaining('cannot be compared') },
      ]);
    });

    it('is listed whatever its key, and is foreign', async () => {
      const { vaultPlace, again, segments } = await sealedHome(bucket);
      const names = ['a b', 'a+b', 'a%2Bb', 'ä/ö', 'control\u0001', 'emoji 🧾', "quote'&<>"];
      for (const name of names) {
        await vaultPlace.client.send(new PutObjectCommand({ Bucket: vaultPlace.bucket, Key: `${vaultPlace.prefix}${name}`, Body: 'x' }));
      }
      const { vault, store } = again();
      const { problems } = await verifyVault(vault, store);
      expect(problems.map(({ kind, item }) => `${kind} ${item}`).sort()).toEqual(names.map((name) => `foreign ${name}`).sort());
      expect(segments.length).toBe(4);
    });
  });

  describe(`retention that somebody took away on ${server}`, () => {
    it('is noticed when the segment is read', async () => {
      const { vaultPlace, again, segments } = await sealedHome(bucket);
      const { client, bucket: Bucket } = vaultPlace;
      const [shorter, longer] = segments;
      if (shorter === undefined || longer === undefined) throw new Error('no segments');
      const until = (days: number) => ({ Mode: 'GOVERNANCE' as const, RetainUntilDate: new Date(Date.now() + days * 86_400_000) });
      const change = (key: string, days: number) =>
        client.send(
          new PutObjectRetentionCommand({
            Bucket,
            Key: `${vaultPlace.prefix}${key}`,
            Retention: until(days),
            BypassGovernanceRetention: true,
          }),
        );
      await change(longer.key, 90);
      await change(shorter.key, 2);
      const { vault, store } = again();
      expect((await verifyVault(vault, store)).problems).toEqual([
        { kind: 'disturbed', what: 'unprotected', item: shorter.key, reason: expect.stringContaining('now only until') },
      ]);
    });

    it('and then the segment itself, is missing evidence, not expired', async () => {
      const { vaultPlace, again, segments } = await sealedHome(bucket);
      const { client, bucket: Bucket } = vaultPlace;
      const key = segments[0]?.key ?? '';
      for await (const history of listHistories(vaultPlace, key)) {
        const Objects = [{ Key: `${vaultPlace.prefix}${key}`, VersionId: history.oldest?.versionId ?? '' }];
        await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects }, BypassGovernanceRetention: true }));
      }
      const { vault, store } = again();
      const missing = { kind: 'missing', item: key };
      expect((await verifyVault(vault, store, { expiredBefore: '2026-11-21' })).problems).toMatchObject([missing]);
      const after = await verifyVault(vault, store, { expiredBefore: '2026-11-22' });
      expect(after).toMatchObject({ problems: [], checked: { segments: 3, expired: 1 } });
    });
  });
}
