// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { constants, type Dirent } from 'node:fs';
import { type FileHandle, link, mkdir, open, readdir, readFile, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { codeOf, isAbsence } from './node-error.ts';

/** What became of a write: now there, there before with equal bytes, or there before with other bytes. */
export type WriteOnceOutcome = 'written' | 'same' | 'taken';

const temporaryPrefix = '.writing-';
const readOnly = 0o444;

/**
 * Files under one root that are written once, whole and durably, and never changed. Errors are Node's own: adapters translate them.
 * Paths are relative, `/` between elements, and have been through a parser.
 */
export class DirectoryFiles {
  readonly root: string;
  readonly #mode: number;
  /** Directories whose own entry this process knows to be durable. */
  readonly #durable = new Set<string>();

  constructor(root: string, mode: number = readOnly) {
    this.root = root;
    this.#mode = mode;
  }

  /** Resolves when the bytes would survive a power cut. Never replaces a file; a reader never sees a part of one. */
  async writeOnce(path: string, bytes: Uint8Array): Promise<WriteOnceOutcome> {
    const target = this.#at(path);
    const directory = dirname(target);
    await this.#makeDirectory(directory);
    const temporary = join(directory, temporaryName());
    let outcome: WriteOnceOutcome = 'written';
    try {
      await writeDurably(temporary, bytes, this.#mode);
      // A link, unlike a rename, fails where the name is taken: two writers can never replace each other's bytes.
      await link(temporary, target);
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
      outcome = (await this.#holds(target, bytes)) ? 'same' : 'taken';
    } finally {
      await unlinkIfThere(temporary);
    }
    await syncDirectory(directory);
    return outcome;
  }

  /** The bytes at a path; Node's ENOENT where there are none. */
  async read(path: string): Promise<Buffer> {
    return await readFile(this.#at(path));
  }

  /** Names in a directory, temporary files left out; empty where there is none. */
  async entries(path: string): Promise<Dirent[]> {
    try {
      const entries = await readdir(path === '' ? this.root : this.#at(path), { withFileTypes: true });
      return entries.filter((entry) => !isTemporary(entry.name));
    } catch (error) {
      if (isAbsence(error)) return [];
      throw error;
    }
  }

  /** Removes what killed writers of this machine left behind; what a running process may still write stays. Returns how many. */
  async removeLeftovers(path = ''): Promise<number> {
    const directory = path === '' ? this.root : this.#at(path);
    let removed = 0;
    for (const entry of await readdirOrNone(directory)) {
      if (entry.isDirectory()) removed += await this.removeLeftovers(path === '' ? entry.name : `${path}/${entry.name}`);
      else if (isLeftover(entry.name)) removed += await unlinkIfThere(join(directory, entry.name));
    }
    return removed;
  }

  #at(path: string): string {
    return join(this.root, ...path.split('/'));
  }

  /** Whether the file holds exactly these bytes, durably: it may have been put there by someone who did not wait for the disk. */
  async #holds(target: string, bytes: Uint8Array): Promise<boolean> {
    const file = await open(target, 'r');
    try {
      const { size } = await file.stat();
      if (size !== bytes.length || Buffer.compare(await file.readFile(), bytes) !== 0) return false;
      await file.sync();
      return true;
    } finally {
      await file.close();
    }
  }

  async #makeDirectory(directory: string): Promise<void> {
    if (this.#durable.has(directory)) return;
    await mkdir(directory, { recursive: true });
    // An earlier process may have made any of them and died before the disk knew: each is synced once, from the root's parent down.
    for (let at = directory; at.length >= dirname(this.root).length; at = dirname(at)) {
      await syncDirectory(at);
      if (at === dirname(at)) break;
    }
    this.#durable.add(directory);
  }
}

/** Writes a new file and waits until the disk has it. */
async function writeDurably(path: string, bytes: Uint8Array, mode: number): Promise<void> {
  const file: FileHandle = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, mode);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Waits until the disk has the names in a directory. */
async function syncDirectory(path: string): Promise<void> {
  // Windows cannot open a directory as a file; NTFS keeps names in its journal.
  if (process.platform === 'win32') return;
  const directory = await openDirectory(path);
  if (directory === null) return;
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** Null for a directory that we may pass but not read: one above ours, which then stood before us. */
async function openDirectory(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (codeOf(error) === 'EACCES') return null;
    throw error;
  }
}

/** A name beside the final one that no key can have, and that tells who writes it. */
function temporaryName(): string {
  return `${temporaryPrefix}${machine()}-${process.pid}-${randomBytes(8).toString('hex')}`;
}

function machine(): string {
  return Buffer.from(hostname()).toString('hex').slice(0, 64);
}

function isTemporary(name: string): boolean {
  return name.startsWith(temporaryPrefix);
}

/** A temporary file of this machine whose process is gone. One of another machine (a shared disk) may be in use: it stays. */
function isLeftover(name: string): boolean {
  const [, host, pid] = /^\.writing-([0-9a-f]*)-(\d+)-[0-9a-f]{16}$/.exec(name) ?? [];
  return host === machine() && pid !== undefined && !isRunning(Number(pid));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs as somebody else.
    return codeOf(error) !== 'ESRCH';
  }
}

async function unlinkIfThere(path: string): Promise<number> {
  try {
    await unlink(path);
    return 1;
  } catch (error) {
    if (isAbsence(error)) return 0;
    throw error;
  }
}

async function readdirOrNone(directory: string): Promise<Dirent[]> {
  try {
    return await readdir(directory, { withFileTypes: true });
  } catch (error) {
    if (isAbsence(error)) return [];
    throw error;
  }
}
