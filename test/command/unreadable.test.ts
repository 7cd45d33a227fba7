// SPDX-License-Identifier: Apache-2.0
import { cpSync, mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { exitCodeOf } from '../../src/cli/exit-code.ts';
import { collectShape } from '../../src/cli/output-shapes/collection-shapes.ts';
import { inputError } from '../../src/cli/read-input.ts';
import { aims, aimsJson, type CommandResult } from '../support/aims-command.ts';
import { oneOfEach, writeFiles } from '../support/evidence-folder.ts';
import { temporaryDirectories } from '../support/temporary-directory.ts';

// Permissions hold nobody back who is root. A link to itself cannot be followed by anybody, and is told by the same calls.
const directory = temporaryDirectories('unreadable');

function expectTold(result: CommandResult, code: number, ...words: readonly string[]): void {
  expect(result).toMatchObject({ code, stdout: '' });
  for (const word of words) expect(result.stderr).toContain(word);
  expect(result.stderr).not.toContain('    at ');
  expect(result.stderr.trimEnd().split('\n')).toHaveLength(1);
}

describe('a file that is named and cannot be read', () => {
  it('is told with path and cause, as what could not be finished', async () => {
    const at = await directory();
    symlinkSync('loop.json', join(at, 'loop.json'));
    for (const args of [
      ['explain', 'loop.json'],
      ['pattern', 'test', 'loop.json', '{}'],
      ['verify', '--checkpoint', 'loop.json'],
      ['collect', '--from', 'loop.json'],
    ])
      expectTold(await aims(at, args), 3, 'INPUT_UNREADABLE: cannot read loop.json: ELOOP: ', `'${at}/loop.json'`);
  });

  it('is wrong usage where there is no such file', async () => {
    const at = await directory();
    writeFileSync(join(at, 'file'), '{}');
    for (const name of ['nothing', 'file/below']) expectTold(await aims(at, ['explain', name]), 2, `USAGE_PATH: cannot read ${name}: ENO`);
    expectTold(await aims(at, ['verify', '--checkpoint', '.']), 2, 'USAGE_PATH: cannot read .: EISDIR');
  });

  it('is judged by what the system says', () => {
    const codes = ['EACCES', 'EPERM', 'EIO', 'ENOENT', 'EISDIR', 'ENOTDIR'];
    const told = codes.map((code) => inputError('a.json', Object.assign(new Error(`${code}: words of the system`), { code })));
    expect(told.map(exitCodeOf)).toEqual([3, 3, 3, 2, 2, 2]);
    expect(told[0]?.message).toBe('INPUT_UNREADABLE: cannot read a.json: EACCES: words of the system');
  });

  it('in a folder that holds nothing else is told too', async () => {
    const at = await directory();
    mkdirSync(join(at, 'in'));
    symlinkSync('gone.json', join(at, 'in/link.json'));
    const { code, stderr } = await aims(at, ['explain', 'in']);
    expect(code).toBe(3);
    expect(stderr).toContain('INPUT_UNREADABLE: link.json could not be read: ENOENT');
  });

  it('that is larger than one string can be is no failure', async () => {
    const at = await directory();
    writeFileSync(join(at, 'large.json'), '');
    truncateSync(join(at, 'large.json'), 600 * 1024 * 1024);
    const { code, stderr } = await aims(at, ['explain', 'large.json']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('USAGE_PATH: large.json holds nothing') });
  }, 20_000);
});

describe('a home that cannot be looked into', () => {
  let made: string;
  const collect = ['collect', '--from', 'in'];

  beforeAll(async () => {
    made = await directory();
    await writeFiles(join(made, 'in'), oneOfEach);
    await aimsJson(collectShape, made, collect);
  });

  async function copy(): Promise<string> {
    const at = await directory();
    cpSync(made, at, { recursive: true });
    return at;
  }

  it('is not called absent, and nobody is told to make one', async () => {
    const at = await copy();
    symlinkSync('loop', join(at, 'loop'));
    for (const [home, cause] of [
      ['loop', 'ELOOP'],
      ['in/hub/findings.json', 'ENOTDIR'],
    ] as const) {
      for (const args of [collect, ['status'], ['verify'], ['index', 'rebuild']]) {
        const result = await aims(at, [...args, '--home', home]);
        expectTold(result, 3, `HOME_UNREADABLE: cannot read ${at}/${home}/home.json: ${cause}: `);
        expect(result.stderr).not.toContain('make one');
      }
    }
  });

  it.each(['home.json', 'home.secret'])('is told with the path where its %s cannot be read', async (name) => {
    const at = await copy();
    rmSync(join(at, '.aims', name));
    mkdirSync(join(at, '.aims', name), { mode: 0o700 });
    expectTold(await aims(at, collect), 3, `HOME_UNREADABLE: cannot read ${at}/.aims/${name}: EISDIR: `);
  });
});
