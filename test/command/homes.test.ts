// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { chmodSync, cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { collectShape } from '../../src/cli/output-shapes/collection-shapes.ts';
import { rebuildShape, verifyShape } from '../../src/cli/output-shapes/ledger-shapes.ts';
import { evidenceShape, gapsShape } from '../../src/cli/output-shapes/record-list-shapes.ts';
import { showShape } from '../../src/cli/output-shapes/show-shape.ts';
import { HomeLock } from '../../src/runtime/home-lock.ts';
import { aims, aimsJson, type CommandResult } from '../support/aims-command.ts';
import { filesBelow, flipBit } from '../support/damage.ts';
import { oneOfEach, writeFiles } from '../support/evidence-folder.ts';
import { indexState, observationsIn } from '../support/home-state.ts';
import { temporaryDirectories } from '../support/temporary-directory.ts';

const directory = temporaryDirectories('homes');
let made: string;

beforeAll(async () => {
  made = await directory();
  await writeFiles(join(made, 'in'), oneOfEach);
  await aimsJson(collectShape, made, ['collect', '--from', 'in']);
});

/** A copy of a home with its folder of evidence, to be damaged. */
async function copy(): Promise<string> {
  const at = await directory();
  cpSync(made, at, { recursive: true });
  return at;
}

function expectRefused(result: CommandResult, code: number, words: string): void {
  expect(result).toEqual({ code, stdout: '', stderr: expect.stringContaining(words) });
  // A sentence and no stack: what to do, not where in our code it happened.
  expect(result.stderr).not.toContain('    at ');
}

const collectArgs = ['collect', '--from', 'in'];

describe('a home', () => {
  it('that does not exist is named by every command that reads, and none of them makes it', async () => {
    const at = await directory();
    for (const command of [
      'controls',
      'evidence',
      'runs',
      'gaps',
      'status',
      'checkpoint',
      'verify',
      'index rebuild',
      'show abcd',
      'receipt x',
    ]) {
      expectRefused(
        await aims(at, [...command.split(' '), '--home', 'nowhere']),
        2,
        `HOME_ABSENT: there is no evidence home at ${at}/nowhere`,
      );
    }
    expect(existsSync(join(at, 'nowhere'))).toBe(false);
  });

  it('of real evidence refuses the sample, and the other way round', async () => {
    const at = await copy();
    expectRefused(
      await aims(at, ['collect', '--from', 'sample', '--source', 'macie']),
      2,
      'HOME_MIXED: refusing to put sample evidence into',
    );
    const other = await copy();
    const home = join(other, '.aims/home.json');
    rmSync(home);
    writeFileSync(home, readFileSync(join(made, '.aims/home.json'), 'utf8').replace('"real"', '"sample"'));
    expectRefused(await aims(other, collectArgs), 2, 'HOME_MIXED: refusing to put real evidence into');
  });

  it('from a newer version is refused by name, to write and to read', async () => {
    const at = await copy();
    const home = join(at, '.aims/home.json');
    const text = readFileSync(home, 'utf8');
    rmSync(home);
    writeFileSync(home, text.replace('home/1', 'home/2').replace('"kind":"real"', '"kinds":["real"]'));
    for (const args of [collectArgs, ['verify'], ['evidence'], ['index', 'rebuild']]) {
      expectRefused(await aims(at, args), 3, 'was made by a newer aims (home format 2, this one knows 1); update aims');
    }
  });

  it('whose home file is garbage is damaged, not absent', async () => {
    const at = await copy();
    flipBit(join(at, '.aims/home.json'));
    rmSync(join(at, '.aims/home.json'));
    writeFileSync(join(at, '.aims/home.json'), '{"format":');
    expectRefused(await aims(at, collectArgs), 3, 'HOME_DAMAGED');
  });

  it('is not made by a command line that is wrong', async () => {
    const at = await directory();
    await writeFiles(join(at, 'in'), oneOfEach);
    for (const wrong of [
      ['--since', 'yesterday'],
      ['--scale', '0'],
      ['--until', '2026-13-01'],
    ])
      expectRefused(await aims(at, ['collect', '--from', 'sample', ...wrong]), 2, 'USAGE_OPTION');
    expectRefused(await aims(at, ['collect', '--from', 'no-such-folder']), 2, 'USAGE_PATH');
    expect(existsSync(join(at, '.aims'))).toBe(false);
  });
});

describe('the keys of a home', () => {
  it('another key file is refused before anything is read, and the right one puts all in order', async () => {
    const [at, other] = [await copy(), await directory()];
    await writeFiles(join(other, 'in'), oneOfEach);
    await aimsJson(collectShape, other, collectArgs);
    const before = filesBelow(join(at, '.aims/vault'));
    cpSync(join(other, '.aims/signing.key'), join(at, '.aims/signing.key'));
    const refused = await aims(at, collectArgs);
    expectRefused(refused, 3, 'LEDGER_KEY_WRONG');
    expect(refused.stderr).toContain(`the key of ${at}/.aims/signing.key`);
    expect(filesBelow(join(at, '.aims/vault'))).toEqual(before);
    expect(await aimsJson(verifyShape, at, ['verify'], { code: 1 })).toMatchObject({ ok: false });
    expect((await aims(at, ['verify'])).stdout).toContain(`another key than that of ${at}/.aims/signing.key may have signed`);
    cpSync(join(made, '.aims/signing.key'), join(at, '.aims/signing.key'));
    await aimsJson(collectShape, at, collectArgs);
    expect(await aimsJson(verifyShape, at, ['verify'])).toMatchObject({ ok: true });
  });

  it('another home’s secret is refused, since it would give what is stored a second id', async () => {
    const [at, other] = [await copy(), await directory()];
    await writeFiles(join(other, 'in'), oneOfEach);
    await aimsJson(collectShape, other, collectArgs);
    cpSync(join(other, '.aims/home.secret'), join(at, '.aims/home.secret'));
    for (const args of [collectArgs, ['evidence']]) expectRefused(await aims(at, args), 3, 'HOME_KEY_WRONG');
    expect(await aimsJson(verifyShape, at, ['verify'])).toMatchObject({ ok: true });
  });

  it('that others may read are refused with what to do', async () => {
    for (const name of ['signing.key', 'home.secret']) {
      const at = await copy();
      chmodSync(join(at, '.aims', name), 0o640);
      for (const args of [collectArgs, ['evidence']]) expectRefused(await aims(at, args), 3, 'chmod 600 it');
      chmodSync(join(at, '.aims', name), 0o600);
      await aimsJson(evidenceShape, at, ['evidence']);
    }
  });

  it('that are missing are never made anew', async () => {
    for (const name of ['signing.key', 'home.secret']) {
      const at = await copy();
      rmSync(join(at, '.aims', name));
      expectRefused(await aims(at, collectArgs), 3, name);
      expect(existsSync(join(at, '.aims', name))).toBe(false);
    }
  });

  it('that hold something else are named', async () => {
    for (const [name, code] of [
      ['signing.key', 'LEDGER_KEY_UNREADABLE'],
      ['home.secret', 'HOME_KEY_WRONG'],
    ] as const) {
      const at = await copy();
      writeFileSync(join(at, '.aims', name), 'nothing of the kind\n');
      expectRefused(await aims(at, collectArgs), 3, code);
    }
  });
});

describe('the index of a home', () => {
  it('replaced by garbage is named with the way out, which works and gives the same answers', async () => {
    const at = await copy();
    const before = await indexState(join(made, '.aims'));
    writeFileSync(join(at, '.aims/index.sqlite'), 'no database, though it may be long enough to look like one'.repeat(100));
    for (const args of [['evidence'], ['controls'], collectArgs]) {
      const result = await aims(at, args);
      expectRefused(result, 3, 'INDEX_DAMAGED');
      expect(result.stderr).toContain('aims index rebuild');
    }
    expect(await aimsJson(rebuildShape, at, ['index', 'rebuild'])).toMatchObject({ segments: before.segments.length, damaged: [] });
    expect(await indexState(join(at, '.aims'))).toEqual(before);
  });

  it('is not needed to verify', async () => {
    const at = await copy();
    writeFileSync(join(at, '.aims/index.sqlite'), 'garbage');
    expect(await aimsJson(verifyShape, at, ['verify', '--records'])).toMatchObject({ ok: true });
  });

  it('that was deleted is filled from the vault by the next collection, which stores nothing twice', async () => {
    const at = await copy();
    const before = await indexState(join(made, '.aims'));
    rmSync(join(at, '.aims/index.sqlite'));
    const { runs } = await aimsJson(collectShape, at, collectArgs);
    expect(runs.map((run) => run.recordsStored)).toEqual([0, 0, 0, 0, 0]);
    expect((await indexState(join(at, '.aims'))).counts).toEqual(before.counts);
  });

  it('is rebuilt without the segments that are damaged, which are named', async () => {
    const at = await copy();
    const [segment = ''] = filesBelow(join(at, '.aims/vault'));
    flipBit(join(at, '.aims/vault', segment));
    const result = await aimsJson(rebuildShape, at, ['index', 'rebuild'], { code: 1 });
    expect(result.damaged.map(({ key }) => key)).toEqual([segment]);
    expect((await indexState(join(at, '.aims'))).segments).not.toContain(segment);
    // To people the key is said once, and our code for it not at all.
    const { stdout } = await aims(at, ['index', 'rebuild']);
    expect(stdout).toContain(`damaged: ${segment}: its `);
    expect(stdout.split(segment)).toHaveLength(2);
  });
});

describe('a damaged segment', () => {
  const gapOf = (segment: string) => ({ source: 'aims-evidence', reason: 'malformed', what: `segment ${segment}` });
  const openGaps = async (at: string) => (await aimsJson(gapsShape, at, ['gaps'])).open;
  // Beside the run whose receipt was lost with its records.
  const allGaps = async (at: string) =>
    ((await aimsJson(gapsShape, at, ['gaps', '--all'])).all ?? []).filter(({ source }) => source === 'aims-evidence');
  const collected = async (at: string, code: number) => {
    const { runs, damaged } = await aimsJson(collectShape, at, collectArgs, { code });
    return { stored: runs.reduce((sum, run) => sum + run.recordsStored, 0), damaged };
  };

  /** A copy in which the largest segment of CloudTrail's is damaged: the one with its records. */
  async function damagedCopy(): Promise<{ readonly at: string; readonly segment: string; readonly path: string }> {
    const at = await copy();
    const sizeOf = (path: string) => readFileSync(join(at, '.aims/vault', path)).length;
    const trail = filesBelow(join(at, '.aims/vault')).filter((path) => path.includes('source=cloudtrail'));
    const [segment = ''] = trail.toSorted((one, other) => sizeOf(other) - sizeOf(one));
    const path = join(at, '.aims/vault', segment);
    flipBit(path);
    return { at, segment, path };
  }

  it('is named by a collection, which does the rest, keeps it as one gap, and fails until it is whole again', async () => {
    const { at, segment, path } = await damagedCopy();
    rmSync(join(at, '.aims/index.sqlite'));
    expect((await collected(at, 1)).damaged).toMatchObject([{ key: segment, reason: expect.stringContaining('SHA-256') }]);
    expect(await openGaps(at)).toMatchObject([gapOf(segment)]);
    const { code, stdout } = await aims(at, collectArgs);
    expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringContaining(`damaged segment ${segment}: `) });
    expect(await allGaps(at)).toHaveLength(1);
    expect(await openGaps(at)).toHaveLength(1);
    expect(await aimsJson(verifyShape, at, ['verify'], { code: 1 })).toMatchObject({ ok: false, problems: [{ item: segment }] });
    cpSync(join(made, '.aims/vault', segment), path);
    expect(await collected(at, 0)).toMatchObject({ stored: 0, damaged: [] });
    expect(await openGaps(at)).toEqual([]);
    expect(await allGaps(at)).toHaveLength(1);
    expect(await aimsJson(verifyShape, at, ['verify', '--records'])).toMatchObject({ ok: true, pending: [] });
  });

  it('confirms nothing: what it held is stored again, once, and can be shown, though the index was whole', async () => {
    const { at, segment, path } = await damagedCopy();
    const before = await indexState(join(made, '.aims'));
    const held = observationsIn(before).filter((entry) => entry.segment === segment);
    expect(held.length).toBeGreaterThan(0);
    const shown = ['show', held[0]?.id ?? ''];
    expect(await aims(at, shown)).toMatchObject({ code: 3, stderr: expect.stringContaining('SEGMENT_DAMAGED') });
    expect(await collected(at, 1)).toMatchObject({ stored: held.length, damaged: [{ key: segment }] });
    expect(await openGaps(at)).toMatchObject([gapOf(segment)]);
    expect(await aimsJson(showShape, at, shown)).toMatchObject({ proofHolds: true });
    expect((await indexState(join(at, '.aims'))).counts).toEqual(before.counts);
    // The second copy is confirmed by its own segment from now on.
    expect(await collected(at, 1)).toMatchObject({ stored: 0, damaged: [{ key: segment }] });
    expect(await allGaps(at)).toHaveLength(1);
    cpSync(join(made, '.aims/vault', segment), path);
    expect(await collected(at, 0)).toMatchObject({ stored: 0, damaged: [] });
    expect((await indexState(join(at, '.aims'))).counts).toEqual(before.counts);
    expect(await openGaps(at)).toEqual([]);
  });

  it('that was removed is told and its records are stored again once too; whole ones are not', async () => {
    const { at, segment, path } = await damagedCopy();
    rmSync(path);
    expect((await collected(at, 1)).stored).toBeGreaterThan(0);
    expect(await openGaps(at)).toMatchObject([{ reason: 'unavailable', what: `segment ${segment}` }]);
    expect(await collected(at, 1)).toMatchObject({ stored: 0, damaged: [{ key: segment }] });
    const whole = await copy();
    expect(await collected(whole, 0)).toEqual({ stored: 0, damaged: [] });
    expect(await allGaps(whole)).toEqual([]);
  });

  it('that somebody planted is told until it is taken away; what is no segment at all is for verify to name', async () => {
    const at = await copy();
    const planted = `written=2026-11-21/source=macie/${'0'.repeat(64)}.ndjson.zst`;
    await writeFiles(join(at, '.aims/vault'), { [planted]: 'garbage!' });
    expect(await collected(at, 1)).toMatchObject({ stored: 0, damaged: [{ key: planted }] });
    expect(await openGaps(at)).toMatchObject([gapOf(planted)]);
    rmSync(join(at, '.aims/vault', planted));
    await writeFiles(join(at, '.aims/vault'), { 'notes.txt': 'mine' });
    expect(await collected(at, 0)).toMatchObject({ damaged: [] });
    expect(await openGaps(at)).toEqual([]);
    expect(await aimsJson(verifyShape, at, ['verify'], { code: 1 })).toMatchObject({ problems: [{ item: 'notes.txt' }] });
  });
});

describe('the lock of a home', () => {
  it('lets one writer in and tells the other who is writing', async () => {
    const at = await copy();
    const lock = HomeLock.take(join(at, '.aims'));
    try {
      for (const args of [collectArgs, ['index', 'rebuild']])
        expectRefused(await aims(at, args), 3, `HOME_LOCKED: process ${process.pid} is writing to ${at}/.aims; wait until it has finished`);
      // Readers need no lock, and a lock on one home is none on another.
      await aimsJson(evidenceShape, at, ['evidence']);
      await aimsJson(collectShape, at, [...collectArgs, '--home', 'other']);
    } finally {
      lock.release();
    }
    await aimsJson(collectShape, at, collectArgs);
  });

  it('holds between processes', async () => {
    const at = await copy();
    const lock = HomeLock.take(join(at, '.aims'));
    const args = [join(import.meta.dirname, '../../bin/aims.ts'), ...collectArgs];
    const other = () => promisify(execFile)(process.execPath, args, { cwd: at, env: { ...process.env, NODE_OPTIONS: '' } });
    try {
      await expect(other()).rejects.toMatchObject({
        code: 3,
        stdout: '',
        stderr: expect.stringMatching(/^HOME_LOCKED: process \d+ is writing to/),
      });
    } finally {
      lock.release();
    }
    expect((await other()).stdout).toContain('evidence: ');
  });

  it('left behind by a writer that is gone stops nobody', async () => {
    const at = await copy();
    // Even where a process of that number runs: in a container every writer may be process 1.
    writeFileSync(join(at, '.aims/lock.holder'), String(process.pid));
    writeFileSync(join(at, '.aims/lock.sqlite'), '');
    await aimsJson(collectShape, at, collectArgs);
    expect(existsSync(join(at, '.aims/lock.holder'))).toBe(false);
  });

  it('admits one of several writers that come at once', async () => {
    const at = await copy();
    const results = await Promise.all([1, 2, 3].map(() => aims(at, [...collectArgs, '--json'])));
    expect(results.filter(({ code }) => code === 0).length).toBeGreaterThan(0);
    for (const { code, stderr } of results) expect(code === 0 || (code === 3 && stderr.startsWith('HOME_LOCKED'))).toBe(true);
    expect(await aimsJson(verifyShape, at, ['verify', '--records'])).toMatchObject({ ok: true });
  });
});
