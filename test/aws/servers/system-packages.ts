// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { access, constants, mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { serverCache, withLock } from './install-lock.ts';

const run = promisify(execFile);

/** Packages of Debian and Ubuntu, and the programs by which one sees that they are there. */
export interface SystemPackages {
  readonly packages: readonly string[];
  readonly programs: readonly string[];
}

/** Installs the packages where a program is missing and this user may; otherwise says which command would do it. */
export async function systemPackages({ packages, programs }: SystemPackages): Promise<void> {
  if ((await missing(programs)).length === 0) return;
  await mkdir(serverCache, { recursive: true });
  await withLock(join(serverCache, 'system-packages.lock'), async () => {
    const absent = await missing(programs);
    if (absent.length === 0) return;
    const command = `apt-get install --yes --no-install-recommends ${packages.join(' ')}`;
    try {
      await asRoot('apt-get update');
      await asRoot(command);
    } catch (cause) {
      const said = Error.isError(cause) && 'stderr' in cause ? String(cause.stderr).slice(-1_500) : String(cause);
      throw new Error(`${absent.join(', ')} not found, and \`${command}\` could not be done: run it as root\n${said}`, { cause });
    }
  });
}

async function asRoot(command: string): Promise<void> {
  const words = process.getuid?.() === 0 ? command.split(' ') : ['sudo', '--non-interactive', ...command.split(' ')];
  const [program = '', ...rest] = words;
  await run(program, rest, { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, maxBuffer: 64 * 1024 * 1024 });
}

async function missing(programs: readonly string[]): Promise<string[]> {
  const found = await Promise.all(programs.map(isInstalled));
  return programs.filter((_, i) => found[i] === false);
}

async function isInstalled(program: string): Promise<boolean> {
  const directories = (process.env['PATH'] ?? '').split(delimiter);
  const tries = await Promise.allSettled(directories.map((directory) => access(join(directory, program), constants.X_OK)));
  return tries.some(({ status }) => status === 'fulfilled');
}
