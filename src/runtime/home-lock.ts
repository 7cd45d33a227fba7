// SPDX-License-Identifier: Apache-2.0
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { HomeError } from './home-error.ts';

// Primary result codes: https://sqlite.org/rescode.html, read 2026-11.
const busyCodes = new Set([5, 6]);

/**
 * One writer at a time on a directory home. It is SQLite's lock on an empty file, which the system lets go of when the process ends, however
 * it ends: no lock is ever stale, and no process id is trusted (in a container every writer may be process 1).
 */
export class HomeLock {
  readonly #database: DatabaseSync;
  readonly #note: string;

  private constructor(database: DatabaseSync, note: string) {
    this.#database = database;
    this.#note = note;
  }

  /** Throws HOME_LOCKED while another writer holds it, HOME_UNWRITABLE where no lock can be made. */
  static take(home: string): HomeLock {
    const note = join(home, 'lock.holder');
    try {
      return new HomeLock(lockedDatabase(join(home, 'lock.sqlite'), note), note);
    } catch (cause) {
      if (busyCodes.has(codeOf(cause))) {
        const who = holderIn(note);
        throw new HomeError('HOME_LOCKED', `${who} is writing to ${home}; wait until it has finished, or stop it, and run again`, {
          cause,
        });
      }
      throw new HomeError('HOME_UNWRITABLE', `cannot lock the home ${home}: ${Error.isError(cause) ? cause.message : cause}`, { cause });
    }
  }

  release(): void {
    rmSync(this.#note, { force: true });
    this.#database.close();
  }
}

function lockedDatabase(path: string, note: string): DatabaseSync {
  const database = new DatabaseSync(path);
  try {
    // Nothing is ever written: the transaction stays open as long as the lock is held.
    database.exec('PRAGMA journal_mode = memory; BEGIN EXCLUSIVE');
    // For the words of a refusal only; what a killed holder left is written over.
    writeFileSync(note, String(process.pid), { mode: 0o600 });
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function codeOf(error: unknown): number {
  const code = typeof error === 'object' && error !== null && 'errcode' in error ? error.errcode : undefined;
  return typeof code === 'number' ? code & 0xff : 0;
}

function holderIn(note: string): string {
  try {
    return `process ${Number(readFileSync(note, 'utf8'))}`;
  } catch (error) {
    // The holder has just taken it, or is letting go.
    if (Error.isError(error)) return 'another process';
    throw error;
  }
}
