// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { hash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { serverCache, withLock } from './install-lock.ts';

const run = promisify(execFile);

/**
 * The directory of the programs of a server's own Python environment, made on first use from the pinned requirements beside this
 * file and made again when they change. Safe for several at once.
 */
export async function pythonEnvironment(name: string): Promise<string> {
  const requirements = join(import.meta.dirname, `${name}.requirements.txt`);
  const wanted = hash('sha256', await readFile(requirements, 'utf8'));
  const directory = join(serverCache, name);
  const marker = join(directory, 'installed');
  await mkdir(serverCache, { recursive: true });
  await withLock(join(serverCache, `${name}.lock`), async () => {
    if ((await textOf(marker)) === wanted) return;
    await rm(directory, { recursive: true, force: true });
    await install(`python3 -m venv ${directory}`);
    await install(`${join(directory, 'bin', 'pip')} install --quiet --disable-pip-version-check --requirement ${requirements}`);
    // Written last: an environment without it was left half made.
    await writeFile(marker, wanted);
  });
  return join(directory, 'bin');
}

async function install(command: string): Promise<void> {
  const [program = '', ...words] = command.split(' ');
  try {
    await run(program, words, { maxBuffer: 64 * 1024 * 1024 });
  } catch (cause) {
    const said = Error.isError(cause) && 'stderr' in cause ? String(cause.stderr).slice(-2_000) : '';
    throw new Error(`cannot install a test server: \`${command}\` failed: ${Error.isError(cause) ? cause.message : ''}\n${said}`, {
      cause,
    });
  }
}

async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    // Not there: not installed yet.
    return null;
  }
}
