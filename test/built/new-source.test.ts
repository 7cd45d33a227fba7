// SPDX-License-Identifier: Apache-2.0
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sourceFiles } from '../../scripts/scaffold/source-files.ts';

// What the scripts and the type checker read. Tests are left out but for what the new one needs: nothing.
const needed = ['bin', 'src', 'scripts', 'mappings', 'docs', 'package.json', 'tsconfig.json', 'biome.json', 'jest.config.js'];
const copy = mkdtempSync(join(tmpdir(), 'aims-new-source-'));
const node = (...args: string[]) => spawnSync(process.execPath, args, { cwd: copy, encoding: 'utf8' });

beforeAll(() => {
  for (const path of needed) cpSync(path, join(copy, path), { recursive: true });
  symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));
});

afterAll(() => rmSync(copy, { recursive: true }));

describe('npm run new:source', () => {
  const files = [...sourceFiles('bedrock-guardrails').values()];

  it('writes every file of a source and registers it', () => {
    expect(files.filter((path) => existsSync(join(copy, path)))).toEqual([]);
    const made = node('scripts/new-source.ts', 'bedrock-guardrails');
    expect(made).toMatchObject({ status: 0, stderr: '' });
    expect(files.filter((path) => !existsSync(join(copy, path)))).toEqual([]);
    expect(readFileSync(join(copy, 'src/sources/registry.ts'), 'utf8')).toContain('  createBedrockGuardrails,\n');
    expect(readFileSync(join(copy, 'mappings/pack.json'), 'utf8')).toContain('bedrock-guardrails.state.described');
  });

  it('leaves a tree that type-checks, is generated whole and in good form', () => {
    const types = node('node_modules/typescript/bin/tsc', '--noEmit');
    expect(types.stdout.split('\n').filter((line) => line.includes('guardrails') || line.includes('registry.ts'))).toEqual([]);
    expect(node('scripts/gen.ts', '--check')).toMatchObject({ status: 0, stderr: '' });
    const paths = files.filter((path) => path.endsWith('.ts'));
    expect(spawnSync('node_modules/.bin/biome', ['check', '--error-on-warnings', ...paths], { cwd: copy }).status).toBe(0);
  });

  it('leaves a test that passes', () => {
    const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
    const run = () =>
      execFileSync(process.execPath, [...flags, 'node_modules/jest/bin/jest.js', '--json'], { cwd: copy, stdio: 'pipe', encoding: 'utf8' });
    expect(JSON.parse(run())).toMatchObject({ numPassedTests: 6, numTotalTests: 6 });
  });

  it('is a source that the command knows', () => {
    const listed = node('bin/aims.ts', 'collect', '--source', 'moon', '--from', '.');
    expect(listed.stderr).toContain('bedrock-guardrails');
  });

  it('refuses to write over one that exists, and an id that is none', () => {
    const again = node('scripts/new-source.ts', 'bedrock-guardrails');
    expect(again).toMatchObject({ status: 1, stderr: expect.stringContaining('SCAFFOLD_EXISTS: refusing to overwrite') });
    expect(node('scripts/new-source.ts', 'Bedrock')).toMatchObject({ status: 2, stderr: expect.stringContaining('SCAFFOLD_USAGE') });
    expect(node('scripts/new-source.ts')).toMatchObject({ status: 2, stderr: expect.stringContaining('usage:') });
  });
});

describe('npm run new:adr', () => {
  it('writes the next decision record', () => {
    const made = node('scripts/new-adr.ts', 'Why', 'not', 'both?');
    expect(made).toMatchObject({ status: 0, stdout: expect.stringMatching(/docs\/adr\/\d{4}-why-not-both\.md/) });
    const [path = ''] = /docs\/\S+/.exec(made.stdout) ?? [];
    expect(readFileSync(join(copy, path), 'utf8')).toMatch(/^# \d{4}\. Why not both\?\n/);
  });

  it('asks for a title', () => {
    expect(node('scripts/new-adr.ts')).toMatchObject({ status: 2, stderr: expect.stringContaining('usage:') });
  });
});
