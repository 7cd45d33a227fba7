// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cephCommand } from './ceph-rgw.ts';
import { localstackCommand } from './localstack-s3.ts';
import { ministackCommand } from './ministack.ts';
import { type ServerCommand, ServerProcess } from './server-process.ts';

/** The servers that the tests of the AWS home run on. */
export type ServerName = 'ministack' | 'localstack-s3' | 'ceph-rgw';

/** Where a server is told to live. */
export interface ServerPlace {
  /** Empty, for its data and its log; removed when it stops. */
  readonly directory: string;
  readonly port: number;
}

/** A server that answers. */
export interface RunningServer {
  /** On loopback. */
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Where it keeps its log. */
  readonly directory: string;
  stop(): Promise<void>;
}

const commands: Readonly<Record<ServerName, (place: ServerPlace) => Promise<ServerCommand>>> = {
  ministack: ministackCommand,
  'localstack-s3': localstackCommand,
  'ceph-rgw': cephCommand,
};

/**
 * Installs a server on first use, starts it on a free port of 127.0.0.1 with data of its own, and resolves once it answers.
 * Fails with the reason and the end of the server's log; it never skips.
 */
export async function startServer(name: ServerName): Promise<RunningServer> {
  const directory = await mkdtemp(join(tmpdir(), `aims-${name}-`));
  try {
    const port = await freePort();
    const server = await ServerProcess.start(await commands[name]({ directory, port }));
    return {
      endpoint: `http://127.0.0.1:${port}`,
      // Each server takes these: Ceph's is told them, the others take any.
      credentials: { accessKeyId: 'test', secretAccessKey: 'testtesttest' },
      directory,
      stop: async () => {
        await server.stop();
        await rm(directory, { recursive: true, force: true, maxRetries: 5 });
      },
    };
  } catch (error) {
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
    throw error;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done, fail) => server.once('error', fail).listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') throw new Error('this system gave no port');
  return address.port;
}
