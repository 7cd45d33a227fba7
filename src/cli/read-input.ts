// SPDX-License-Identifier: Apache-2.0
import { accessSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { AimsError } from '../evidence/errors.ts';
import { UsageError } from '../runtime/home-error.ts';
import { codeOf } from '../vault/node-error.ts';
import type { Terminal } from './terminal.ts';

/** A file that is there and cannot be read: no wrong usage, since the same command line works once that is mended. */
export class InputError extends AimsError<'INPUT_UNREADABLE'> {}

const wrongName = new Set(['ENOENT', 'ENOTDIR', 'EISDIR']);

/** What to say of a named file that could not be read: USAGE_PATH where the name is no file's, else INPUT_UNREADABLE. */
export function inputError(name: string, cause: unknown): UsageError | InputError {
  const words = `cannot read ${name}: ${Error.isError(cause) ? cause.message : cause}`;
  if (wrongName.has(codeOf(cause))) return new UsageError('USAGE_PATH', words, { cause });
  return new InputError('INPUT_UNREADABLE', words, { cause });
}

/** Text of a file, or of standard input for `-`. Throws USAGE_PATH and INPUT_UNREADABLE. */
export async function readInput(terminal: Terminal, name: string): Promise<string> {
  if (name === '-')
    return Buffer.concat(await terminal.stdin.map((chunk: Buffer | string) => Buffer.from(chunk)).toArray()).toString('utf8');
  try {
    return readFileSync(resolve(terminal.directory, name), 'utf8');
  } catch (cause) {
    throw inputError(name, cause);
  }
}

/** Gives a command the path of a file; for `-` that of a private copy of standard input, removed afterwards. Throws USAGE_PATH and INPUT_UNREADABLE. */
export async function inputFile<Result>(terminal: Terminal, name: string, work: (path: string) => Promise<Result>): Promise<Result> {
  if (name !== '-') {
    const path = resolve(terminal.directory, name);
    checkReadable(name, path);
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

function checkReadable(name: string, path: string): void {
  try {
    accessSync(path, constants.R_OK);
  } catch (cause) {
    throw inputError(name, cause);
  }
}
