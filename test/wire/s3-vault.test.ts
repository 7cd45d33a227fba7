// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { seal } from '../../src/ledger/seal.ts';
import { verifyVault } from '../../src/ledger/verify-vault.ts';
import type { S3Place } from '../../src/vault/s3-place.ts';
import { S3Vault } from '../../src/vault/s3-vault.ts';
import type { Segment } from '../../src/vault/segment.ts';
import type { VaultEntry } from '../../src/vault/vault.ts';
import { vaultContract } from '../contract/vault.contract.ts';
import { MemoryLedgerStore } from '../support/memory-ledger-store.ts';
import { type S3Fault, S3WireServer } from '../support/s3-wire-server.ts';
import { segmentOf } from '../support/sealed-lines.ts';
import { testSigner } from '../support/test-signer.ts';

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

  /** What S3 answers for a version that was encrypted with a key of somebody's own, refused by a policy, or under a key we may not use. */
  const unreadable: readonly (readonly [string, S3Fault])[] = [
    ['with a key of somebody’s own', { status: 400, code: 'InvalidRequest' }],
    ['refused to us', { status: 403, code: 'AccessDenied' }],
    ['under a disabled key', { status: 400, code: 'KMS.DisabledException' }],
    ['that S3 fails to give', { status: 500, code: 'InternalError' }],
  ];

  describe.each(unreadable)('under a newer version %s', (_, fault) => {
    const coverWithUnreadable = (key: string) => {
      const size = server.bucket.find(`vault/${key}`, null)?.bytes?.length ?? 0;
      const top = server.bucket.put(`vault/${key}`, Buffer.alloc(size));
      server.faultFor = (asked) => {
        const isTop = asked.key === `vault/${key}` && (asked.versionId === null || asked.versionId === top.id);
        return isTop && (asked.operation === 'GET' || asked.operation === 'HEAD') ? fault : null;
      };
    };

    it('finds a segment, and names it as covered', async () => {
      await put();
      coverWithUnreadable(segment.key);
      expect(await vault.has(segment.key)).toBe(true);
      expect(Buffer.from(await vault.get(segment.key))).toEqual(segment.bytes);
      expect(await entries()).toEqual([
        {
          key: segment.key,
          bytes: segment.bytes.length,
          disturbances: [{ what: 'covered', reason: expect.stringContaining(fault.code ?? '') }],
        },
      ]);
    });

    it('finds what no key names by the version that was written first', async () => {
      await vault.put('a/1', Buffer.from('one'));
      coverWithUnreadable('a/1');
      expect(Buffer.from(await new S3Vault(place).get('a/1')).toString()).toBe('one');
      expect(await vault.has('a/1')).toBe(true);
    });

    it('accepts the same segment again', async () => {
      await put();
      coverWithUnreadable(segment.key);
      await put();
      expect(operations().filter((one) => one === 'PUT')).toHaveLength(2);
    });
  });

  it('tells why the newest could not be had where no version has the bytes, and not that they are wrong', async () => {
    server.bucket.put(`vault/${segment.key}`, Buffer.from('planted'));
    const over = server.bucket.put(`vault/${segment.key}`, Buffer.from('over'));
    server.faultFor = ({ operation, versionId }) =>
      operation === 'GET' && (versionId === null || versionId === over.id) ? { status: 400, code: 'InvalidRequest' } : null;
    await expect(vault.get(segment.key)).rejects.toMatchObject({ code: 'VAULT_UNREADABLE' });
    expect(operations()).toEqual(['GET', 'LIST', 'GET', 'GET']);
    // All can be read, and none is what the key names: whoever reads checks the hash.
    server.faultFor = () => null;
    expect(Buffer.from(await vault.get(segment.key)).toString()).toBe('planted');
  });

  it('passes over a version that cannot be read to the one that the key names', async () => {
    const planted = server.bucket.put(`vault/${segment.key}`, Buffer.from('planted'));
    server.bucket.hide(`vault/${segment.key}`);
    await put();
    server.bucket.hide(`vault/${segment.key}`);
    server.faultFor = ({ operation, versionId }) =>
      operation === 'GET' && versionId === planted.id ? { status: 403, code: 'AccessDenied' } : null;
    expect(Buffer.from(await vault.get(segment.key))).toEqual(segment.bytes);
  });

  it('never takes a later version for one that was written first and cannot be read', async () => {
    await vault.put('a/1', Buffer.from('one'));
    const first = server.bucket.find('vault/a/1', null)?.id;
    server.bucket.put('vault/a/1', Buffer.from('two'));
    server.faultFor = ({ operation, versionId }) => (operation === 'GET' && versionId === first ? { status: 403 } : null);
    await expect(new S3Vault(place).get('a/1')).rejects.toMatchObject({ code: 'VAULT_UNAVAILABLE' });
    server.faultFor = () => null;
    expect(Buffer.from(await new S3Vault(place).get('a/1')).toString()).toBe('one');
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

  it('asks for the retention that an object comes without, and says what it could not see as just that', async () => {
    await put();
    server.hidesRetention = true;
    server.requests.length = 0;
    await vault.get(segment.key);
    expect(operations()).toEqual(['GET', 'RETENTION']);
    const held = { key: segment.key, bytes: segment.bytes.length };
    expect(await entries()).toEqual([held]);

    server.faultFor = ({ operation }) => (operation === 'RETENTION' ? { status: 404, code: 'NoSuchObjectLockConfiguration' } : null);
    await vault.get(segment.key);
    expect(await entries()).toMatchObject([
      { ...held, disturbances: [{ what: 'unprotected', reason: expect.stringContaining('no retention') }] },
    ]);

    const unseen = [{ ...held, disturbances: [{ what: 'unseen', reason: expect.stringContaining('s3:GetObjectRetention') }] }];
    server.faultFor = ({ operation }) => (operation === 'RETENTION' ? { status: 503, code: 'SlowDown' } : null);
    await vault.get(segment.key);
    expect(await entries()).toMatchObject(unseen);
    server.faultFor = ({ operation }) => (operation === 'RETENTION' ? { status: 403, code: 'AccessDenied' } : null);
    await vault.get(segment.key);
    expect(await entries()).toMatchObject(unseen);
    // Once denied, always denied: a call for each of a million segments would tell no more.
    server.requests.length = 0;
    await vault.get(segment.key);
    expect(operations()).toEqual(['GET']);
  });

  it('verifies for an auditor without s3:GetObjectRetention with no false alarm, and says that it could not see', async () => {
    await put();
    const store = new MemoryLedgerStore();
    await seal({ vault, store, signer: testSigner('log.example/auditor') });
    server.hidesRetention = true;
    server.faultFor = ({ operation }) => (operation === 'RETENTION' ? { status: 403, code: 'AccessDenied' } : null);
    const blind = await verifyVault(new S3Vault(place), store, { threads: 0 });
    expect(blind).toMatchObject({ problems: [], checked: { segments: 1 }, unseen: expect.stringContaining('s3:GetObjectRetention') });
    server.faultFor = () => null;
    expect(await verifyVault(new S3Vault(place), store, { threads: 0 })).toMatchObject({ problems: [], unseen: null });
  });

  it('reads at verifying what is not sealed yet, in one request each, and names what is damaged and what may not be read', async () => {
    await put();
    const store = new MemoryLedgerStore();
    const verified = async () => (await verifyVault(new S3Vault(place), store, { threads: 0 })).problems;
    server.requests.length = 0;
    expect(await verified()).toMatchObject([{ kind: 'unsealed', item: segment.key }]);
    expect(operations().filter((operation) => operation === 'GET')).toHaveLength(1);
    server.faultFor = ({ operation }) => (operation === 'GET' ? { status: 403, code: 'AccessDenied' } : null);
    expect(await verified()).toMatchObject([{ kind: 'unreadable', item: segment.key, reason: expect.stringContaining('s3:GetObject') }]);
    server.faultFor = () => null;
    const planted = segment.key.replace(/[0-9a-f]{64}/, '0'.repeat(64));
    server.bucket.put(`vault/${planted}`, Buffer.from('garbage!'));
    expect((await verified()).find(({ item }) => item === planted)).toMatchObject({ kind: 'damaged' });
  });

  it('knows the protection of each version: an unprotected copy on top neither hides what was lost nor passes for the segment', async () => {
    await put();
    const first = server.bucket.find(`vault/${segment.key}`, null);
    server.extraHeaders = { 'x-amz-object-lock-retain-until-date': '2027-01-01T00:00:00Z' };
    await vault.get(segment.key);
    server.extraHeaders = {};
    server.bucket.put(`vault/${segment.key}`, Buffer.from(segment.bytes));
    await vault.get(segment.key);
    server.faultFor = ({ operation, versionId }) => (operation === 'GET' && versionId === first?.id ? { status: 503 } : null);
    expect(await entries()).toMatchObject([{ disturbances: [{ what: 'covered' }, { what: 'unprotected' }] }]);
    server.faultFor = () => null;
    expect(await entries()).toMatchObject([{ disturbances: [{ what: 'covered', reason: expect.stringContaining('same bytes') }] }]);
    // The same, put again by a collector, is no harm.
    server.bucket.put(`vault/${segment.key}`, Buffer.from(segment.bytes), first?.headers ?? {});
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
