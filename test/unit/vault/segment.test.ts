// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { merkleRoot } from '../../../src/ledger/merkle.ts';
import { openSegment, openSegmentSync } from '../../../src/vault/open-segment.ts';
import { maxUnpackedBytes, segmentLimits } from '../../../src/vault/segment.ts';
import { SegmentBuilder } from '../../../src/vault/segment-builder.ts';
import { formatSegmentKey, isSegmentKey, parseSegmentKey } from '../../../src/vault/segment-key.ts';
import { buildSegment, sealedLine } from '../../support/sealed-lines.ts';

const place = { writtenOn: '2026-11-21', source: 'cloudtrail' };
const lines = ['a', 'ä', '\u2028', 'b\nc'].map((name) => sealedLine(name));

/** A segment whose key is right for its bytes, whatever they unpack to. */
function stored(ndjson: string | Buffer): [key: string, bytes: Buffer] {
  const bytes = zstdCompressSync(ndjson);
  return [formatSegmentKey({ ...place, sha256: createHash('sha256').update(bytes).digest('hex') }), bytes];
}

describe('a segment', () => {
  it('gives back the lines it was made of', async () => {
    const segment = await buildSegment(lines, place);
    expect(await openSegment(segment.key, segment.bytes)).toEqual(lines.map(({ line }) => line));
    expect(openSegmentSync(segment.key, segment.bytes)).toEqual(lines.map(({ line }) => line));
  });

  it('is named after its bytes and tells root, count and size', async () => {
    const segment = await buildSegment(lines, place);
    const sha256 = createHash('sha256').update(segment.bytes).digest('hex');
    expect(segment.key).toBe(`written=2026-11-21/source=cloudtrail/${sha256}.ndjson.zst`);
    expect(parseSegmentKey(segment.key)).toEqual({ ...place, sha256 });
    expect(segment).toMatchObject({
      sha256,
      records: 4,
      recordRoot: merkleRoot(lines.map((l) => Buffer.from(l.leafHash, 'hex'))).toString('hex'),
    });
    expect(segment.rawBytes).toBe(lines.reduce((sum, { line }) => sum + Buffer.byteLength(line) + 1, 0));
  });

  it('is refused without records, for a day or source that is none, and with a leaf hash that is none', async () => {
    await expect(buildSegment([], place)).rejects.toMatchObject({ code: 'SEGMENT_RECORD_INVALID' });
    await expect(buildSegment(lines, { ...place, writtenOn: '2026-02-30' })).rejects.toMatchObject({ code: 'SEGMENT_KEY_INVALID' });
    await expect(buildSegment(lines, { ...place, source: '../etc' })).rejects.toMatchObject({ code: 'SEGMENT_KEY_INVALID' });
    await expect(buildSegment([{ line: '{}', leafHash: 'abc' }], place)).rejects.toMatchObject({ code: 'SEGMENT_RECORD_INVALID' });
  });

  it.each([
    ['a flipped byte', (bytes: Buffer) => bytes.with(20, (bytes[20] ?? 0) ^ 1)],
    ['a missing end', (bytes: Buffer) => bytes.subarray(0, -1)],
    ['nothing in it', () => Buffer.alloc(0)],
  ])('with %s is damaged, and its key is named', async (_, damage) => {
    const segment = await buildSegment(lines, place);
    const damaged = Buffer.from(damage(Buffer.from(segment.bytes)));
    await expect(openSegment(segment.key, damaged)).rejects.toMatchObject({
      code: 'SEGMENT_DAMAGED',
      message: expect.stringContaining(segment.key),
    });
  });

  it.each([
    ['no line end', '{"a":1}', 'byte 7'],
    ['an empty line', '{"a":1}\n\n{"b":2}\n', 'line 2 is empty'],
    ['an empty first line', '\n{"b":2}\n', 'line 1 is empty'],
    ['bytes that are no text', Buffer.from([0x7b, 0x7d, 0x0a, 0xff, 0xfe, 0x0a]), 'line 2 is not valid UTF-8'],
    ['no record', '', 'no record'],
  ])('with %s is damaged, and the place is named', async (_, ndjson, where) => {
    await expect(openSegment(...stored(ndjson))).rejects.toMatchObject({
      code: 'SEGMENT_DAMAGED',
      message: expect.stringContaining(where),
    });
  });

  it('that is no Zstandard, or unpacks beyond all measure, is damaged', async () => {
    const text = Buffer.from('{"not":"compressed"}\n');
    const key = formatSegmentKey({ ...place, sha256: createHash('sha256').update(text).digest('hex') });
    await expect(openSegment(key, text)).rejects.toMatchObject({
      code: 'SEGMENT_DAMAGED',
      message: expect.stringContaining('does not unpack'),
    });
    const bomb = stored(Buffer.alloc(maxUnpackedBytes + 1, 0x61));
    expect(bomb[1].length).toBeLessThan(100_000);
    await expect(openSegment(...bomb)).rejects.toMatchObject({
      code: 'SEGMENT_DAMAGED',
      message: expect.stringContaining('does not unpack'),
    });
  });
});

describe('the key of a segment', () => {
  const sha256 = 'ab'.repeat(32);
  it.each([
    `written=2026-11-21/source=cloudtrail/${sha256}.ndjson`,
    `written=2026-11-21/source=cloudtrail/${sha256.slice(2)}.ndjson.zst`,
    `written=2026-13-01/source=cloudtrail/${sha256}.ndjson.zst`,
    `written=2026-11-21/source=Cloud_Trail/${sha256}.ndjson.zst`,
    `written=2026-11-21/source=cloudtrail/x/${sha256}.ndjson.zst`,
    `/written=2026-11-21/source=cloudtrail/${sha256}.ndjson.zst`,
    `written=2026-11-21/source=cloudtrail/${sha256}.ndjson.zst\n`,
    '',
  ])('is not %j', (key) => {
    expect(isSegmentKey(key)).toBe(false);
    expect(() => parseSegmentKey(key)).toThrow(expect.objectContaining({ code: 'SEGMENT_KEY_INVALID' }));
    expect(isSegmentKey(`written=2024-02-29/source=sagemaker-model-monitor/${sha256}.ndjson.zst`)).toBe(true);
  });
});

describe('SegmentBuilder', () => {
  const line = (bytes: number): Uint8Array => Buffer.from(`${'x'.repeat(bytes - 1)}\n`);
  const leafHash = '0'.repeat(64);

  it('has room up to the limit of records', () => {
    const builder = new SegmentBuilder({ maxRawBytes: 1000, maxRecords: 3 });
    const fits = [1, 2, 3].map(() => {
      builder.add(line(10), leafHash);
      return builder.fits(10);
    });
    expect(fits).toEqual([true, true, false]);
    expect(builder.take().leafHashes).toHaveLength(3);
    expect(builder.take().leafHashes).toHaveLength(0);
    expect(builder.fits(10)).toBe(true);
  });

  it('never lets a batch grow beyond the limit of bytes', () => {
    const builder = new SegmentBuilder({ maxRawBytes: 100, maxRecords: 1000 });
    builder.add(line(40), leafHash);
    builder.add(line(60), leafHash);
    expect(builder.fits(2)).toBe(false);
    expect(() => builder.add(line(2), leafHash)).toThrow(expect.objectContaining({ code: 'SEGMENT_RECORD_INVALID' }));
    expect(builder.take().raw.toString()).toBe(`${'x'.repeat(39)}\n${'x'.repeat(59)}\n`);
  });

  it('gives a record larger than a segment one of its own', () => {
    const builder = new SegmentBuilder({ maxRawBytes: 100, maxRecords: 1000 });
    builder.add(line(40), leafHash);
    expect(builder.fits(500)).toBe(false);
    builder.take();
    expect(builder.fits(500)).toBe(true);
    builder.add(line(500), leafHash);
    expect(builder.fits(2)).toBe(false);
    expect(builder.take().raw).toHaveLength(500);
  });

  it('refuses what is no line, and goes on', () => {
    const builder = new SegmentBuilder();
    for (const bad of ['', '\n', 'a']) {
      expect(() => builder.add(Buffer.from(bad), leafHash)).toThrow(expect.objectContaining({ code: 'SEGMENT_RECORD_INVALID' }));
    }
    expect(builder.records).toBe(0);
    builder.add(line(10), leafHash);
    expect(builder.records).toBe(1);
    expect(segmentLimits).toEqual({ maxRawBytes: 8_388_608, maxRecords: 5_000 });
  });
});
