// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { temporaryDirectories } from '../support/temporary-directory.ts';

const directory = temporaryDirectories('full-output');
const program = join(import.meta.dirname, '../../bin/aims.ts');

/** Runs a command whose output goes where nothing can be written: its files may be no larger than nothing. */
async function ended(redirection: string, ...args: readonly string[]): Promise<unknown> {
  const script = `ulimit -f 0; trap "" XFSZ; exec "$0" "$@" ${redirection}`;
  const options = { cwd: await directory(), env: { ...process.env, NODE_OPTIONS: '' } };
  return await promisify(execFile)('sh', ['-c', script, process.execPath, program, ...args], options).catch((error: unknown) => error);
}

describe('standard output that cannot be written', () => {
  it.each([[['catalog', '--json']], [['catalog']], [['--help']]])(
    'ends %j with one sentence and exit 3',
    async (args) => {
      expect(await ended('> out', ...args)).toMatchObject({
        code: 3,
        stdout: '',
        stderr: expect.stringMatching(/^OUTPUT_UNWRITABLE: cannot write to standard output: EFBIG: .*\n$/),
      });
    },
    20_000,
  );

  it('is no failure where its reader has gone', async () => {
    expect(await ended('| head -1', 'catalog')).toMatchObject({ stdout: expect.stringContaining('id'), stderr: '' });
  }, 20_000);

  it('leaves the exit code as it is where only standard error cannot be written', async () => {
    expect(await ended('2> out', 'catalog', 'Z.9')).toMatchObject({ code: 2, stdout: '' });
  }, 20_000);
});
