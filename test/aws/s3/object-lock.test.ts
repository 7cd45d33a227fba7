// SPDX-License-Identifier: Apache-2.0
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectRetentionCommand,
  ListObjectVersionsCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  PutObjectRetentionCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from '@jest/globals';
import type { S3Place, S3Retention } from '../../../src/vault/s3-place.ts';
import { S3Vault } from '../../../src/vault/s3-vault.ts';
import type { Segment } from '../../../src/vault/segment.ts';
import { segmentOf } from '../../support/sealed-lines.ts';
import { type LockedBucket, lockedBucket, lockServers } from './s3-servers.ts';

const refused = { $metadata: { httpStatusCode: 403 } };
const dayMs = 86_400_000;

/** A segment that was put with retention, its version, and what to ask of S3 about it. */
interface Kept {
  readonly place: S3Place;
  readonly vault: S3Vault;
  readonly segment: Segment;
  readonly object: { readonly Bucket: string; readonly Key: string; readonly VersionId: string };
}

async function kept(bucket: LockedBucket, mode: S3Retention['mode']): Promise<Kept> {
  const place: S3Place = { ...bucket.place('vault'), retention: { mode, days: 30 } };
  const vault = new S3Vault(place);
  const segment = await segmentOf('kept');
  await vault.put(segment.key, segment.bytes);
  const Key = `${place.prefix}${segment.key}`;
  const { Versions } = await place.client.send(new ListObjectVersionsCommand({ Bucket: place.bucket, Prefix: Key }));
  expect(Versions).toHaveLength(1);
  return { place, vault, segment, object: { Bucket: place.bucket, Key, VersionId: Versions?.[0]?.VersionId ?? '' } };
}

async function retentionOf({ place, object }: Kept) {
  return (await place.client.send(new GetObjectRetentionCommand(object))).Retention;
}

/** What was put is there, as it was, and kept as long as it was to be. */
async function expectUntouched(one: Kept, mode: S3Retention['mode']): Promise<void> {
  expect(Buffer.from(await one.vault.get(one.segment.key))).toEqual(Buffer.from(one.segment.bytes));
  const { Mode, RetainUntilDate } = (await retentionOf(one)) ?? {};
  expect(Mode).toBe(mode);
  expect((RetainUntilDate?.getTime() ?? 0) - Date.now()).toBeGreaterThan(30 * dayMs);
  for await (const entry of one.vault.list('')) expect(entry).toEqual({ key: one.segment.key, bytes: one.segment.bytes.length });
}

const later = (days: number) => new Date(Math.ceil(Date.now() / 1_000) * 1_000 + days * dayMs);

for (const server of lockServers) {
  const bucket = lockedBucket(server);

  describe.each(['GOVERNANCE', 'COMPLIANCE'] as const)(`a segment kept in mode %s on ${server}`, (mode) => {
    it('is not deleted, by its version or in a batch; an object without retention is', async () => {
      const one = await kept(bucket, mode);
      const { client } = one.place;
      await expect(client.send(new DeleteObjectCommand(one.object))).rejects.toMatchObject(refused);
      const { Bucket, Key, VersionId } = one.object;
      const batch = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key, VersionId }] } }));
      expect(batch).toMatchObject({ Errors: [{ Key, Code: 'AccessDenied' }] });
      await expectUntouched(one, mode);

      const plain = { Bucket, Key: `${one.place.prefix}plain` };
      const put = await client.send(new PutObjectCommand({ ...plain, Body: 'x' }));
      const { VersionId: plainVersion = '' } = put;
      await client.send(new DeleteObjectCommand({ ...plain, VersionId: plainVersion }));
      expect((await client.send(new ListObjectVersionsCommand({ Bucket, Prefix: plain.Key }))).Versions ?? []).toEqual([]);
    });

    it('is not kept shorter; longer it is', async () => {
      const one = await kept(bucket, mode);
      const { client } = one.place;
      const shorter = { Retention: { Mode: mode, RetainUntilDate: later(1) } };
      await expect(client.send(new PutObjectRetentionCommand({ ...one.object, ...shorter }))).rejects.toMatchObject(refused);
      await expectUntouched(one, mode);
      const until = later(60);
      await client.send(new PutObjectRetentionCommand({ ...one.object, Retention: { Mode: mode, RetainUntilDate: until } }));
      expect((await retentionOf(one))?.RetainUntilDate).toEqual(until);
    });

    it('is not overwritten: a newer version leaves the evidence as it was', async () => {
      const one = await kept(bucket, mode);
      const { Bucket, Key } = one.object;
      await one.place.client.send(new PutObjectCommand({ Bucket, Key, Body: 'other bytes' }));
      expect(Buffer.from(await one.vault.get(one.segment.key))).toEqual(Buffer.from(one.segment.bytes));
      expect(await retentionOf(one)).toMatchObject({ Mode: mode });
    });
  });

  describe(`a segment kept in mode COMPLIANCE on ${server}`, () => {
    it('is not moved to GOVERNANCE, nor by a call that bypasses governance deleted or kept shorter', async () => {
      const one = await kept(bucket, 'COMPLIANCE');
      const { client } = one.place;
      const BypassGovernanceRetention = true;
      for (const Retention of [
        { Mode: 'GOVERNANCE', RetainUntilDate: later(60) },
        { Mode: 'COMPLIANCE', RetainUntilDate: later(1) },
      ] as const) {
        const change = { ...one.object, Retention };
        await expect(client.send(new PutObjectRetentionCommand(change))).rejects.toMatchObject(refused);
        await expect(client.send(new PutObjectRetentionCommand({ ...change, BypassGovernanceRetention }))).rejects.toMatchObject(refused);
      }
      await expect(client.send(new DeleteObjectCommand({ ...one.object, BypassGovernanceRetention }))).rejects.toMatchObject(refused);
      await expectUntouched(one, 'COMPLIANCE');
    });
  });
}

// LocalStack evaluates no bucket policy, so Ceph alone can tell.
describe('where the bucket policy denies s3:BypassGovernanceRetention, on ceph-rgw', () => {
  const bucket = lockedBucket('ceph-rgw');
  const bypass = { BypassGovernanceRetention: true };

  it('a segment in mode GOVERNANCE could be deleted by a bypass, and is not once the policy stands', async () => {
    const before = await kept(bucket, 'GOVERNANCE');
    await before.place.client.send(new DeleteObjectCommand({ ...before.object, ...bypass }));
    await expect(before.vault.get(before.segment.key)).rejects.toMatchObject({ code: 'VAULT_KEY_ABSENT' });
    await bucket.client().send(new PutBucketPolicyCommand({ Bucket: bucket.name, Policy: denyBypass(bucket.name) }));
    const after = await kept(bucket, 'GOVERNANCE');
    await expect(after.place.client.send(new DeleteObjectCommand({ ...after.object, ...bypass }))).rejects.toMatchObject(refused);
    const shorter = { Retention: { Mode: 'GOVERNANCE' as const, RetainUntilDate: later(1) } };
    const change = { ...after.object, ...shorter, ...bypass };
    await expect(after.place.client.send(new PutObjectRetentionCommand(change))).rejects.toMatchObject(refused);
    await expectUntouched(after, 'GOVERNANCE');
  });
});

function denyBypass(name: string): string {
  const Statement = [
    {
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:BypassGovernanceRetention',
      Resource: [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`],
    },
  ];
  return JSON.stringify({ Version: '2012-10-17', Statement });
}
