// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { appendFile, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { gunzipSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { fileItems } from '../../../src/sources/file-items.ts';
import { gapOfSystemError } from '../../../src/sources/file-walk.ts';
import { transferList } from '../../../src/sources/intake/file-batch.ts';
import { folderOf, readFolder, trailRecord } from '../../support/intake.ts';

const record = trailRecord;
const log = (...ids: string[]) => `{"Records":[${ids.map((id) => record(id)).join(',')}]}`;
const idsOf = (items: readonly { text: string }[]) => items.map((item) => JSON.parse(item.text).eventID);

describe('reading a folder', () => {
  it('reads files in order of path, whatever they are called, and keeps the exact text and the hash of each file', async () => {
    const pretty = JSON.stringify(JSON.parse(log('c')), null, 2);
    const root = await folderOf({ 'b/2.txt': log('b'), 'a/1.json': log('a1', 'a2'), 'c.log': pretty });
    const { items, gaps, unrecognised } = await readFolder(root);
    expect(idsOf(items)).toEqual(['a1', 'a2', 'b', 'c']);
    expect(items[0]?.text).toBe(record('a1'));
    expect(items[3]?.text).toContain('\n      "eventID": "c"');
    expect(items[3]?.channel).toEqual({ kind: 'file', path: 'c.log', sha256: createHash('sha256').update(pretty).digest('hex') });
    expect([gaps, unrecognised]).toEqual([[], []]);
  });

  it('reads one file by its own name', async () => {
    const root = await folderOf({ 'logs/x.json': log('a') });
    const { items } = await readFolder(join(root, 'logs/x.json'));
    expect(items[0]?.channel).toMatchObject({ path: 'x.json' });
  });

  it('gives batches whose memory can be handed to another thread', async () => {
    const root = await folderOf({ 'a.json': log('a', 'b'), 'b.json.gz': gzipSync(log('c')) });
    const { batches } = await readFolder(root);
    expect(batches.map((batch) => batch.starts.length)).toEqual([2, 1]);
    for (const batch of batches) {
      structuredClone(batch, { transfer: transferList(batch) });
      expect(batch.bytes.byteLength).toBe(0);
    }
  });

  it('reads gzip, gzip of several members, zstd and zstd of several frames by their bytes, not their names', async () => {
    const frames = Buffer.concat([zstdCompressSync('[{"a":'), zstdCompressSync(`${record('z3')}}]`)]);
    const members = Buffer.concat([gzipSync(log('g2')), gzipSync(`\n${log('g3')}`)]);
    const root = await folderOf({
      '1.json': gzipSync(log('g1')),
      '2.gz': members,
      '3.json': zstdCompressSync(log('z1', 'z2')),
      '4.zst': frames,
    });
    const { items, gaps } = await readFolder(root);
    expect(idsOf(items)).toEqual(['g1', 'g2', 'g3', 'z1', 'z2', 'z3']);
    expect(gaps).toEqual([]);
  });

  it('reads past white space of any length before the content, as stored and unpacked', async () => {
    const blank = (length: number) => ' \r\n\t'.repeat(length / 4);
    const root = await folderOf({
      'a.json': `${blank(4_000)}${log('a')}`,
      'b.json': `\ufeff${blank(5_000_000)}${log('b')}`,
      'c.gz': gzipSync(`${blank(1_200_000)}${log('c')}`),
      'd.zst': zstdCompressSync(`${blank(1_200_000)}${log('d')}`),
      'e.txt': blank(6_000_000),
      'f.gz': gzipSync(blank(1_200_000)),
      'g.csv': `${blank(2_000)}a,b,c\n1,2,3\n`,
      'h.gz': gzipSync(`${blank(1_200_000)}a,b,c\n1,2,3\n`),
    });
    const { items, gaps, unrecognised } = await readFolder(root);
    expect([idsOf(items), gaps]).toEqual([['a', 'b', 'c', 'd'], []]);
    expect(unrecognised).toEqual([
      { path: 'e.txt', reason: 'an empty file' },
      { path: 'f.gz', reason: 'no items: its list is empty' },
      { path: 'g.csv', reason: expect.stringContaining('comma-separated') },
      { path: 'h.gz', reason: expect.stringContaining('gzip of comma-separated') },
    ]);
  });

  it('says what every file that is not ours is', async () => {
    const root = await folderOf({
      'a.csv': 'a,b,c\n1,2,3\n',
      'b.pdf': '%PDF-1.7\n',
      'c.json': '',
      'd.json': '{"Records":[]}',
      'e.json': JSON.stringify({ DetectorIds: ['x'], '\u001b[31mred': 1 }),
      'f.ipynb': '{"cells":[],"nbformat":4}',
      'g.jsonl': '{"captureData":{"endpointInput":{}},"eventVersion":"0"}\n{"captureData":{},"eventVersion":"0"}',
      'h.txt': 'hello',
      'i.zip': 'PK\u0003\u0004xxxx',
      'j.json': Buffer.from('\ufeff{"Records":[]}', 'utf16le'),
      'k.gz': gzipSync('a;b;c\n1;2;3'),
      'l.bin': Buffer.from([1, 2, 3, 0, 255]),
      'm.json': '[1, "two", null]',
    });
    const { unrecognised, items, gaps } = await readFolder(root);
    const reasons = Object.fromEntries(unrecognised.map(({ path, reason }) => [path, reason]));
    expect([items, gaps]).toEqual([[], []]);
    expect(reasons).toMatchObject({
      'a.csv': expect.stringContaining('comma-separated'),
      'b.pdf': expect.stringContaining('PDF'),
      'c.json': 'an empty file',
      'd.json': expect.stringContaining('no items'),
      'e.json': 'JSON of an unknown shape with DetectorIds, ?[31mred',
      'f.ipynb': expect.stringContaining('notebook'),
      'g.jsonl': expect.stringContaining('captured payloads are never collected'),
      'h.txt': 'not JSON text',
      'i.zip': expect.stringContaining('zip'),
      'j.json': expect.stringContaining('UTF-16'),
      'k.gz': expect.stringContaining('comma-separated'),
      'l.bin': expect.stringContaining('binary'),
      'm.json': expect.stringContaining('no object'),
    });
  });
});

describe('reading damaged files', () => {
  it('gives what a truncated gzip holds, then a gap with the place', async () => {
    const ids = Array.from({ length: 3_000 }, (_, i) => createHash('sha256').update(String(i)).digest('hex'));
    const whole = gzipSync(log(...ids));
    const root = await folderOf({ 'a.json.gz': whole.subarray(0, whole.length / 2), 'b.json': log('after') });
    const { items, gaps } = await readFolder(root);
    const found = idsOf(items);
    expect(found.length).toBeGreaterThan(1_000);
    expect(found.slice(0, -1)).toEqual(ids.slice(0, found.length - 1));
    expect(found.at(-1)).toBe('after');
    expect(gaps).toMatchObject([{ reason: 'malformed', extent: 'scope', what: 'a.json.gz', code: 'FILE_DECOMPRESSION_FAILED' }]);
    expect(gaps[0]?.detail['offset']).toBe(Math.floor(whole.length / 2));
  });

  it('loses nothing before bytes that follow the compressed data, and says that they follow', async () => {
    const root = await folderOf({
      'a.gz': Buffer.concat([gzipSync(log('a')), Buffer.from('tail')]),
      'b.gz': Buffer.concat([gzipSync(log('b')), Buffer.alloc(512)]),
      'c.zst': Buffer.concat([zstdCompressSync(log('c')), Buffer.from('tail')]),
    });
    const { items, gaps } = await readFolder(root);
    expect(idsOf(items)).toEqual(['a', 'b', 'c']);
    expect(gaps.map((gap) => gap.code)).toEqual(['FILE_DECOMPRESSION_FAILED', 'FILE_TRAILING_BYTES', 'FILE_TRAILING_BYTES']);
  });

  it('gives what stands before a flipped byte in a large gzip', async () => {
    const ids = Array.from({ length: 20_000 }, (_, i) => createHash('sha256').update(String(i)).digest('hex'));
    const whole = Buffer.from(gzipSync(log(...ids)));
    whole[whole.length - 6] = (whole[whole.length - 6] ?? 0) ^ 0xff;
    expect(() => gunzipSync(whole)).toThrow('incorrect data check');
    const { items, gaps } = await readFolder(await folderOf({ 'a.gz': whole }));
    expect(items.length).toBe(ids.length);
    expect(gaps).toMatchObject([{ code: 'FILE_DECOMPRESSION_FAILED' }]);
  });

  it('turns an item that is not UTF-8 into a gap with the hash of its bytes, and reads the others', async () => {
    const bad = Buffer.concat([Buffer.from('{"eventName":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]);
    const content = Buffer.concat([Buffer.from(`[${record('a')},`), bad, Buffer.from(`,${record('b')}]`)]);
    const { items, gaps } = await readFolder(await folderOf({ 'a.json': content }));
    expect(idsOf(items)).toEqual(['a', 'b']);
    const sha256 = createHash('sha256').update(bad).digest('hex');
    expect(gaps).toMatchObject([
      { reason: 'malformed', extent: 'item', code: 'ITEM_NOT_UTF8', detail: { sha256, offset: record('a').length + 2 } },
    ]);
  });

  it('turns a broken line into a gap that does not quote it', async () => {
    const { items, gaps } = await readFolder(await folderOf({ 'a.jsonl': `${record('a')}\n{"password":"secret",}\n${record('b')}\n` }));
    expect(idsOf(items)).toEqual(['a', 'b']);
    expect(gaps).toMatchObject([{ reason: 'malformed', extent: 'item', code: 'ITEM_NOT_JSON' }]);
    expect(JSON.stringify(gaps)).not.toContain('secret');
  });

  it('reads the whole lines inside a piece that as a whole does not parse', async () => {
    const { items, gaps } = await readFolder(await folderOf({ 'a.jsonl': `{"cut":[1,\n${record('a')}\n${record('b')}\n` }));
    expect(idsOf(items)).toEqual(['a', 'b']);
    expect(gaps.length).toBeGreaterThan(0);
  });

  it('reads a 10 MB string, deep nesting, duplicate keys and __proto__ keys without harm', async () => {
    const odd = record('p').replace('"readOnly":false', '"readOnly":false,"__proto__":{"polluted":true},"readOnly":true');
    const deep = record('d', { requestParameters: null }).replace('null,', `${'{"x":'.repeat(10_000)}1${'}'.repeat(10_000)},`);
    const { items, gaps } = await readFolder(
      await folderOf({ 'a.json': `[${odd},${record('l', { blob: 'x'.repeat(10_000_000) })},${deep}]` }),
    );
    expect(idsOf(items)).toEqual(['p', 'l', 'd']);
    expect(items[0]?.text).toBe(odd);
    expect(gaps).toEqual([]);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('turns an item above the limit into a gap and reads the others', async () => {
    const root = await folderOf({ 'a.json': `[${record('a')},${record('big', { blob: 'x'.repeat(5_000) })},${record('b')}]` });
    const { items, gaps } = await readFolder(root, { maxItemBytes: 4_000 });
    expect(idsOf(items)).toEqual(['a', 'b']);
    expect(gaps).toMatchObject([{ reason: 'unsupported', extent: 'item', code: 'ITEM_TOO_LARGE' }]);
  });

  it('says that a file changed while it was read', async () => {
    const root = await folderOf({ 'a.json': `[${Array.from({ length: 9_000 }, (_, i) => record(String(i))).join(',')}]` });
    const gaps: unknown[] = [];
    let isFirst = true;
    for await (const reading of fileItems(root)) {
      if (isFirst) await appendFile(join(root, 'a.json'), ' ');
      isFirst = false;
      if ('problem' in reading) gaps.push(reading.problem.gap);
    }
    expect(gaps).toMatchObject([{ reason: 'malformed', code: 'FILE_CHANGED' }]);
  });
});

describe('what cannot be opened', () => {
  it('follows links inside the folder, and names those it does not follow', async () => {
    const outside = await folderOf({ 'secret.json': log('outside') });
    const root = await folderOf({ 'a.json': log('a') });
    await symlink('a.json', join(root, 'b-link.json'));
    await symlink(join(outside, 'secret.json'), join(root, 'c-out.json'));
    await symlink('nowhere.json', join(root, 'd-dangling.json'));
    await symlink('e-loop.json', join(root, 'e-loop.json'));
    await symlink('.', join(root, 'f-self'));
    const { items, gaps } = await readFolder(root);
    expect(idsOf(items)).toEqual(['a', 'a']);
    expect(gaps.map((gap) => [gap.what, gap.code])).toEqual([
      ['c-out.json', 'LINK_OUTSIDE'],
      ['d-dangling.json', 'ENOENT'],
      ['e-loop.json', 'ELOOP'],
      ['f-self', 'LINK_TO_FOLDER'],
    ]);
  });

  it('passes over the home that is written to, and no other, with one line that says so', async () => {
    const root = await folderOf({
      'a.json': log('a'),
      '.aims/home.json': '{}',
      '.aims/vault/x.json': log('own'),
      'old/.aims/x.json': log('old'),
    });
    const own = { path: '.aims', reason: 'the home that this collection writes to' };
    const { items, unrecognised } = await readFolder(root, { home: join(root, '.aims') });
    expect({ ids: idsOf(items), unrecognised }).toEqual({ ids: ['a', 'old'], unrecognised: [own] });
    expect(idsOf((await readFolder(root)).items)).toContain('own');
  });

  it('does not open a socket, and goes on', async () => {
    const root = await folderOf({ 'z.json': log('z') });
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(root, 'a.sock'), resolve));
    const { items, gaps } = await readFolder(root);
    await new Promise((resolve) => server.close(resolve));
    expect(idsOf(items)).toEqual(['z']);
    expect(gaps).toMatchObject([{ what: 'a.sock', code: 'NOT_A_FILE', reason: 'unsupported' }]);
  });

  it('says that a folder is not there', async () => {
    const { gaps } = await readFolder('/nonexistent/aims');
    expect(gaps).toMatchObject([{ reason: 'unavailable', extent: 'scope', code: 'ENOENT' }]);
  });

  it('calls a file that may not be read denied, and one that fails unavailable', () => {
    const denied = Object.assign(new Error('permission denied'), { code: 'EACCES' });
    expect(gapOfSystemError('a.json', denied)).toMatchObject({ reason: 'denied', code: 'EACCES', what: 'a.json' });
    expect(gapOfSystemError('a.json', Object.assign(new Error('i/o error'), { code: 'EIO' }))).toMatchObject({
      reason: 'unavailable',
      code: 'EIO',
    });
  });
});
