// SPDX-License-Identifier: Apache-2.0
import { delimiter, join, resolve } from 'node:path';
import { answers } from './answers.ts';
import { pythonEnvironment } from './python-environment.ts';
import type { ServerCommand } from './server-process.ts';
import type { ServerPlace } from './start-server.ts';

/** MiniStack: DynamoDB, KMS, SQS, Lambda, CloudFormation and more in one process; no oracle for Object Lock. */
export async function ministackCommand({ directory, port }: ServerPlace): Promise<ServerCommand> {
  const programs = await pythonEnvironment('ministack');
  return {
    name: 'ministack',
    program: join(programs, 'ministack'),
    words: [],
    environment: {
      // Its own Python first, as its bucket notification handler needs boto3; then our Node.js, which runs the functions.
      PATH: [programs, resolve('node_modules/.bin'), process.env['PATH'] ?? ''].join(delimiter),
      HOME: directory,
      TMPDIR: directory,
      // Without BIND_HOST it listens on every interface.
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      CLOUDTRAIL_RECORDING: '1',
      LAMBDA_EXECUTOR: 'local',
      IOT_MTLS_ENABLED: '0',
      SFTP_ENABLED: '0',
    },
    log: join(directory, 'server.log'),
    isReady: async () => await answers(`http://127.0.0.1:${port}/_ministack/health`),
    startSeconds: 60,
  };
}
