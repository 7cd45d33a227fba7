// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { descendantsOf, endProcess, type RunningProcess, startTimeOf } from './process-tree.ts';

/** How to start a server and how to see that it answers. */
export interface ServerCommand {
  readonly name: string;
  readonly program: string;
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** File that takes both outputs. */
  readonly log: string;
  readonly isReady: (log: string) => Promise<boolean>;
  readonly startSeconds: number;
}

const stopMilliseconds = 5_000;

/** A server of the tests that is running as a child of this process, in a process group of its own. */
export class ServerProcess {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Resolves once the server answers. Otherwise says why, with the end of its log, and leaves nothing running. */
  static async start(command: ServerCommand): Promise<ServerProcess> {
    const output = openSync(command.log, 'a');
    // `setpriv` ends the server should this process die without stopping it; only Linux has it.
    const [program, ...words] =
      process.platform === 'linux'
        ? ['setpriv', '--pdeathsig', 'KILL', '--', command.program, ...command.words]
        : [command.program, ...command.words];
    const child = spawn(program, words, { env: { ...command.environment }, stdio: ['ignore', output, output], detached: true });
    closeSync(output);
    const failure = new Promise<string>((tell) => {
      child.once('error', (error) => tell(`it could not be started: ${error.message}`));
      child.once('exit', (code, signal) => tell(`it ended with ${signal ?? `status ${code}`}`));
    });
    const server = new ServerProcess(child);
    const reason = await Promise.race([failure, untilReady(command)]);
    if (reason === null) return server;
    await server.stop();
    const log = await readFile(command.log, 'utf8');
    throw new Error(`the test server ${command.name} does not run: ${reason}. The end of its log:\n${log.slice(-3_000)}`);
  }

  /** SIGTERM, and after five seconds SIGKILL, to the server and all that it started. */
  async stop(): Promise<void> {
    const pid = this.#child.pid;
    if (pid === undefined) return;
    const started = await startTimeOf(pid);
    const family: RunningProcess[] = [...(started === null ? [] : [{ pid, started }]), ...(await descendantsOf(pid))];
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = new Promise((tell) => this.#child.once('exit', tell));
      this.#child.kill('SIGTERM');
      await Promise.race([ended, wait(stopMilliseconds, undefined, { ref: false })]);
    }
    for (const one of family) await endProcess(one);
  }
}

async function untilReady(command: ServerCommand): Promise<string | null> {
  const until = Date.now() + command.startSeconds * 1_000;
  while (Date.now() < until) {
    if (await command.isReady(await readFile(command.log, 'utf8'))) return null;
    await wait(100);
  }
  return `it did not answer within ${command.startSeconds} seconds`;
}
