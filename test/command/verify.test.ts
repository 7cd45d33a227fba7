// SPDX-License-Identifier: Apache-2.0
import { chmodSync, cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { collectShape } from '../../src/cli/output-shapes/collection-shapes.ts';
import { checkpointShape, verifyShape } from '../../src/cli/output-shapes/ledger-shapes.ts';
import { aims, aimsJson } from '../support/aims-command.ts';
import { filesBelow, flipBit } from '../support/damage.ts';
import { logFile, oneOfEach, writeFiles } from '../support/evidence-folder.ts';
import { trailRecord } from '../support/intake.ts';
import { temporaryDirectories } from '../support/temporary-directory.ts';

const directory = temporaryDirectories('verify');
let made: string;
/** Files of the home after its first collection; what came later was sealed by the second. */
let first: readonly string[];
let kept: { readonly checkpoint: string; readonly verifierKey: string };

beforeAll(async () => {
  made = await directory();
  await writeFiles(join(made, 'in'), oneOfEach);
  await aimsJson(collectShape, made, ['collect', '--from', 'in']);
  first = filesBelow(join(made, '.aims'));
  await writeFiles(join(made, 'more'), { 'b.json.gz': logFile(trailRecord('e-9')) });
  await aimsJson(collectShape, made, ['collect', '--from', 'more', '--source', 'cloudtrail']);
  kept = await aimsJson(checkpointShape, made, ['checkpoint']);
  writeFileSync(join(made, 'kept.txt'), kept.checkpoint);
});

async function copy(): Promise<string> {
  const at = await directory();
  cpSync(made, at, { recursive: true });
  return at;
}

const pinned = () => ['--checkpoint', 'kept.txt', '--key', kept.verifierKey];

async function verified(at: string, ...more: readonly string[]) {
  return await aimsJson(verifyShape, at, ['verify', ...more]);
}

async function failed(at: string, ...more: readonly string[]) {
  const found = await aimsJson(verifyShape, at, ['verify', ...more], { code: 1 });
  expect(found.ok).toBe(false);
  return found.problems;
}

/** Files of the copy's home that the second collection added, under one folder of it. */
const later = (folder: string) => filesBelow(join(made, '.aims')).filter((path) => !first.includes(path) && path.startsWith(folder));

describe('verify', () => {
  it('of an untouched home passes and says what it checked', async () => {
    const found = await verified(made, '--records', ...pinned());
    expect(found).toMatchObject({ ok: true, problems: [], limits: [], checked: { pinnedCheckpoint: true, recordLeaves: true } });
    expect(found.checked['segments']).toBe(filesBelow(join(made, '.aims/vault')).length);
    const { code, stdout } = await aims(made, ['verify']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('verified: everything is as it was sealed') });
  });

  it('names the first of what was planted, and how many more there are', async () => {
    const at = await copy();
    await writeFiles(join(at, '.aims/vault'), Object.fromEntries(Array.from({ length: 130 }, (_, n) => [`planted-${n}.txt`, 'x'])));
    const found = await aimsJson(verifyShape, at, ['verify'], { code: 1 });
    expect(found).toMatchObject({ ok: false, unnamed: [{ kind: 'foreign', count: 30 }] });
    expect(found.problems).toHaveLength(100);
    const { stdout } = await aims(at, ['verify']);
    expect(stdout).toContain('130 problem(s) found');
    expect(stdout).toContain('foreign: 30 more');
    expect((await verified(made))['unnamed']).toEqual([]);
  });

  it('says when the key came from the home itself, and when nothing from elsewhere was compared', async () => {
    const limits = JSON.stringify((await verified(made))['limits']);
    expect(limits).toContain('the key was taken from the home itself');
    expect(limits).toContain('no checkpoint from elsewhere');
    expect((await aims(made, ['verify'])).stdout).toContain('note: the key was taken from the home itself');
  });

  it('needs nothing but the file that `aims checkpoint` was sent to, and says that the key is from there', async () => {
    const at = await copy();
    const { code, stdout, stderr } = await aims(at, ['checkpoint']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${kept.checkpoint}\nverifier key: ${kept.verifierKey}\n` });
    expect(stderr).not.toContain(kept.verifierKey);
    writeFileSync(join(at, 'file.txt'), stdout);
    const keysFrom = '--checkpoint file.txt';
    const found = await verified(at, '--records', '--checkpoint', 'file.txt');
    expect(found).toMatchObject({ ok: true, limits: [], verifierKeys: [kept.verifierKey], keysFrom, checked: { pinnedCheckpoint: true } });
    expect((await aims(at, ['verify', '--checkpoint', 'file.txt'])).stdout).toContain(keysFrom);
    expect(await verified(at, '--checkpoint', 'kept.txt')).toMatchObject({ keysFrom: join(at, '.aims/signing.key') });
    // Everything signed anew, by another key: with a bare note the home's own key would be believed as far as it goes.
    rmSync(join(at, '.aims'), { recursive: true });
    await aimsJson(collectShape, at, ['collect', '--from', 'in']);
    expect((await failed(at, '--checkpoint', 'file.txt')).map(({ kind }) => kind)).toContain('signature');
  });

  it('takes a key that a person gives before one in the kept file, and refuses a file whose key is none', async () => {
    const at = await copy();
    const text = `${kept.checkpoint}\nverifier key: aims-evidence/other+00000000+AQID\n`;
    writeFileSync(join(at, 'forged.txt'), text);
    expect(await verified(at, '--checkpoint', 'forged.txt', '--key', kept.verifierKey)).toMatchObject({ ok: true, keysFrom: '--key' });
    const refused = await aims(at, ['verify', '--checkpoint', 'forged.txt']);
    expect(refused).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--checkpoint forged.txt: ') });
  });

  it('names the segment in which one bit was flipped, to people too', async () => {
    const at = await copy();
    const [segment = ''] = filesBelow(join(at, '.aims/vault'));
    flipBit(join(at, '.aims/vault', segment));
    expect(await failed(at)).toMatchObject([{ item: segment, reason: expect.stringContaining('SHA-256') }]);
    const { code, stdout } = await aims(at, ['verify']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringContaining(`damaged: ${segment}: `) });
  });

  it('names a segment that was removed, and the newest one when it was truncated', async () => {
    const at = await copy();
    const [gone = ''] = filesBelow(join(at, '.aims/vault'));
    rmSync(join(at, '.aims/vault', gone));
    expect(await failed(at)).toMatchObject([{ item: gone, reason: expect.stringContaining('the vault does not hold it') }]);
    const other = await copy();
    const newest = later('vault/').at(-1)?.slice('vault/'.length) ?? '';
    chmodSync(join(other, '.aims/vault', newest), 0o644);
    truncateSync(join(other, '.aims/vault', newest), 40);
    expect(await failed(other)).toMatchObject([{ item: newest }]);
  });

  it('notices one flipped bit in every tile, checkpoint and head', async () => {
    // What was only on the way to the newest head proves nothing and is not looked at: proposals, and heads that were replaced.
    const files = filesBelow(join(made, '.aims/ledger')).filter((path) => !/^(proposal|head)\//.test(path));
    files.push(
      ...filesBelow(join(made, '.aims/ledger'))
        .filter((path) => path.startsWith('head/'))
        .slice(-1),
    );
    expect(files.length).toBeGreaterThan(6);
    for (const file of files) {
      const at = await copy();
      flipBit(join(at, '.aims/ledger', file));
      const items = (await failed(at, ...pinned())).map(({ item, reason }) => `${item}: ${reason}`).join('\n');
      expect({ file, items }).toEqual({ file, items: expect.stringMatching(/tile|checkpoint|head/) });
    }
  });

  it('notices that a tile of the newest tree is gone', async () => {
    const newest = later('ledger/tile/');
    expect(newest).toHaveLength(2);
    for (const file of newest) {
      const at = await copy();
      rmSync(join(at, '.aims', file));
      expect((await failed(at)).map(({ item }) => item)).toContain(file.slice('ledger/'.length));
    }
  });

  it('finds out with the kept checkpoint alone that the newest checkpoint, head, tiles and segments were removed together', async () => {
    const at = await copy();
    const cut = filesBelow(join(at, '.aims')).filter((path) => !first.includes(path) && /^(ledger|vault)\//.test(path));
    expect(cut.filter((path) => path.startsWith('vault/')).length).toBeGreaterThan(0);
    for (const path of cut) rmSync(join(at, '.aims', path));
    expect(await verified(at, '--records', '--key', kept.verifierKey)).toMatchObject({ ok: true });
    expect(await failed(at, ...pinned())).toMatchObject([
      { item: 'the pinned checkpoint', reason: expect.stringContaining('the ledger has') },
    ]);
  });

  it('finds out with the kept checkpoint alone that a home was emptied to look like a new one', async () => {
    const at = await copy();
    const [begin = ''] = filesBelow(join(made, '.aims/ledger/checkpoints'));
    for (const part of ['vault', 'ledger', 'index.sqlite']) rmSync(join(at, '.aims', part), { recursive: true });
    cpSync(join(made, '.aims/ledger/checkpoints', begin), join(at, '.aims/ledger/checkpoints', begin));
    const found = await verified(at, '--records', '--key', kept.verifierKey);
    expect(found).toMatchObject({ ok: true, checked: { segments: 0, checkpoints: 1 } });
    expect(await failed(at, ...pinned())).toMatchObject([{ kind: 'rolled-back', item: 'the pinned checkpoint' }]);
  });

  it('reads what is not sealed yet: what is sound waits for the next seal, what is damaged is named', async () => {
    // As a run leaves it that was killed before its seal.
    const killed = async () => {
      const at = await copy();
      for (const path of later('ledger/')) rmSync(join(at, '.aims', path));
      return at;
    };
    const waiting = later('vault/').map((path) => path.slice('vault/'.length));
    expect(waiting.length).toBeGreaterThan(0);
    const sound = await verified(await killed());
    expect(sound).toMatchObject({ ok: true, problems: [], checked: { unsealed: waiting.length } });
    expect(sound.pending).toMatchObject(waiting.map((item) => ({ kind: 'unsealed', item })));
    const at = await killed();
    flipBit(join(at, '.aims/vault', waiting[0] ?? ''));
    const damaged = [{ kind: 'damaged', item: waiting[0], reason: expect.stringContaining('SHA-256') }];
    for (const more of [[], ['--records']]) expect(await failed(at, ...more)).toMatchObject(damaged);
  });

  it('names garbage under the key of a segment, before and after a collection that passes over it', async () => {
    const at = await copy();
    const planted = `written=2026-11-21/source=macie/${'0'.repeat(64)}.ndjson.zst`;
    await writeFiles(join(at, '.aims/vault'), { [planted]: 'garbage!' });
    expect(await failed(at, '--records')).toMatchObject([{ kind: 'damaged', item: planted }]);
    expect(await aims(at, ['collect', '--from', 'more'])).toMatchObject({ code: 1 });
    expect(await failed(at)).toMatchObject([{ kind: 'damaged', item: planted }]);
  });

  it('names what somebody put into the vault', async () => {
    const at = await copy();
    writeFileSync(join(at, '.aims/vault/note.txt'), 'mine');
    expect(await failed(at)).toMatchObject([{ item: 'note.txt' }]);
  });

  it('does not believe evidence that nobody signed', async () => {
    for (const part of ['ledger/checkpoints', 'ledger']) {
      const at = await copy();
      rmSync(join(at, '.aims', part), { recursive: true });
      expect((await failed(at, '--key', kept.verifierKey)).length).toBeGreaterThan(0);
    }
  });

  it('tells what is not sealed yet from what is wrong', async () => {
    const at = await copy();
    const [checkpoint = ''] = later('ledger/checkpoints/');
    rmSync(join(at, '.aims', checkpoint));
    const found = await verified(at);
    expect(found).toMatchObject({ ok: true, problems: [], pending: [{ item: 'head', reason: expect.stringContaining('seal again') }] });
  });

  it('fails by another key, and refuses what is no key and no checkpoint', async () => {
    const other = await directory();
    await writeFiles(join(other, 'in'), oneOfEach);
    await aimsJson(collectShape, other, ['collect', '--from', 'in']);
    const { verifierKey } = await aimsJson(checkpointShape, other, ['checkpoint']);
    expect((await failed(made, '--key', verifierKey)).length).toBeGreaterThan(0);
    expect(await aims(made, ['verify', '--key', 'no+key'])).toMatchObject({ code: 2, stdout: '' });
    expect(await aims(made, ['verify', '--checkpoint', 'nowhere.txt'])).toMatchObject({ code: 2, stdout: '' });
    writeFileSync(join(other, 'other.txt'), readFileSync(join(made, 'kept.txt')));
    expect((await failed(other, '--checkpoint', 'other.txt')).map(({ item }) => item)).toContain('the pinned checkpoint');
  });
});
