// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { mkdir, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { stringAt } from '../../../src/evidence/json.ts';
import { noDeclarations } from '../../../src/evidence/scope-file.ts';
import { createCloudTrail } from '../../../src/sources/cloudtrail.ts';
import { fileItems } from '../../../src/sources/file-items.ts';
import { asDefined } from '../../support/defined-facts.ts';
import { digestChain, digestKey, type MadeDigest } from '../../support/digests.ts';
import { folderOf, type ReadFolder, readFolder, trailRecord } from '../../support/intake.ts';

const source = createCloudTrail({ tables: {}, declarations: noDeclarations });
const key = digestKey();
const chain = digestChain(key, 3);

function filesOf(made: readonly MadeDigest[], prefix = 'copy/'): Record<string, Uint8Array> {
  return Object.fromEntries(
    made.flatMap((one) => [
      [prefix + one.key, gzipSync(one.text)],
      [prefix + one.logKey, gzipSync(one.logText)],
    ]),
  );
}

function digestFacts({ items }: ReadFolder) {
  return items
    .filter((item) => item.shape === 'digest')
    .flatMap((item) => source.interpret(item, JSON.parse(item.text)))
    .map((one) => ('observation' in one ? asDefined(one.observation) : null));
}

describe('digest files of a folder', () => {
  it('are checked by chain and hashes after everything else, and never called valid', async () => {
    const found = await readFolder(await folderOf(filesOf(chain)));
    expect(found.items.map((item) => item.shape)).toEqual(['event', 'event', 'event', 'digest', 'digest', 'digest']);
    for (const observation of digestFacts(found)) {
      expect(observation?.facts).toEqual({
        digestChain: 'unsigned',
        digestSignature: 'not-checked',
        digestHashes: 'match',
        logFilesListed: 1,
        logFilesChecked: 1,
      });
      expect(observation).toMatchObject({ kind: 'execution', account: '111122223333', region: 'eu-west-1' });
    }
    expect(found.gaps).toEqual([]);
  });

  it('show an altered log file with its hour and name', async () => {
    const files = filesOf(chain);
    const [, second] = chain as [MadeDigest, MadeDigest, MadeDigest];
    files[`copy/${second.logKey}`] = gzipSync(second.logText.replace('PutObject', 'GetObject'));
    const [, broken, after] = digestFacts(await readFolder(await folderOf(files)));
    expect(broken?.facts).toMatchObject({ digestChain: 'broken', digestHashes: 'mismatch' });
    expect(broken?.facts['digestProblems']).toMatchObject([{ hour: '2026-11-19T02:00:00Z', file: second.logKey }]);
    expect(broken?.title).toContain(second.logKey);
    expect(after?.facts['digestChain']).toBe('unsigned');
  });

  it('show a log file that was taken away', async () => {
    const root = await folderOf(filesOf(chain));
    await unlink(join(root, 'copy', chain[0]?.logKey ?? ''));
    const [first] = digestFacts(await readFolder(root));
    expect(first?.facts).toMatchObject({ digestChain: 'broken', digestProblems: [{ what: expect.stringContaining('missing') }] });
  });

  it('do not call log files missing that nobody brought', async () => {
    const onlyDigests = Object.fromEntries(chain.map((one) => [one.key, one.text]));
    const [first] = digestFacts(await readFolder(await folderOf(onlyDigests)));
    expect(first?.facts).toEqual({ digestSignature: 'not-checked', digestHashes: 'not-checked', logFilesListed: 1, logFilesChecked: 0 });
  });

  it('show hours that are missing between two digests', async () => {
    const [first, , third] = chain as [MadeDigest, MadeDigest, MadeDigest];
    const observations = digestFacts(await readFolder(await folderOf(filesOf([first, third], ''))));
    expect(observations.map((one) => one?.facts['digestChain'])).toEqual(['unsigned', 'gap']);
  });

  it('are matched with unpacked log files beside them, and never with files outside the folder', async () => {
    const [first] = chain as [MadeDigest];
    const name = first.logKey.split('/').at(-1)?.replace(/\.gz$/, '') ?? '';
    const [beside] = digestFacts(await readFolder(await folderOf({ 'digest.json': first.text, [name]: first.logText })));
    expect(beside?.facts).toMatchObject({ digestHashes: 'match' });
    const escaping = first.text.replace(first.logKey, '../../../../../../../../../etc/hostname');
    const [outside] = digestFacts(await readFolder(await folderOf({ 'digest.json': escaping })));
    expect(outside?.facts).toMatchObject({ logFilesChecked: 0, digestHashes: 'not-checked' });
  });

  it('prove nothing when they come without a check', () => {
    const item = { source: 'cloudtrail', shape: 'digest', text: chain[0]?.text ?? '', channel: { kind: 'event', eventId: 'x' } } as const;
    const context = { partition: 'aws', account: '', region: '', sweptAt: '2026-11-20T00:00:00Z' };
    const [found] = source.interpret({ ...item, context }, JSON.parse(item.text));
    expect(found).toMatchObject({ observation: { facts: { digestSignature: 'not-checked', digestHashes: 'not-checked' } } });
  });
});

const [first, second, third] = chain as [MadeDigest, MadeDigest, MadeDigest];
const chainsOf = (found: ReadFolder) => digestFacts(found).map((one) => one?.facts['digestChain'] ?? null);
const whole = ['unsigned', 'unsigned', 'unsigned'];

describe('a listed log file of a folder', () => {
  it('that is cut short is altered by name and hour, and its digest stands in the chain', async () => {
    const packed = gzipSync(second.logText);
    const root = await folderOf({ ...filesOf(chain), [`copy/${second.logKey}`]: packed.subarray(0, packed.length - 20) });
    const found = await readFolder(root);
    expect(chainsOf(found)).toEqual(['unsigned', 'broken', 'unsigned']);
    const [, broken] = digestFacts(found);
    expect(broken?.facts['digestProblems']).toEqual([
      { hour: '2026-11-19T02:00:00Z', file: second.logKey, what: 'the log file was altered: it does not unpack' },
    ]);
    expect(found.gaps.map(({ what, code }) => [what, code])).toEqual([[`copy/${second.logKey}`, 'FILE_DECOMPRESSION_FAILED']]);
  });

  it('that the file system refuses is named and proves nothing, in either direction', async () => {
    const root = await folderOf(filesOf(chain));
    const refused = join(root, 'copy', second.logKey);
    await unlink(refused);
    await mkdir(refused);
    const found = await readFolder(root);
    expect(chainsOf(found)).toEqual(['unsigned', null, 'unsigned']);
    const [, unread] = digestFacts(found);
    expect(unread?.facts).toMatchObject({ digestHashes: 'not-checked', logFilesListed: 1, logFilesChecked: 0 });
    expect(unread?.facts['digestProblems']).toMatchObject([{ file: second.logKey, what: 'the log file could not be read (EISDIR)' }]);
    expect(unread?.title).toContain(`not checked, as the log file could not be read (EISDIR) (${second.logKey})`);
    await rm(refused, { recursive: true });
    await symlink(refused, refused);
    expect(chainsOf(await readFolder(root))).toEqual(['unsigned', null, 'unsigned']);
  });

  it('that links to a place outside is not called missing, and not opened', async () => {
    const outside = await folderOf({ 'log.json.gz': gzipSync(second.logText) });
    const root = await folderOf(filesOf(chain));
    await unlink(join(root, 'copy', second.logKey));
    await symlink(join(outside, 'log.json.gz'), join(root, 'copy', second.logKey));
    expect(chainsOf(await readFolder(root))).toEqual(['unsigned', null, 'unsigned']);
  });

  it('is missing where log files of its account and Region are there, also when all of its day are gone', async () => {
    const days = digestChain(key, 4, 22);
    const root = await folderOf(filesOf(days, ''));
    expect(chainsOf(await readFolder(root))).toEqual([...whole, 'unsigned']);
    await rm(join(root, 'AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11/20'), { recursive: true });
    const found = await readFolder(root);
    expect(chainsOf(found)).toEqual(['unsigned', 'unsigned', 'broken', 'broken']);
    expect(digestFacts(found).slice(2)).toMatchObject([
      { facts: { digestProblems: [{ hour: '2026-11-20T01:00:00Z', file: days[2]?.logKey, what: 'the listed log file is missing' }] } },
      { facts: { digestProblems: [{ hour: '2026-11-20T02:00:00Z', file: days[3]?.logKey, what: 'the listed log file is missing' }] } },
    ]);
    await rm(join(root, 'AWSLogs/111122223333/CloudTrail'), { recursive: true });
    expect(chainsOf(await readFolder(root))).toEqual([null, null, null, null]);
  });

  it('is not missing where log files of another place or Region are there', async () => {
    const digests = Object.fromEntries(chain.map((one) => [`a/${one.key}`, one.text]));
    const log = gzipSync(first.logText);
    const others = { [`b/${first.logKey}`]: log, [`a/${first.logKey.replaceAll('eu-west-1', 'eu-west-2')}`]: log };
    expect(chainsOf(await readFolder(await folderOf({ ...digests, ...others })))).toEqual([null, null, null]);
    expect(chainsOf(await readFolder(await folderOf({ 'renamed.json': first.text })))).toEqual([null]);
  });

  it('is not missing in a copy that begins with a day, of which the first digest lists the day before', async () => {
    const days = digestChain(key, 3, 23);
    const root = await folderOf(filesOf(days, ''));
    await rm(join(root, 'AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11/19'), { recursive: true });
    expect(chainsOf(await readFolder(root))).toEqual([null, 'unsigned', 'unsigned']);
    await unlink(join(root, days[1]?.logKey ?? ''));
    expect(chainsOf(await readFolder(root))).toEqual([null, 'broken', 'unsigned']);
  });

  it('is found in a copy from any prefix on, over midnight too, and not looked for above a single file', async () => {
    const days = digestChain(key, 3, 22);
    const cut = Object.entries(filesOf(days, '')).map(([path, bytes]) => [path.replace('AWSLogs/111122223333/', 'x/'), bytes]);
    const root = await folderOf(Object.fromEntries(cut));
    expect(chainsOf(await readFolder(root))).toEqual(whole);
    expect(chainsOf(await readFolder(join(root, (days[0]?.key ?? '').replace('AWSLogs/111122223333/', 'x/'))))).toEqual([null]);
  });
});

describe('a digest of a folder, however it is wrapped,', () => {
  const read = async (content: string, others: Record<string, string | Uint8Array> = {}) =>
    readFolder(await folderOf({ ...filesOf(chain, ''), [second.key]: content, ...others }));

  it.each([
    ['behind a byte order mark', `\ufeff${second.text}`],
    ['before a line end', `${second.text}\n`],
    ['in Records', `{"Records":[${second.text}]}`],
    ['in a list', `[${second.text}]`],
    ['in a member of another name', `{"digest":${second.text}}`],
  ])('is checked by its own text %s', async (_name, content) => {
    const found = await read(content);
    expect(chainsOf(found)).toEqual(whole);
    expect(digestFacts(found)[1]?.facts).toMatchObject({ digestHashes: 'match', logFilesListed: 1, logFilesChecked: 1 });
    expect(found.items.filter(({ shape }) => shape === 'digest').map(({ text }) => text)).toEqual(chain.map(({ text }) => text));
    expect([found.gaps, found.unrecognised]).toEqual([[], []]);
    const tampered = await read(content, { [second.logKey]: gzipSync(second.logText.replace('PutObject', 'GetObject')) });
    expect(chainsOf(tampered)).toEqual(['unsigned', 'broken', 'unsigned']);
    expect(digestFacts(tampered)[1]?.facts['digestProblems']).toMatchObject([{ hour: '2026-11-19T02:00:00Z', file: second.logKey }]);
  });

  it.each([
    ['a list', (texts: readonly string[]) => `[${texts.join(',')}]`],
    ['lines', (texts: readonly string[]) => texts.join('\n')],
    ['Records', (texts: readonly string[]) => gzipSync(`{"Records":[${texts.join(',')}]}`)],
    ['a member of another name', (texts: readonly string[]) => `{"digests":[${texts.join(',')}]}`],
  ])('is checked among several in %s', async (_name, join) => {
    const logs = Object.fromEntries(chain.map((one) => [one.logKey.slice(one.logKey.lastIndexOf('/') + 1), gzipSync(one.logText)]));
    const altered = second.text.replace('"hashAlgorithm":"SHA-256"', '"hashAlgorithm":"SHA-257"');
    const found = await readFolder(await folderOf({ ...logs, digests: join([third.text, first.text, second.text]) }));
    expect(chainsOf(found)).toEqual(whole);
    expect(found.gaps).toEqual([]);
    const tampered = await readFolder(await folderOf({ ...logs, digests: join([third.text, first.text, altered]) }));
    expect(chainsOf(tampered)).toEqual(['broken', 'unsigned', 'unsigned']);
    expect(digestFacts(tampered)[0]?.facts['digestProblems']).toMatchObject([{ hour: '2026-11-19T03:00:00Z', file: second.key }]);
    const cut = await readFolder(await folderOf({ ...logs, digests: join([third.text, first.text]) }));
    expect(digestFacts(cut)[0]?.facts['digestGap']).toBe('no digest is at hand from 2026-11-19T01:00:00Z to 2026-11-19T02:00:00Z');
  });

  it('leaves what stands beside it to be read', async () => {
    const found = await read(`[${second.text},${trailRecord('beside')}]`);
    expect(chainsOf(found)).toEqual(whole);
    expect(found.items.filter(({ text }) => text.includes('beside'))).toHaveLength(1);
    const inOne = await read(`{"a":${second.text},"b":${trailRecord('beside')}}`);
    expect(inOne.items.filter(({ text }) => text.includes('beside'))).toHaveLength(1);
    // What was not checked says so, and is no gap in the chain either.
    expect(digestFacts(inOne).map((one) => [one?.facts['digestChain'], one?.facts['digestHashes']])).toEqual([
      [undefined, 'not-checked'],
      ['unsigned', 'match'],
      ['unsigned', 'match'],
    ]);
  });

  it('is cut out of a file of many pieces', async () => {
    const padding = Array.from({ length: 700 }, (_, i) => trailRecord(`${i}`, { blob: 'x'.repeat(2_000) })).join(',');
    const found = await read(`[${padding},${second.text},${padding},${second.text}]`);
    expect(chainsOf(found)).toEqual(['unsigned', 'unsigned', 'unsigned', 'unsigned']);
    expect(found.items).toHaveLength(1_400 + 3 + 4);
  });

  it('is there twice in copies without a gap, and a copy that does not fit is told', async () => {
    const copy = second.key.replace('.json.gz', '-copy.json');
    expect(chainsOf(await read(second.text, { [copy]: second.text }))).toEqual([...whole, 'unsigned']);
    const altered = second.text.replace('"hashAlgorithm":"SHA-256"', '"hashAlgorithm":"SHA-257"');
    const found = await read(second.text, { [copy]: altered });
    expect(digestFacts(found).find((one) => one?.occurredAt === '2026-11-19T03:00:00Z')?.facts).toMatchObject({
      digestChain: 'broken',
      digestProblems: [{ file: second.key }],
    });
  });

  it('fits by its whole file too, as CloudTrail hashes it', async () => {
    const ended = `${first.text}\n`;
    const noting = second.text.replace(first.sha256, createHash('sha256').update(ended).digest('hex'));
    const files = filesOf([first, second], '');
    const fits = await readFolder(await folderOf({ ...files, [first.key]: gzipSync(ended), [second.key]: noting }));
    expect(chainsOf(fits)).toEqual(['unsigned', 'unsigned']);
    const other = await readFolder(await folderOf({ ...files, [first.key]: gzipSync(`${ended}\n`), [second.key]: noting }));
    expect(chainsOf(other)).toEqual(['unsigned', 'broken']);
  });

  it('that changes while the folder is read is a problem of its own and no gap in the chain', async () => {
    const root = await folderOf(filesOf(chain, ''));
    const found: (string | null)[] = [];
    for await (const reading of fileItems(root)) {
      if (found.length === 3) await writeFile(join(root, second.key), `${second.text} `);
      if ('problem' in reading) found.push(`${reading.problem.gap.code} ${reading.problem.path}`);
      if ('batch' in reading) found.push(stringAt(reading.batch.context, 'check', 'chain') ?? null);
    }
    expect(found).toEqual([null, null, null, 'unsigned', `FILE_CHANGED ${second.key}`, 'unsigned']);
  });
});
