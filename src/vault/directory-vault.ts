// SPDX-License-Identifier: Apache-2.0
import { type Dirent, lstatSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DirectoryFiles } from './directory-files.ts';
import { codeOf, isAbsence, isFull } from './node-error.ts';
import { type Vault, type VaultEntry, VaultError } from './vault.ts';
import { parseVaultKey } from './vault-key.ts';

/** A vault in a directory: one read-only file per key. Safe between processes and after kill -9; needs hard links. */
export class DirectoryVault implements Vault {
  readonly #files: DirectoryFiles;

  constructor(root: string) {
    this.#files = new DirectoryFiles(root);
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    parseVaultKey(key);
    const outcome = await this.#files.writeOnce(key, bytes).catch((cause: unknown) => {
      throw writeFailure(key, cause);
    });
    if (outcome === 'taken') throw new VaultError('VAULT_KEY_TAKEN', `refusing to replace ${key}: it holds other bytes`);
  }

  async get(key: string): Promise<Uint8Array> {
    parseVaultKey(key);
    try {
      return await this.#files.read(key);
    } catch (cause) {
      throw readFailure(key, cause);
    }
  }

  async has(key: string): Promise<boolean> {
    parseVaultKey(key);
    try {
      return (await stat(join(this.#files.root, key))).isFile();
    } catch (cause) {
      if (isAbsence(cause)) return false;
      throw readFailure(key, cause);
    }
  }

  /** Holds the names of one directory at a time. Whatever else somebody put there is listed too; temporary files are not. */
  async *list(prefix: string): AsyncGenerator<VaultEntry> {
    yield* this.#listUnder('', prefix);
  }

  /** Removes what writers that were killed left behind. Evidence is never touched. Returns how many files. */
  async removeLeftovers(): Promise<number> {
    return await this.#files.removeLeftovers();
  }

  async *#listUnder(directory: string, prefix: string): AsyncGenerator<VaultEntry> {
    for (const entry of await this.#sortedEntries(directory)) {
      const key = `${directory}${entry.name}`;
      if (entry.isDirectory()) {
        const inside = `${key}/`;
        if (inside.startsWith(prefix) || prefix.startsWith(inside)) yield* this.#listUnder(inside, prefix);
      } else if (key.startsWith(prefix)) {
        const bytes = this.#sizeOf(key);
        if (bytes !== null) yield { key, bytes };
      }
    }
  }

  async #sortedEntries(directory: string): Promise<Dirent[]> {
    try {
      const entries = await this.#files.entries(directory.replace(/\/$/, ''));
      return entries.sort((one, other) => compareText(sortName(one), sortName(other)));
    } catch (cause) {
      throw readFailure(directory, cause);
    }
  }

  #sizeOf(key: string): number | null {
    try {
      // Synchronous: 2 µs against 30 µs by way of the thread pool, and a listing asks for every file.
      return lstatSync(join(this.#files.root, key)).size;
    } catch (cause) {
      if (isAbsence(cause)) return null;
      throw readFailure(key, cause);
    }
  }
}

/** A directory sorts as its keys do: `a.b` comes before `a/b`. */
function sortName(entry: Dirent): string {
  return entry.isDirectory() ? `${entry.name}/` : entry.name;
}

function compareText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function writeFailure(key: string, cause: unknown): VaultError {
  const code = codeOf(cause);
  if (isFull(cause))
    return new VaultError('VAULT_FULL', `no room for ${key} (${code}): free some and run again, nothing stored is lost`, { cause });
  if (['ENOTDIR', 'EISDIR', 'EEXIST'].includes(code)) {
    return new VaultError('VAULT_KEY_INVALID', `refusing the key ${key}: a part of it is the key of something stored`, { cause });
  }
  return new VaultError('VAULT_UNAVAILABLE', `cannot write ${key}: ${describe(cause)}`, { cause });
}

function readFailure(key: string, cause: unknown): VaultError {
  if (isAbsence(cause)) return new VaultError('VAULT_KEY_ABSENT', `the vault does not hold ${key}`, { cause });
  return new VaultError('VAULT_UNREADABLE', `cannot read ${key === '' ? 'the vault' : key}: ${describe(cause)}`, { cause });
}

function describe(cause: unknown): string {
  return Error.isError(cause) ? cause.message : String(cause);
}
