// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { collectShape } from '../../src/cli/output-shapes/collection-shapes.ts';
import { verifyShape } from '../../src/cli/output-shapes/ledger-shapes.ts';
import { gapsShape } from '../../src/cli/output-shapes/record-list-shapes.ts';
import { showShape } from '../../src/cli/output-shapes/show-shape.ts';
import type { EvidenceRecord } from '../../src/evidence/record.ts';
import { aims, aimsJson } from '../support/aims-command.ts';
import { type Files, logFile, writeFiles } from '../support/evidence-folder.ts';
import { vaultRecords } from '../support/home-state.ts';
import { trailRecord } from '../support/intake.ts';
import { temporaryDirectories } from '../support/temporary-directory.ts';

const directory = temporaryDirectories('bad-input');
const good = { 'z-last.json.gz': logFile(trailRecord('good-1'), trailRecord('good-2')) };

interface Collected {
  readonly at: string;
  readonly run: { readonly itemsRead: number; readonly recordsStored: number; readonly itemGaps: number; readonly scopeGaps: number };
  readonly unrecognised: readonly { readonly path: string; readonly reason: string }[];
  /** The events that were stored, by eventID. */
  readonly events: ReadonlyMap<string, EvidenceRecord>;
  readonly gaps: readonly { readonly reason: string; readonly what: string; readonly message: string }[];
}

/** Collects CloudTrail from files beside a good one, checks that the good one and the home came through, and tells what became of the rest. */
async function collect(files: Files, prepare: (folder: string) => void = () => undefined): Promise<Collected> {
  const at = await directory();
  await writeFiles(join(at, 'in'), { ...good, ...files });
  prepare(join(at, 'in'));
  const { runs, unrecognised } = await aimsJson(collectShape, at, ['collect', '--from', 'in', '--source', 'cloudtrail']);
  const records = (await vaultRecords(join(at, '.aims'))).filter(({ core }) => core.kind === 'activity');
  const events = new Map(records.map((record) => [record.core.sourceIdentity.replace(/^.*[:|]/, ''), record]));
  expect(
    events
      .keys()
      .filter((id) => id.startsWith('good'))
      .toArray()
      .sort(),
  ).toEqual(['good-1', 'good-2']);
  expect(await aimsJson(verifyShape, at, ['verify', '--records'])).toMatchObject({ ok: true });
  const { open } = await aimsJson(gapsShape, at, ['gaps']);
  const [run] = runs;
  if (run === undefined) throw new Error('no run');
  return { at, run, unrecognised, events, gaps: open };
}

const logText = (...records: readonly string[]) => `{"Records":[${records.join(',')}]}`;

describe('a file that is broken', () => {
  it('a truncated gzip gives what stood before the cut and a gap with file, place and cause', async () => {
    const records = Array.from({ length: 2000 }, (_, i) => trailRecord(`cut-${i}`, { userAgent: String(Math.sin(i)) }));
    const whole = logFile(...records);
    const { run, gaps, events } = await collect({ 'cut.json.gz': whole.subarray(0, Math.floor(whole.length / 2)) });
    expect(events.size).toBeGreaterThan(500);
    expect(events.size).toBeLessThan(2000);
    expect(run.scopeGaps).toBe(1);
    expect(gaps).toMatchObject([
      { reason: 'malformed', what: 'cut.json.gz', message: expect.stringContaining('FILE_DECOMPRESSION_FAILED') },
    ]);
  });

  it('a gzip of which nothing can be read is a gap too', async () => {
    const bytes = Buffer.concat([logFile(trailRecord('x')).subarray(0, 12), Buffer.alloc(200, 0x55)]);
    const { run, gaps } = await collect({ 'noise.json.gz': bytes });
    expect(run).toMatchObject({ itemsRead: 2, recordsStored: 2, scopeGaps: 1 });
    expect(gaps).toMatchObject([{ reason: 'malformed', what: 'noise.json.gz' }]);
  });

  it('JSON that ends inside an item keeps the items before and tells the byte where the cut one begins', async () => {
    const text = logText(trailRecord('whole'), trailRecord('cut'));
    const { events, gaps } = await collect({ 'cut.json': text.slice(0, -40) });
    expect(events.has('whole')).toBe(true);
    expect(events.has('cut')).toBe(false);
    expect(gaps).toMatchObject([{ what: 'cut.json', message: expect.stringContaining(`byte ${text.lastIndexOf('{"eventVersion')}`) }]);
  });

  it('invalid UTF-8 in one record costs that record alone, and its bytes are named by hash', async () => {
    const bytes = Buffer.from(logText(trailRecord('a'), trailRecord('bad-XX'), trailRecord('b')));
    bytes.write('\xff\xfe', bytes.indexOf('bad-XX') + 4, 'latin1');
    const { run, events, gaps, at } = await collect({ 'bad.json': bytes });
    expect(run).toMatchObject({ itemsRead: 5, recordsStored: 4, itemGaps: 1 });
    expect([events.has('a'), events.has('b')]).toEqual([true, true]);
    expect(gaps).toMatchObject([{ reason: 'malformed', what: 'bad.json', message: expect.stringContaining('is not UTF-8 text') }]);
    const id = (await aimsJson(gapsShape, at, ['gaps'])).open[0]?.id ?? '';
    const { record } = await aimsJson(showShape, at, ['show', id]);
    expect(record.raw.detail).toMatchObject({ detail: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/), offset: expect.any(Number) } });
  });

  it('of which not one item can be read is one gap, however many items', async () => {
    const { run, gaps, unrecognised } = await collect({ 'all-bad.json': `{"Records":[{"eventID":nope},{"eventID":nope}]}` });
    expect(run).toMatchObject({ itemsRead: 2, recordsStored: 2, itemGaps: 0, scopeGaps: 1 });
    expect(gaps).toMatchObject([{ reason: 'malformed', what: 'all-bad.json', message: expect.stringContaining('1 more items') }]);
    expect(unrecognised.map(({ path }) => path)).toEqual(['all-bad.json']);
  });
});

describe('a file that cannot be opened', () => {
  it('is a gap that names it, and the rest is read', async () => {
    const { run, gaps } = await collect({}, (folder) => {
      symlinkSync('no-such-file.json', join(folder, 'dangling.json'));
      symlinkSync('loop.json', join(folder, 'loop.json'));
    });
    expect(run.scopeGaps).toBe(2);
    expect(gaps.map(({ reason, what }) => `${reason} ${what}`).sort()).toEqual(['unavailable dangling.json', 'unavailable loop.json']);
    expect(gaps.find(({ what }) => what === 'loop.json')?.message).toContain('ELOOP');
  });

  it('a socket or a link to elsewhere is passed over and listed', async () => {
    const socket = createServer();
    const { run, unrecognised } = await collect({}, (folder) => {
      socket.listen(join(folder, 'socket'));
      symlinkSync('/etc/hostname', join(folder, 'elsewhere'));
    });
    socket.close();
    expect(run.scopeGaps).toBe(0);
    expect(unrecognised.map(({ path, reason }) => `${path} ${reason.split(':')[0]}`)).toEqual([
      'elsewhere unsupported',
      'socket unsupported',
    ]);
  });

  it('named itself, or a folder that holds nothing, is told plainly', async () => {
    const at = await directory();
    mkdirSync(join(at, 'empty'));
    expect(await aimsJson(collectShape, at, ['collect', '--from', 'empty'])).toMatchObject({ unrecognised: [] });
    expect(await aims(at, ['collect', '--from', 'nothing'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('--from nothing'),
    });
  });
});

describe('a record that is odd is kept as it stands:', () => {
  it('a string of 10 MB', async () => {
    const text = 'x'.repeat(10 * 1024 * 1024);
    const { events } = await collect({
      'big.json.gz': gzipSync(logText(trailRecord('big', { requestParameters: { text } }), trailRecord('after'))),
    });
    expect(events.get('big')?.raw.detail).toMatchObject({ requestParameters: { text } });
    expect(events.has('after')).toBe(true);
  }, 20_000);

  it('10,000 levels of nesting', async () => {
    const deep = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`;
    const text = trailRecord('deep', { requestParameters: 'HERE' }).replace('"HERE"', deep);
    const { events, run } = await collect({
      'deep.json': logText(text, trailRecord('after')),
      'deep-arrays.json': '['.repeat(10_000) + ']'.repeat(10_000),
    });
    expect(run).toMatchObject({ recordsStored: 4, itemGaps: 0 });
    expect(events.get('deep')?.raw).toMatchObject({ form: 'text', detail: text });
  });

  it('keys called __proto__ and constructor, which change nothing else', async () => {
    const text = trailRecord('proto', { requestParameters: 'HERE' }).replace(
      '"HERE"',
      '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":1}}}',
    );
    const { events } = await collect({ 'proto.json': logText(text) });
    expect(JSON.stringify(events.get('proto')?.raw.detail)).toContain('"__proto__":{"polluted":true}');
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  it('keys that stand twice, and numbers larger than JavaScript has', async () => {
    const twice = trailRecord('twice').replace('{"eventVersion"', '{"eventName":"First","eventVersion"');
    const large = trailRecord('large', { requestParameters: 'HERE' }).replace('"HERE"', '{"n":12345678901234567890}');
    const { events } = await collect({ 'odd.json': logText(twice, large) });
    expect(events.get('twice')?.raw).toMatchObject({ form: 'text', detail: twice });
    expect(events.get('large')?.raw).toMatchObject({ form: 'text', detail: large });
  });
});
