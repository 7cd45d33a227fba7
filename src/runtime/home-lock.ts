// SPDX-License-Identifier: Apache-2.0
import { closeSync, linkSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { HomeError } from './home-error.ts';

const codeOf = (error: unknown): string => String((error as { code?: unknown })?.code ?? '');

/** One writer at a time on a directory home. Taken by whoever writes; a lock whose process is gone is taken over. */
export class HomeLock {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /** Throws HOME_LOCKED while another process holds it. */
  static take(home: string): HomeLock {
    const path = join(home, 'lock');
    for (let attempt = 0; attempt < 3; attempt++) {
      if (create(path)) return new HomeLock(path);
      const holder = holderOf(path);
      if (holder !== null && isAlive(holder)) {
        throw new HomeError(
          'HOME_LOCKED',
          `process ${holder} is writing to ${home}; wait until it has finished, or stop it, and run again`,
        );
      }
      removeIfPresent(path);
    }
    throw new HomeError('HOME_LOCKED', `another process keeps taking the lock ${path}; run again`);
  }

  release(): void {
    if (holderOf(this.#path) === process.pid) removeIfPresent(this.#path);
  }
}

// The process id is in the file before the file has its name: nobody ever reads an empty lock.
function create(path: string): boolean {
  const own = `${path}.${process.pid}`;
  const file = openSync(own, 'w', 0o600);
  writeSync(file, String(process.pid));
  closeSync(file);
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw new HomeError('HOME_UNWRITABLE', `cannot write the lock ${path}`, { cause: error });
  } finally {
    unlinkSync(own);
  }
}

function holderOf(path: string): number | null {
  try {
    const pid = Number(readFileSync(path, 'utf8'));
    return Number.isSafeInteger(pid) && pid > 0 ? pid : null;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

function removeIfPresent(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}
