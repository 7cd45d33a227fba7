// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { foldersAtOnce, pagesAhead } from '../../src/vault/s3-list-by-folder.ts';
import type { S3Place } from '../../src/vault/s3-place.ts';
import { S3Vault } from '../../src/vault/s3-vault.ts';
import { listHistories } from '../../src/vault/s3-versions.ts';
import { S3WireServer } from '../support/s3-wire-server.ts';

let server: S3WireServer;
let place: S3Place;

beforeEach(async () => {
  server = new S3WireServer();
  const client = await server.start();
  place = { client, bucket: 'evidence', prefix: 'vault/', retention: null, encryptionKeyArn: null };
});
afterEach(async () => await server.stop());

const dayAt = (day: number) => new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10);
const segmentAt = (day: number, n: number) => `written=${dayAt(day)}/source=macie/${String(n).padStart(64, '0')}.ndjson.zst`;

function fill(days: number, perDay: number): void {
  for (let day = 0; day < days; day++) for (let n = 0; n < perDay; n++) server.bucket.put(`vault/${segmentAt(day, n)}`, Buffer.from('x'));
}

const keysOf = async (prefix = '') => (await Array.fromAsync(new S3Vault(place).list(prefix))).map(({ key }) => key);

describe('a listing of the whole vault', () => {
  it('gives what a listing page by page gives, in its order, whatever lies between and above the days', async () => {
    fill(40, 3);
    // Beside the days, before and after them, with names that begin as theirs do.
    for (const name of [
      'a',
      'written=2026-01-05',
      'written=2026-01-05.txt',
      'written=2026-01-05/x',
      'zz/deep/er',
      'z z',
      'ä/ö',
      'written',
    ]) {
      server.bucket.put(`vault/${name}`, Buffer.from(name));
      server.bucket.put(`vault/${name}`, Buffer.from(`${name} again`));
    }
    server.bucket.hide(`vault/${segmentAt(3, 1)}`);
    server.bucket.hide('vault/never');
    const wanted = (await Array.fromAsync(listHistories(place, ''))).filter(({ oldest }) => oldest !== null).map(({ key }) => key);
    expect(wanted).toHaveLength(128);
    for (const size of [1, 2, 3, 7, 1_000]) {
      server.bucket.pageSize = size;
      expect(await keysOf()).toEqual(wanted);
    }
    expect(await keysOf('written=2026-01-0')).toEqual(wanted.filter((key) => key.startsWith('written=2026-01-0')));
    const hidden = await Array.fromAsync(new S3Vault(place).list(''));
    expect(hidden.filter(({ disturbances }) => disturbances?.[0]?.what === 'hidden').map(({ key }) => key)).toEqual([segmentAt(3, 1)]);
  });

  it('asks for several days at once, and holds no more of them than it should', async () => {
    fill(60, 40);
    server.bucket.pageSize = 2;
    server.requests.length = 0;
    const listing = new S3Vault(place).list('');
    expect((await listing.next()).value?.key).toBe(segmentAt(0, 0));
    // Without anybody taking more: each day its pages ahead.
    while (server.requests.length <= foldersAtOnce * pagesAhead) await new Promise((done) => setTimeout(done, 5));
    await new Promise((done) => setTimeout(done, 100));
    // Each two days a page of days, and one page that was taken.
    expect(server.requests.length).toBeLessThanOrEqual(foldersAtOnce * (pagesAhead + 1) + foldersAtOnce);
    await listing.return(undefined);
    const ended = server.requests.length;
    await new Promise((done) => setTimeout(done, 100));
    expect(server.requests.length).toBe(ended);
  });

  it('costs one page for each day beside those of its segments', async () => {
    fill(50, 10);
    server.requests.length = 0;
    expect(await keysOf()).toHaveLength(500);
    expect(server.requests.map(({ operation }) => operation)).toEqual(Array(51).fill('LIST'));
  });

  it('fails as a whole where one day cannot be listed, and leaves nothing running', async () => {
    fill(30, 2);
    let lists = 0;
    server.faultFor = ({ operation }) => (operation === 'LIST' && ++lists > 9 ? { status: 403, code: 'AccessDenied' } : null);
    const taken: string[] = [];
    const listAll = async () => {
      for await (const { key } of new S3Vault(place).list('')) taken.push(key);
    };
    await expect(listAll()).rejects.toMatchObject({ code: 'VAULT_UNAVAILABLE' });
    expect(taken.length).toBeLessThan(60);
    const ended = server.requests.length;
    await new Promise((done) => setTimeout(done, 100));
    expect(server.requests.length).toBe(ended);
  });
});
