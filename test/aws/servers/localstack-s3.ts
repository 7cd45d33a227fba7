// SPDX-License-Identifier: Apache-2.0
import { delimiter, join } from 'node:path';
import { pythonEnvironment } from './python-environment.ts';
import type { ServerCommand } from './server-process.ts';
import type { ServerPlace } from './start-server.ts';

/** LocalStack's S3 alone (4.13, the last line that needs no token): Object Lock, conditional writes, SHA-256 checksums. */
export async function localstackCommand({ directory, port }: ServerPlace): Promise<ServerCommand> {
  const programs = await pythonEnvironment('localstack-s3');
  return {
    name: 'localstack-s3',
    program: join(programs, 'python'),
    words: ['-m', 'localstack.runtime.main'],
    environment: {
      PATH: [programs, process.env['PATH'] ?? ''].join(delimiter),
      HOME: directory,
      TMPDIR: directory,
      FILESYSTEM_ROOT: directory,
      // Its default server ignores the address and listens on every interface.
      GATEWAY_SERVER: 'hypercorn',
      GATEWAY_LISTEN: `127.0.0.1:${port}`,
      DNS_ADDRESS: '0',
      DISABLE_EVENTS: '1',
      SKIP_SSL_CERT_DOWNLOAD: '1',
      S3_SKIP_SIGNATURE_VALIDATION: '0',
      SERVICES: 's3',
      STRICT_SERVICE_LOADING: '1',
    },
    log: join(directory, 'server.log'),
    isReady: async (log) => log.split('\n').includes('Ready.'),
    startSeconds: 120,
  };
}
