// SPDX-License-Identifier: Apache-2.0
import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { noDeclarations } from '../../../src/evidence/scope-file.ts';
import { createCloudTrail } from '../../../src/sources/cloudtrail.ts';
import { digestChain, digestKey, type MadeDigest } from '../../support/digests.ts';
import { folderOf, type ReadFolder, readFolder } from '../../support/intake.ts';

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
    .map((one) => ('observation' in one ? one.observation : null));
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
