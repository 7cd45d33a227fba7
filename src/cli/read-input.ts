// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { UsageError } from '../runtime/home-error.ts';
import type { Terminal } from './terminal.ts';

/** Text of a file, or of standard input for `-`. Throws USAGE_PATH. */
export async function readInput(terminal: Terminal, name: string): Promise<string> {
  if (name === '-')
    return Buffer.concat(await terminal.stdin.map((chunk: Buffer | string) => Buffer.from(chunk)).toArray()).toString('utf8');
  try {
    return readFileSync(resolve(terminal.directory, name), 'utf8');
  } catch (cause) {
    throw new UsageError('USAGE_PATH', `cannot read ${name}: ${Error.isError(cause) ? cause.message : cause}`, { cause });
  }
}

/** Gives a command the path of a file; for `-` that of a private copy of standard input, removed afterwards. Throws USAGE_PATH. */
export async function inputFile<Result>(terminal: Terminal, name: string, work: (path: string) => Promise<Result>): Promise<Result> {
  if (name !== '-') {
    const path = resolve(terminal.directory, name);
    if (!existsSync(path)) throw new UsageError('USAGE_PATH', `there is no file ${name}`);
    return await work(path);
  }
  const directory = mkdtempSync(join(tmpdir(), 'aims-'));
  try {
    const path = join(directory, 'standard-input');
    writeFileSync(path, await readInput(terminal, '-'), { mode: 0o600 });
    return await work(path);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
