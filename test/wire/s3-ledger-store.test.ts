// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { S3LedgerStore } from '../../src/ledger/s3-ledger-store.ts';
import type { S3Place } from '../../src/vault/s3-place.ts';
import { ledgerStoreContract } from '../contract/ledger-store.contract.ts';
import { MemoryLedgerStore } from '../support/memory-ledger-store.ts';
import { S3WireServer } from '../support/s3-wire-server.ts';

const retention = { mode: 'GOVERNANCE', days: 30 } as const;
let server: S3WireServer;
let place: S3Place;
beforeEach(async () => {
  server = new S3WireServer();
  place = { client: await server.start(), bucket: 'evidence', prefix: 'ledger/', retention, encryptionKeyArn: null };
});
afterEach(async () => await server.stop());

const open = () => new S3LedgerStore({ ...place, head: new MemoryLedgerStore() });
const operations = () => server.requests.splice(0).map(({ operation }) => operation);

ledgerStoreContract('S3LedgerStore over the wire', async () => {
  const head = new MemoryLedgerStore();
  const store = () => new S3LedgerStore({ ...place, head });
  return { store: store(), again: store };
});

describe('S3LedgerStore', () => {
  it('names what was hidden, covered or unprotected, with nothing else, and reads it all the same', async () => {
    const store = open();
    for (const name of ['0', '1', '2', '3']) await store.putTile(`tile/0/00${name}`, Buffer.from(`hashes ${name}`));
    expect(await Array.fromAsync(store.listDisturbed())).toEqual([]);
    server.bucket.hide('ledger/tile/0/000');
    server.bucket.put('ledger/tile/0/001', Buffer.from('forged'));
    server.bucket.hide('ledger/never');
    const found = await Array.fromAsync(store.listDisturbed());
    expect(found.map(({ path, reason }) => `${path} ${/delete marker|newer version/.exec(reason)?.[0]}`)).toEqual([
      'tile/0/000 delete marker',
      'tile/0/001 newer version',
    ]);
    expect(Buffer.from(await store.getTile('tile/0/001')).toString()).toBe('hashes 1');
    server.extraHeaders = { 'x-amz-object-lock-retain-until-date': '2026-01-01T00:00:00Z' };
    await store.getTile('tile/0/003');
    expect((await Array.fromAsync(store.listDisturbed())).at(-1)).toMatchObject({
      path: 'tile/0/003',
      reason: expect.stringContaining('2026-01-01'),
    });
  });

  it('lists what is disturbed however much it is, and goes on past what it may not read', async () => {
    const store = open();
    await store.putTile('tile/0/000', Buffer.from('hashes'));
    for (let n = 0; n < 2_500; n++) {
      server.bucket.put(`ledger/proposal/${String(n).padStart(5, '0')}`, Buffer.from('x'));
      server.bucket.hide(`ledger/proposal/${String(n).padStart(5, '0')}`);
    }
    const over = server.bucket.put('ledger/tile/0/000', Buffer.from('forged'));
    server.faultFor = ({ operation, versionId }) => (operation === 'GET' && versionId === over.id ? { status: 403 } : null);
    let found = 0;
    let last = '';
    for await (const { path } of store.listDisturbed()) {
      found++;
      last = path;
    }
    expect([found, last]).toEqual([2_501, 'tile/0/000']);
    // Who stops early is not made to wait for the rest, nor does it go on.
    for await (const one of store.listDisturbed()) if (one.what === 'hidden') break;
    operations();
    server.faultFor = ({ operation }) => (operation === 'LIST' ? { status: 403, code: 'AccessDenied' } : null);
    await expect(store.listDisturbed().next()).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
  });

  it('reads a tile and lists its versions at once, and by version from then on', async () => {
    await open().putTile('tile/0/000', Buffer.from('hashes'));
    expect(operations()).toEqual(['PUT', 'LIST']);
    const store = open();
    await store.getTile('tile/0/000');
    expect(operations().sort()).toEqual(['GET', 'LIST']);
    server.bucket.put('ledger/tile/0/000', Buffer.from('forged'));
    server.bucket.hide('ledger/tile/0/000');
    expect(Buffer.from(await store.getTile('tile/0/000')).toString()).toBe('hashes');
    expect(operations()).toEqual(['GET']);
    expect(Buffer.from(await open().getTile('tile/0/000')).toString()).toBe('hashes');
  });

  it('finds the newest checkpoint with five calls among hundreds, whatever lies on top or beside', async () => {
    for (let size = 1; size <= 300; size++) await open().putCheckpoint(size * 7, `note of ${size * 7}\n`);
    server.bucket.put('ledger/checkpoints/999/notes.txt', Buffer.from('x'));
    server.bucket.hide('ledger/checkpoints/998/000/000/000-0000000000000000');
    operations();
    const newest = { size: 2_100, note: 'note of 2100\n' };
    expect(await open().newestCheckpoint()).toEqual(newest);
    expect(operations().length).toBeLessThanOrEqual(9);
    const [name] = await namesOf('ledger/checkpoints/000/000/002/100');
    server.bucket.put(name ?? '', Buffer.from('forged'));
    server.bucket.hide(name ?? '');
    expect(await open().newestCheckpoint()).toEqual(newest);
    server.bucket.pageSize = 7;
    expect(await open().newestCheckpoint()).toEqual(newest);
  });

  it.each([
    [{ status: 403, code: 'AccessDenied' }, 'LEDGER_UNAVAILABLE'],
    [{ status: 503, code: 'SlowDown' }, 'LEDGER_UNAVAILABLE'],
    [{ status: 404, code: 'NoSuchBucket' }, 'LEDGER_UNAVAILABLE'],
    [{ status: 'reset' }, 'LEDGER_UNAVAILABLE'],
  ] as const)('says LEDGER_UNAVAILABLE for %j, whatever it was doing', async (fault, code) => {
    server.faultFor = () => fault;
    const store = open();
    await expect(store.putTile('tile/0/000', Buffer.from('x'))).rejects.toMatchObject({ code });
    await expect(store.getTile('tile/0/000')).rejects.toMatchObject({ code });
    await expect(store.putCheckpoint(1, 'x')).rejects.toMatchObject({ code });
    await expect(store.newestCheckpoint()).rejects.toMatchObject({ code });
    await expect(store.listCheckpoints().next()).rejects.toMatchObject({ code });
    server.faultFor = () => null;
    await store.putTile('tile/0/000', Buffer.from('x'));
  });

  it('says LEDGER_FULL where there is no room', async () => {
    server.faultFor = () => ({ status: 403, code: 'QuotaExceeded' });
    await expect(open().putTile('tile/0/000', Buffer.from('x'))).rejects.toMatchObject({ code: 'LEDGER_FULL' });
  });
});

async function namesOf(prefix: string): Promise<string[]> {
  const page = server.bucket.list({ prefix, delimiter: '', marker: { key: '', versionId: '' } });
  return [...page.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) => key);
}
