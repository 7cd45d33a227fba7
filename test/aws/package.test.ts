// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { temporaryDirectories } from '../support/temporary-directory.ts';

const run = promisify(execFile);
const minutes = 60_000;
const directory = temporaryDirectories('package');
const versions = z
  .object({ devDependencies: z.object({ 'aws-cdk-lib': z.string(), constructs: z.string() }) })
  .parse(JSON.parse(await readFile('package.json', 'utf8'))).devDependencies;

// Somebody else's machine: Node.js of this run, no bundler, and a container engine that fails when it is asked for.
const environment = {
  ...process.env,
  PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
  CDK_DOCKER: '/nonexistent/docker',
};

let app: string;
let packed: readonly string[];

beforeAll(async () => {
  app = await directory();
  const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', app], { env: environment });
  const tarball = join(app, stdout.trim().split('\n').at(-1) ?? '');
  packed = (await run('tar', ['-tzf', tarball])).stdout.trim().split('\n');
  await writeFile(join(app, 'package.json'), JSON.stringify({ name: 'empty-app', private: true, type: 'module' }));
  const wanted = [tarball, `aws-cdk-lib@${versions['aws-cdk-lib']}`, `constructs@${versions.constructs}`];
  const quiet = ['--no-save', '--prefer-offline', '--ignore-scripts', '--omit=optional', '--no-audit', '--no-fund', '--silent'];
  await run('npm', ['install', ...quiet, ...wanted], { cwd: app, env: environment });
}, 10 * minutes);

const inApp = (command: string, args: readonly string[], env: NodeJS.ProcessEnv = environment) =>
  run(command, [...args], { cwd: app, env, maxBuffer: 64 * 1024 * 1024 });
const aims = async (...args: readonly string[]) => (await inApp('npx', ['aims', ...args])).stdout;

describe('the packed tarball', () => {
  it('holds JavaScript with types, rules, bundled functions, and what the licence asks for', () => {
    const names = packed.map((name) => name.replace(/^package\//, ''));
    expect(names).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'NOTICE',
        'README.md',
        'package.json',
        'bin/aims.js',
        'docs/evidence-format.md',
        'dist/bin/aims.js',
        'dist/lib/index.js',
        'dist/lib/index.d.ts',
        'dist/mappings/pack.json',
        'dist/mappings/catalog.json',
        'dist/functions/plan/index.mjs',
        'dist/functions/collect-macie/index.mjs',
      ]),
    );
    expect(names.filter((name) => /^(test|src|lib|lambdas|scripts|bench|mappings|node_modules|\.ci)\//.test(name))).toEqual([]);
    expect(names.filter((name) => /\.ts$/.test(name) && !/\.d\.ts$/.test(name))).toEqual([]);
    expect(names.filter((name) => /fixture|\.test\.|tsbuildinfo/.test(name))).toEqual([]);
  });
});

describe('installed in an empty CDK app', () => {
  it('brings no bundler', () => {
    expect(existsSync(join(app, 'node_modules/aims-evidence'))).toBe(true);
    expect(existsSync(join(app, 'node_modules/esbuild'))).toBe(false);
  });

  it(
    'synthesises a whole deployment, and a construct alone, from JavaScript',
    async () => {
      await writeFile(join(app, 'app.js'), appText);
      await inApp(process.execPath, ['app.js']);
      const whole: Template = JSON.parse(await readFile(join(app, 'out/Evidence.template.json'), 'utf8'));
      const functions = Object.values(whole.Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
      expect(functions.length).toBeGreaterThanOrEqual(9);
      const assets = (await readdir(join(app, 'out'))).filter((name) => name.startsWith('asset.'));
      const bundles = assets.filter((name) => existsSync(join(app, 'out', name, 'index.mjs')));
      expect(bundles.length).toBeGreaterThanOrEqual(9);
      for (const name of bundles) expect(existsSync(join(app, 'out', name, 'deployment.json'))).toBe(true);
      const alone: Template = JSON.parse(await readFile(join(app, 'out/Alone.template.json'), 'utf8'));
      expect(Object.values(alone.Resources).filter(({ Type }) => Type === 'AWS::S3::Bucket').length).toBeGreaterThanOrEqual(1);
      expect(JSON.stringify(alone)).toContain('"ObjectLockEnabled":true');
    },
    2 * minutes,
  );

  it(
    'has types, which tell a right property from a wrong one',
    async () => {
      const compiler = resolve('node_modules/typescript/bin/tsc');
      await mkdir(join(app, 'typed'));
      await writeFile(join(app, 'typed/right.ts'), typedText(30));
      await writeFile(join(app, 'typed/wrong.ts'), typedText("'thirty'"));
      const check = (name: string) =>
        inApp(process.execPath, [
          compiler,
          '--noEmit',
          '--strict',
          '--skipLibCheck',
          '--module',
          'nodenext',
          '--target',
          'es2024',
          `typed/${name}.ts`,
        ]);
      await check('right');
      await expect(check('wrong')).rejects.toMatchObject({ stdout: expect.stringMatching(/wrong\.ts\(\d+,\d+\): error TS2322/) });
    },
    2 * minutes,
  );
});

describe('its `npx aims`', () => {
  it(
    'prints help and the catalogue',
    async () => {
      expect(await aims('--help')).toContain('Usage: aims');
      expect(JSON.parse(await aims('catalog', '--json')).items).toHaveLength(70);
    },
    minutes,
  );

  it(
    'plans, collects the sample account, and verifies what it collected',
    async () => {
      expect(await aims('plan', '--on', '2026-11-22')).toContain('nothing was asked of AWS');
      await aims('collect', '--from', 'sample', '--home', 'kept');
      expect(JSON.parse(await aims('verify', '--home', 'kept', '--records', '--json'))).toMatchObject({ ok: true, problems: [] });
    },
    2 * minutes,
  );
});

interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string }>>;
}

const appText = `
import { App, Stack } from 'aws-cdk-lib';
import { AimsEvidenceStack, EvidenceVault } from 'aims-evidence';
const app = new App({ outdir: 'out' });
new AimsEvidenceStack(app, 'Evidence');
new EvidenceVault(new Stack(app, 'Alone'), 'Vault', { retentionDays: 30 });
app.synth();
`;

const typedText = (days: number | string) => `
import { App, Stack } from 'aws-cdk-lib';
import { AimsEvidenceStack, EvidenceVault } from 'aims-evidence';
const app = new App();
new AimsEvidenceStack(app, 'Evidence', { configuration: { sources: ['macie'] } });
new EvidenceVault(new Stack(app, 'Alone'), 'Vault', { retentionDays: ${days} });
`;
