// SPDX-License-Identifier: Apache-2.0
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { HomeError } from '../../../src/runtime/home-error.ts';
import { HomeLock } from '../../../src/runtime/home-lock.ts';

/** Where the servers are installed: beside what npm installed, and as easily made again. */
export const serverCache = resolve('node_modules/.cache/aims-servers');

/** Runs `work` while nobody else holds the lock in this directory: the one of a home, which the system lets go of however its holder ends. */
export async function withLock<T>(directory: string, work: () => Promise<T>): Promise<T> {
  await mkdir(directory, { recursive: true });
  const lock = await taken(directory);
  try {
    return await work();
  } finally {
    lock.release();
  }
}

async function taken(directory: string): Promise<HomeLock> {
  for (;;) {
    try {
      return HomeLock.take(directory);
    } catch (error) {
      if (!(error instanceof HomeError) || error.code !== 'HOME_LOCKED') throw error;
      await wait(200);
    }
  }
}
