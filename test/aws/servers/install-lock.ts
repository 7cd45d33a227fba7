// SPDX-License-Identifier: Apache-2.0
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** Where the servers are installed: beside what npm installed, and as easily made again. */
export const serverCache = resolve('node_modules/.cache/aims-servers');

/** An installation takes a minute on a slow line; a holder this old is not believed even if its process id is in use again. */
const longestMilliseconds = 15 * 60_000;

/** Runs `work` while no other process does, by a lock directory that names its holder; a lock whose holder died is taken over. */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  while (!(await take(path))) {
    if (await isAbandoned(path)) await rm(path, { recursive: true, force: true });
    else await wait(200);
  }
  try {
    return await work();
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}

async function take(path: string): Promise<boolean> {
  try {
    await mkdir(path);
  } catch (error) {
    if (Error.isError(error) && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
  await writeFile(join(path, 'holder'), String(process.pid));
  return true;
}

async function isAbandoned(path: string): Promise<boolean> {
  try {
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > longestMilliseconds) return true;
    const holder = Number(await readFile(join(path, 'holder'), 'utf8'));
    return holder > 0 && !isRunning(holder);
  } catch {
    // Gone, or taken a moment ago and not yet named: look again.
    return false;
  }
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return Error.isError(error) && 'code' in error && error.code === 'EPERM';
  }
}
