// SPDX-License-Identifier: Apache-2.0
import { readdir, readFile } from 'node:fs/promises';

/** A process, told from a later one with the same id by the time it was started. */
export interface RunningProcess {
  readonly pid: number;
  readonly started: string;
}

/** When a process was started, in the kernel's words; null where it does not run or the system has no /proc. */
export async function startTimeOf(pid: number): Promise<string | null> {
  return (await statusOf(pid))?.started ?? null;
}

/** All that a process started and that what it started started; empty where the system has no /proc. */
export async function descendantsOf(pid: number): Promise<RunningProcess[]> {
  const names = await readdir('/proc').catch(() => []);
  const all: { pid: number; parent: number; started: string }[] = [];
  for (const name of names) {
    const status = /^\d+$/.test(name) ? await statusOf(Number(name)) : null;
    if (status !== null) all.push({ pid: Number(name), ...status });
  }
  const found: RunningProcess[] = [];
  const parents = [pid];
  for (let parent = parents.shift(); parent !== undefined; parent = parents.shift()) {
    for (const one of all.filter((each) => each.parent === parent)) {
      found.push({ pid: one.pid, started: one.started });
      parents.push(one.pid);
    }
  }
  return found;
}

/** SIGKILL to exactly this process, and not to one that has its id by now. */
export async function endProcess({ pid, started }: RunningProcess): Promise<void> {
  if ((await startTimeOf(pid)) !== started) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    const isGone = Error.isError(error) && 'code' in error && error.code === 'ESRCH';
    if (!isGone) throw error;
  }
}

/** Fields 4 and 22 of proc(5)'s `stat`; the second, in brackets, may hold anything. */
async function statusOf(pid: number): Promise<{ parent: number; started: string } | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, parent] = fields ?? [];
  const started = fields?.[19];
  return parent === undefined || started === undefined || state === 'Z' ? null : { parent: Number(parent), started };
}
