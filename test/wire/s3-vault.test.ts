// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { S3Place } from '../../src/vault/s3-place.ts';
import { S3Vault } from '../../src/vault/s3-vault.ts';
import type { Segment } from '../../src/vault/segment.ts';
import type { VaultEntry } from '../../src/vault/vault.ts';
import { vaultContract } from '../contract/vault.contract.ts';
import { S3WireServer } from '../support/s3-wire-server.ts';
import { segmentOf } from '../support/sealed-lines.ts';

const now = new Date('2026-11-21T10:00:00Z');
const keyArn = 'arn:aws:kms:eu-central-1:111122223333:key/k';

let server: S3WireServer;
let place: S3Place;
let vault: S3Vault;
let segment: Segment;
beforeEach(async () => {
  server = new S3WireServer();
  place = {
    client: await server.start(),
    bucket: 'evidence',
    prefix: 'vault/',
    retention: { mode: 'GOVERNANCE', days: 1_100 },
    encryptionKeyArn: keyArn,
    now: () => now,
  };
  vault = new S3Vault(place);
  segment = await segmentOf('one');
});
afterEach(async () => await server.stop());

let folders = 0;
vaultContract('S3Vault over the wire', async () => new S3Vault({ ...place, prefix: `${++folders}/` }));

const put = () => vault.put(segment.key, segment.bytes);
const operations = () => server.requests.map(({ operation }) => operation);

async function entries(prefix = ''): Promise<VaultEntry[]> {
  const found: VaultEntry[] = [];
  for await (const entry of vault.list(prefix)) found.push(entry);
  return found;
}

describe('S3Vault puts', () => {
  it('with retention to the end of the day, checksum, key and a condition, in one call', async () => {
    await put();
    expect(operations()).toEqual(['PUT']);
    expect(server.requests[0]).toMatchObject({
      key: `vault/${segment.key}`,
      headers: {
        'if-none-match': '*',
        'x-amz-object-lock-mode': 'GOVERNANCE',
        'x-amz-object-lock-retain-until-date': '2029-11-26T00:00:00Z',
        'x-amz-checksum-sha256': hash('sha256', segment.bytes, 'base64'),
        'x-amz-server-side-encryption': 'aws:kms',
        'x-amz-server-side-encryption-aws-kms-key-id': keyArn,
        'x-amz-server-side-encryption-bucket-key-enabled': 'true',
      },
    });
  });

  it('without naming a key where the bucket decides, and in COMPLIANCE where that was chosen', async () => {
    const other = new S3Vault({ ...place, encryptionKeyArn: null, retention: { mode: 'COMPLIANCE', days: 1 } });
    await other.put(segment.key, segment.bytes);
    const { headers } = server.requests[0] ?? { headers: {} };
    expect(headers).toMatchObject({
      'x-amz-object-lock-mode': 'COMPLIANCE',
      'x-amz-object-lock-retain-until-date': '2026-11-23T00:00:00Z',
    });
    expect(Object.keys(headers).filter((name) => name.includes('encryption'))).toEqual([]);
  });

  it('and takes a 412 over equal bytes for done, with the right to read and no other', async () => {
    await put();
    await put();
    expect(operations()).toEqual(['PUT', 'PUT', 'GET']);
  });

  it('again when its answer was lost, and finds its own bytes', async () => {
    server.faultFor = () => (server.requests.length === 1 ? { status: 'reset', moment: 'after' } : null);
    await put();
    expect(operations()).toEqual(['PUT', 'PUT', 'GET']);
    expect(await entries()).toEqual([{ key: segment.key, bytes: segment.bytes.length }]);
  });

  it('again after a 409, a few times', async () => {
    let conflicts = 2;
    server.faultFor = () => (conflicts-- > 0 ? { status: 409, code: 'ConditionalRequestConflict' } : null);
    await put();
    expect(operations()).toEqual(['PUT', 'PUT', 'PUT']);
    server.faultFor = () => ({ status: 409, code: 'ConditionalRequestConflict' });
    await expect(put()).rejects.toMatchObject({ code: 'VAULT_UNAVAILABLE' });
  });

  it('keeps the first bytes where a delete marker lets a second write through, and where a server ignores the condition', async () => {
    await vault.put('a/1', Buffer.from('one'));
    server.bucket.hide('vault/a/1');
    await expect(vault.put('a/1', Buffer.from('two'))).rejects.toMatchObject({ code: 'VAULT_KEY_TAKEN' });
    await vault.put('a/1', Buffer.from('one'));
    server.ignoresIfNoneMatch = true;
    await expect(vault.put('a/1', Buffer.from('six'))).rejects.toMatchObject({ code: 'VAULT_KEY_TAKEN' });
    expect(Buffer.from(await new S3Vault(place).get('a/1')).toString()).toBe('one');
  });
});

describe('S3Vault reads', () => {
  it('a segment with one call, and by its version once something lies on top', async () => {
    await put();
    server.requests.length = 0;
    expect(Buffer.from(await vault.get(segment.key))).toEqual(segment.bytes);
    expect(operations()).toEqual(['GET']);
    server.bucket.put(`vault/${segment.key}`, Buffer.from('forged'));
    server.requests.length = 0;
    expect(Buffer.from(await vault.get(segment.key))).toEqual(segment.bytes);
    expect(operations()).toEqual(['GET', 'LIST', 'GET']);
  });

  it('the version that the key names, where somebody was there before the first put', async () => {
    server.bucket.put(`vault/${segment.key}`, Buffer.from('planted'));
    server.bucket.hide(`vault/${segment.key}`);
    await put();
    server.bucket.hide(`vault/${segment.key}`);
    expect(Buffer.from(await vault.get(segment.key))).toEqual(segment.bytes);
  });

  it('lists in pages, however the versions of a key are spread over them', async () => {
    for (const name of ['a', 'b', 'c']) await vault.put(`x/${name}`, Buffer.from(name));
    for (let n = 0; n < 3; n++) server.bucket.put('vault/x/b', Buffer.from(`over ${n}`));
    server.bucket.hide('vault/x/c');
    server.bucket.hide('vault/x/d');
    const answers: VaultEntry[][] = [];
    for (server.bucket.pageSize = 1; server.bucket.pageSize <= 5; server.bucket.pageSize++) answers.push(await entries('x/'));
    for (const answer of answers) {
      expect(answer).toEqual([
        { key: 'x/a', bytes: 1 },
        { key: 'x/b', bytes: 1, disturbances: [expect.objectContaining({ what: 'covered' })] },
        { key: 'x/c', bytes: 1, disturbances: [expect.objectContaining({ what: 'hidden' })] },
      ]);
    }
  });

  it('goes on listing where what lies on top cannot be read', async () => {
    await vault.put('x/a', Buffer.from('one'));
    const over = server.bucket.put('vault/x/a', Buffer.from('two'));
    expect(over.id).not.toBe('');
    server.faultFor = ({ operation }) => (operation === 'GET' ? { status: 400, code: 'InvalidRequest' } : null);
    expect(await entries()).toMatchObject([{ key: 'x/a', disturbances: [{ what: 'covered' }] }]);
  });

  it('notices, when it reads a segment, retention that was taken away or never came', async () => {
    await put();
    await vault.get(segment.key);
    expect(await entries()).toEqual([{ key: segment.key, bytes: segment.bytes.length }]);
    server.extraHeaders = { 'x-amz-object-lock-retain-until-date': '2027-01-01T00:00:00Z' };
    await vault.get(segment.key);
    expect(await entries()).toMatchObject([{ disturbances: [{ what: 'unprotected', reason: expect.stringContaining('2027-01-01') }] }]);
    server.extraHeaders = { 'x-amz-meta-retention-mode': 'COMPLIANCE' };
    await vault.get(segment.key);
    expect(await entries()).toMatchObject([{ disturbances: [{ reason: expect.stringContaining('now in mode GOVERNANCE') }] }]);
    server.extraHeaders = { 'x-amz-object-lock-retain-until-date': '2040-01-01T00:00:00Z' };
    await vault.get(segment.key);
    expect(await entries()).toEqual([{ key: segment.key, bytes: segment.bytes.length }]);
  });
});

describe('S3Vault says in the words of the port', () => {
  const read = () => vault.get(segment.key);
  const list = () => entries();
  const has = () => vault.has(segment.key);

  it.each([
    ['a denied put', put, { status: 403, code: 'AccessDenied' }, 'VAULT_UNAVAILABLE', 's3:PutObject'],
    ['a denied read', read, { status: 403, code: 'AccessDenied' }, 'VAULT_UNAVAILABLE', 's3:GetObject'],
    ['a denied look', has, { status: 403 }, 'VAULT_UNAVAILABLE', 's3:GetObject'],
    ['a denied listing', list, { status: 403, code: 'AccessDenied' }, 'VAULT_UNAVAILABLE', 's3:ListBucketVersions'],
    ['a read with expired credentials', read, { status: 400, code: 'ExpiredToken' }, 'VAULT_UNAVAILABLE', 'ExpiredToken'],
    ['an object that somebody encrypted', read, { status: 400, code: 'InvalidRequest' }, 'VAULT_UNREADABLE', 'InvalidRequest'],
    ['a put with expired credentials', put, { status: 400, code: 'ExpiredToken' }, 'VAULT_UNAVAILABLE', 'ExpiredToken'],
    ['a put that is throttled', put, { status: 503, code: 'SlowDown' }, 'VAULT_UNAVAILABLE', 'SlowDown'],
    ['a read that is throttled', read, { status: 503, code: 'SlowDown' }, 'VAULT_UNAVAILABLE', 'SlowDown'],
    ['a broken connection', read, { status: 'reset' }, 'VAULT_UNAVAILABLE', 's3:GetObject'],
    ['no such bucket, at a put', put, { status: 404, code: 'NoSuchBucket' }, 'VAULT_UNAVAILABLE', 'no such bucket'],
    ['no such bucket, at a read', read, { status: 404, code: 'NoSuchBucket' }, 'VAULT_UNAVAILABLE', 'no such bucket'],
    ['a bucket without Object Lock', put, { status: 400, code: 'InvalidRequest' }, 'VAULT_UNAVAILABLE', 'InvalidRequest'],
    ['an exhausted quota', put, { status: 403, code: 'QuotaExceeded' }, 'VAULT_FULL', 'no room'],
    ['an archived object', read, { status: 403, code: 'InvalidObjectState' }, 'VAULT_UNREADABLE', 'archive'],
    ['a disabled key', read, { status: 400, code: 'KMS.DisabledException' }, 'VAULT_UNAVAILABLE', 'KMS.DisabledException'],
    ['a key pending deletion', put, { status: 409, code: 'KMS.KMSInvalidStateException' }, 'VAULT_UNAVAILABLE', 'KMS'],
  ] as const)('%s', async (...[, work, fault, code, words]) => {
    server.faultFor = () => fault;
    await expect(work()).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
    server.faultFor = () => null;
    await put();
    expect(Buffer.from(await vault.get(segment.key))).toEqual(segment.bytes);
  });

  it('bytes that do not arrive as they were stored', async () => {
    await put();
    server.extraHeaders = { 'x-amz-checksum-sha256': hash('sha256', 'others', 'base64') };
    await expect(read()).rejects.toMatchObject({ code: 'VAULT_UNREADABLE' });
    server.extraHeaders = { 'x-amz-checksum-sha256': hash('sha256', segment.bytes, 'base64') };
    expect(Buffer.from(await read())).toEqual(segment.bytes);
  });

  it('a server that is not there', async () => {
    await server.stop();
    await expect(put()).rejects.toMatchObject({ code: 'VAULT_UNAVAILABLE' });
  });
});
