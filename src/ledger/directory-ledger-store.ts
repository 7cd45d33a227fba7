// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import * as z from 'zod';
import { DirectoryFiles, type WriteOnceOutcome } from '../vault/directory-files.ts';
import { codeOf, isAbsence, isFull } from '../vault/node-error.ts';
import { checkTilePath, numberDigits, numberOfPath, numberPath } from './ledger-paths.ts';
import { LedgerError, type LedgerHead, type LedgerStore } from './ledger-store.ts';
import { sha256 } from './merkle.ts';

const headSchema = z.strictObject({ size: z.int().min(1), root: z.string().regex(/^[0-9a-f]{64}$/) });

/**
 * A ledger store in a directory. Nothing in it is ever changed: the head is the newest of a row of numbered files, and
 * making the next number (a hard link, which fails where the name is taken) is the compare-and-swap. So there is no lock
 * that a killed process could leave behind.
 */
export class DirectoryLedgerStore implements LedgerStore {
  readonly #root: string;
  readonly #files: DirectoryFiles;

  constructor(root: string) {
    this.#root = root;
    this.#files = new DirectoryFiles(root);
  }

  async readHead(): Promise<LedgerHead | null> {
    const path = await this.#reading('the head', () => this.#newestIn('head'));
    if (path === null) return null;
    const head = headSchema.safeParse(parseJson((await this.#read(path)).toString('utf8')));
    if (!head.success) throw new LedgerError('LEDGER_DAMAGED', `${join(this.#root, path)} is no ledger head`);
    return { ...head.data, version: String(numberOfPath(path)) };
  }

  async swapHead(expected: LedgerHead | null, next: { readonly size: number; readonly root: string }): Promise<LedgerHead> {
    if (next.size <= (expected?.size ?? 0)) {
      throw new LedgerError('LEDGER_ROLLED_BACK', `refusing a head of ${next.size} leaves after one of ${expected?.size ?? 0}`);
    }
    const found = await this.readHead();
    if (found?.version !== expected?.version || found?.root !== expected?.root) throw moved();
    const number = expected === null ? 0 : Number(expected.version) + 1;
    const { size, root } = headSchema.parse(next);
    // Each head has its own number, so a name that is taken means that somebody was first, even with equal bytes.
    const outcome = await this.#write(`head/${numberPath(number)}`, Buffer.from(`${JSON.stringify({ root, size })}\n`));
    if (outcome !== 'written') throw moved();
    return { size, root, version: String(number) };
  }

  async putTile(path: string, bytes: Uint8Array): Promise<void> {
    checkTilePath(path);
    const outcome = await this.#write(path, bytes);
    if (outcome === 'taken') throw new LedgerError('LEDGER_TILE_TAKEN', `refusing to replace ${path}: it holds other bytes`);
  }

  async getTile(path: string): Promise<Uint8Array> {
    checkTilePath(path);
    return await this.#read(path);
  }

  async putCheckpoint(size: number, note: string): Promise<void> {
    const bytes = Buffer.from(note, 'utf8');
    await this.#write(`checkpoints/${numberPath(size)}-${sha256(bytes).toString('hex').slice(0, 16)}`, bytes);
  }

  async *listCheckpoints(): AsyncGenerator<{ readonly size: number; readonly note: string }> {
    for await (const path of this.#pathsIn('checkpoints', 'up')) yield await this.#checkpoint(path);
  }

  async newestCheckpoint(): Promise<{ readonly size: number; readonly note: string } | null> {
    const path = await this.#reading('the checkpoints', () => this.#newestIn('checkpoints'));
    return path === null ? null : await this.#checkpoint(path);
  }

  /** Nothing: a file's place holds that file and no other; what was changed does not verify. */
  async *listDisturbed(): AsyncGenerator<never> {}

  /** Removes what writers that were killed left behind. Returns how many files. */
  async removeLeftovers(): Promise<number> {
    return await this.#files.removeLeftovers();
  }

  async #checkpoint(path: string): Promise<{ readonly size: number; readonly note: string }> {
    return { size: numberOfPath(path), note: (await this.#read(path)).toString('utf8') };
  }

  async #newestIn(directory: string): Promise<string | null> {
    // The newest directory may still be empty: its maker was killed before the file, so the walk goes on to the one before.
    for await (const path of this.#pathsIn(directory, 'down')) return path;
    return null;
  }

  /** Numbered files in order of number; what else lies there is no part of the ledger. Holds one directory's names per level. */
  async *#pathsIn(directory: string, order: 'up' | 'down', depth = 1): AsyncGenerator<string> {
    const isFile = depth === numberDigits / 3;
    const form = isFile ? /^\d{3}(-[0-9a-f]{16})?$/ : /^\d{3}$/;
    const entries = await this.#reading(directory, () => this.#files.entries(directory));
    const names = entries.filter((entry) => form.test(entry.name) && entry.isFile() === isFile).map((entry) => entry.name);
    names.sort();
    for (const name of order === 'up' ? names : names.toReversed()) {
      if (isFile) yield `${directory}/${name}`;
      else yield* this.#pathsIn(`${directory}/${name}`, order, depth + 1);
    }
  }

  async #write(path: string, bytes: Uint8Array): Promise<WriteOnceOutcome> {
    try {
      return await this.#files.writeOnce(path, bytes);
    } catch (cause) {
      if (isFull(cause))
        throw new LedgerError('LEDGER_FULL', `no room for ${path}: free some and run again, nothing sealed is lost`, { cause });
      throw unavailable('write', path, cause);
    }
  }

  async #read(path: string): Promise<Buffer> {
    try {
      return await this.#files.read(path);
    } catch (cause) {
      if (isAbsence(cause)) throw new LedgerError('LEDGER_TILE_ABSENT', `the ledger does not hold ${path}`, { cause });
      throw unavailable('read', path, cause);
    }
  }

  async #reading<T>(what: string, read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (cause) {
      if (cause instanceof LedgerError) throw cause;
      throw unavailable('read', what, cause);
    }
  }
}

function moved(): LedgerError {
  return new LedgerError('LEDGER_HEAD_MOVED', 'another sealer moved the head first');
}

function unavailable(verb: string, path: string, cause: unknown): LedgerError {
  const reason = Error.isError(cause) ? cause.message : String(cause);
  return new LedgerError('LEDGER_UNAVAILABLE', `cannot ${verb} ${path} (${codeOf(cause)}): ${reason}`, { cause });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON is no head; the caller names the file.
    return null;
  }
}
