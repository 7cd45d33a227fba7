// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type SampleServer, startSampleServer } from '../../src/sample/server.ts';
import { sampleWorld } from '../../src/sample/world.ts';
import { aims } from '../support/aims-command.ts';
import { FakeKms } from '../support/fake-kms.ts';
import { fakeCloudFormation, type Outputs, stackOutputs } from '../support/fake-stack.ts';

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

const directory = mkdtempSync(join(tmpdir(), 'aims-deployed-'));
const stacks = new Map<string, Outputs>();
const kms = new FakeKms();
let server: SampleServer;
let signedIn: Readonly<Record<string, string>>;

beforeAll(async () => {
  const services = { kms: kms.service, cloudformation: fakeCloudFormation(stacks, 'Secret') };
  server = await startSampleServer(sampleWorld(), services, { throttleOneIn: 0 });
  const { accessKeyId, secretAccessKey } = server.credentials('111122223333');
  signedIn = { AWS_ENDPOINT_URL: server.endpoint, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
  const keys = { signing: kms.create('ECC_NIST_EDWARDS25519'), secret: kms.create('HMAC_256') };
  stacks.set('AimsEvidence', stackOutputs(server.endpoint, keys));
});
afterAll(async () => {
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});

/** `aims` as a person runs it: credentials, Region and endpoint come from the environment, as the AWS SDKs read them. */
function run(args: readonly string[], environment: Readonly<Record<string, string>>): Promise<Ended> {
  const child = spawn(process.execPath, [resolve('bin/aims.js'), ...args], {
    cwd: directory,
    env: { PATH: process.env['PATH'] ?? '', HOME: directory, AWS_EC2_METADATA_DISABLED: 'true', ...environment },
  });
  const [out, err] = [text(child.stdout), text(child.stderr)];
  return new Promise((done) => child.on('close', async (code) => done({ code, out: await out, err: await err })));
}

describe('a deployed home', () => {
  it('that is not there, not ours, or may not be seen is refused in one sentence', async () => {
    stacks.set('Website', { Url: 'https://example.com' });
    const inIreland = { ...signedIn, AWS_REGION: 'eu-west-1' };
    const absent = await run(['evidence', '--home', 'aws:Nowhere'], inIreland);
    expect(absent).toMatchObject({ code: 2, out: '', err: expect.stringContaining('AWS_NO_STACK: no home aws:Nowhere in eu-west-1') });
    const foreign = await run(['verify', '--home', 'aws:Website'], inIreland);
    expect(foreign).toMatchObject({ code: 2, out: '', err: expect.stringContaining('not deployed yet, or not ours') });
    const denied = await run(['status', '--home', 'aws:Secret', '--region', 'eu-west-1'], signedIn);
    expect(denied).toMatchObject({
      code: 3,
      out: '',
      err: expect.stringContaining('AWS_DENIED: cloudformation:DescribeStacks on stack Secret'),
    });
    for (const { err } of [absent, foreign, denied]) expect(err).not.toContain('    at ');
  });

  it('is not looked for without credentials, or without a Region', async () => {
    const unsigned = await run(['gaps', '--home', 'aws', '--region', 'eu-west-1'], { AWS_ENDPOINT_URL: server.endpoint });
    expect(unsigned).toMatchObject({ code: 3, out: '', err: expect.stringContaining('AWS_NO_IDENTITY') });
    const nowhere = await run(['gaps', '--home', 'aws'], signedIn);
    expect(nowhere).toMatchObject({ code: 2, out: '', err: expect.stringContaining('AWS_NO_REGION') });
  });
});

describe('--home aws', () => {
  it('is refused by collect, which makes nothing', async () => {
    for (const home of ['aws', 'aws:Other']) {
      expect(await aims(directory, ['collect', '--from', 'sample', '--home', home])).toMatchObject({
        code: 2,
        stdout: '',
        stderr: expect.stringContaining('refusing to collect into aws:'),
      });
    }
    expect(existsSync(join(directory, 'aws'))).toBe(false);
    expect(await aims(directory, ['collect', '--from', 'sample', '--source', 'macie', '--home', './aws'])).toMatchObject({ code: 0 });
    expect(existsSync(join(directory, 'aws/home.json'))).toBe(true);
    expect(await aims(directory, ['runs', '--home', './aws'])).toMatchObject({ code: 0, stderr: '' });
  });

  it('takes the name of a stack and nothing else', async () => {
    for (const home of ['aws:', 'aws:my stack', 'aws:../x']) {
      expect(await aims(directory, ['runs', '--home', home])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('no name of a stack'),
      });
    }
  });

  it('is what --profile and --region are for', async () => {
    for (const option of [
      ['--profile', 'auditor'],
      ['--region', 'eu-west-1'],
    ]) {
      expect(await aims(directory, ['runs', '--home', './aws', ...option])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('use them with --home aws'),
      });
    }
  });
});
