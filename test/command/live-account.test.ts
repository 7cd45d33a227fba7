// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type SampleServer, startSampleServer } from '../../src/sample/server.ts';
import { sampleServices } from '../../src/sample/services.ts';
import { sampleWorld } from '../../src/sample/world.ts';

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

const directory = mkdtempSync(join(tmpdir(), 'aims-live-'));
const world = sampleWorld();
let server: SampleServer;

beforeAll(async () => {
  server = await startSampleServer(world, sampleServices, { throttleOneIn: 0 });
});
afterAll(async () => {
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});

/** `aims collect` as a person runs it: credentials and endpoint come from the environment, as the AWS SDKs read them. */
function collect(args: readonly string[], environment: Readonly<Record<string, string>>): Promise<Ended> {
  const child = spawn(process.execPath, [resolve('bin/aims.js'), 'collect', ...args], {
    cwd: directory,
    env: { PATH: process.env['PATH'] ?? '', HOME: directory, AWS_EC2_METADATA_DISABLED: 'true', ...environment },
  });
  const [out, err] = [text(child.stdout), text(child.stderr)];
  return new Promise((done) => child.on('close', async (code) => done({ code, out: await out, err: await err })));
}

describe('collecting a live account', () => {
  it('reads every Region asked, with credentials from where AWS tools look for them', async () => {
    const { accessKeyId, secretAccessKey } = server.credentials('111122223333');
    const window = ['--since', world.since, '--until', world.until];
    const ended = await collect(
      ['--region', 'eu-west-1', '--region', 'us-east-1', '--source', 'macie', '--home', 'live', '--json', ...window],
      { AWS_ENDPOINT_URL: server.endpoint, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
    );
    expect(ended).toMatchObject({ code: 0 });
    const { runs } = JSON.parse(ended.out);
    expect(runs.map((run: { region: string }) => run.region)).toEqual(['eu-west-1', 'us-east-1']);
    for (const run of runs) expect(run).toMatchObject({ account: '111122223333', source: 'macie', itemGaps: 0, scopeGaps: 0 });
    expect(runs[0].recordsStored).toBeGreaterThan(50);
  });

  it('leaves no home behind where nobody is signed in, or no Region is named', async () => {
    const unsigned = await collect(['--region', 'eu-west-1', '--home', 'unsigned'], { AWS_ENDPOINT_URL: server.endpoint });
    expect(unsigned).toMatchObject({ code: 3, err: expect.stringContaining('AWS_NO_IDENTITY') });
    const nowhere = await collect(['--home', 'nowhere'], {});
    expect(nowhere).toMatchObject({ code: 2, err: expect.stringContaining('AWS_NO_REGION') });
    expect(['live', 'unsigned', 'nowhere'].map((home) => existsSync(join(directory, home)))).toEqual([true, false, false]);
  });
});
