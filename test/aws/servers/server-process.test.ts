// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { withLock } from './install-lock.ts';
import { startTimeOf } from './process-tree.ts';
import { type ServerCommand, ServerProcess } from './server-process.ts';
import { systemPackages } from './system-packages.ts';

async function command(script: string): Promise<ServerCommand> {
  const directory = await mkdtemp(join(tmpdir(), 'aims-server-'));
  return {
    name: 'a test server',
    program: 'bash',
    words: ['-c', script],
    environment: { PATH: process.env['PATH'] ?? '' },
    log: join(directory, 'server.log'),
    isReady: async (log) => log.includes('ready'),
    startSeconds: 2,
  };
}

describe('a test server', () => {
  it('that ends instead of answering fails with its status and the end of its log', async () => {
    const failing = ServerProcess.start(await command('echo the port is taken >&2; exit 7'));
    await expect(failing).rejects.toThrow(/a test server does not run: it ended with status 7[\s\S]*the port is taken/);
  });

  it('that does not answer in time fails and is ended', async () => {
    const silent = await command('echo $$; exec sleep 600');
    await expect(ServerProcess.start(silent)).rejects.toThrow('it did not answer within 2 seconds');
    expect(await startTimeOf(Number(await readFile(silent.log, 'utf8')))).toBeNull();
  });

  it('that cannot be started fails with the reason', async () => {
    const absent = { ...(await command('')), program: 'no-such-program' };
    await expect(ServerProcess.start(absent)).rejects.toThrow(/does not run[\s\S]*no-such-program/);
  });

  it('is stopped with all that it started, even what does not end when asked', async () => {
    const deaf = await command('trap "" TERM; (trap "" TERM; sleep 600) & echo $! $$; echo ready; sleep 600');
    const server = await ServerProcess.start(deaf);
    const [child = 0, parent = 0] = (await readFile(deaf.log, 'utf8')).split(/\s+/).map(Number);
    expect(await startTimeOf(child)).not.toBeNull();
    await server.stop();
    await wait(200);
    expect(await startTimeOf(child)).toBeNull();
    expect(await startTimeOf(parent)).toBeNull();
  }, 20_000);
});

describe('installing', () => {
  it('is done by one at a time', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'aims-lock-'));
    let inside = 0;
    const seen: number[] = [];
    const work = async (): Promise<void> => {
      seen.push(++inside);
      await wait(20);
      inside--;
    };
    await Promise.all([1, 2, 3].map(() => withLock(directory, work)));
    expect(seen).toEqual([1, 1, 1]);
  });

  it('waits for another process, and goes on when that is killed', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'aims-lock-'));
    const hold = `new (require('node:sqlite').DatabaseSync)(process.argv[1]).exec('PRAGMA journal_mode = memory; BEGIN EXCLUSIVE');
      console.log('held'); setInterval(() => undefined, 1000);`;
    const holder = spawn(process.execPath, ['-e', hold, join(directory, 'lock.sqlite')], { stdio: ['ignore', 'pipe', 'ignore'] });
    await once(holder.stdout, 'data');
    let isIn = false;
    const entered = withLock(directory, async () => {
      isIn = true;
    });
    await wait(500);
    expect(isIn).toBe(false);
    holder.kill('SIGKILL');
    await entered;
    expect(isIn).toBe(true);
  }, 30_000);

  it('of system packages is left out where the programs are there, and says how where it cannot be done', async () => {
    await systemPackages({ packages: ['no-such-package'], programs: ['bash'] });
    const absent = systemPackages({ packages: ['no-such-package'], programs: ['no-such-program'] });
    await expect(absent).rejects.toThrow(/no-such-program not found.*apt-get install --yes --no-install-recommends no-such-package/);
  }, 120_000);
});
