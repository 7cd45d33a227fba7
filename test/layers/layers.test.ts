// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';

const cruiseSchema = z.object({
  modules: z.array(z.object({ source: z.string() })),
  summary: z.object({ violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) })) }),
});

const folders = ['bin', 'lib', 'lambdas', 'src'];

/** What dependency-cruiser says of a tree. It exits with the number of errors, and with its answer on standard output all the same. */
function cruise(directory = '.'): z.infer<typeof cruiseSchema> {
  const args = [
    'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
    '--config',
    '.dependency-cruiser.cjs',
    '--output-type',
    'json',
  ];
  const run = () => execFileSync(process.execPath, [...args, ...folders], { cwd: directory, encoding: 'utf8', maxBuffer: 1 << 28 });
  let answer: string;
  try {
    answer = run();
  } catch (error) {
    answer = z.object({ stdout: z.string().startsWith('{') }).parse(error).stdout;
  }
  return cruiseSchema.parse(JSON.parse(answer));
}

function filesOnDisk(): string[] {
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name)),
  );
}

describe('imports', () => {
  const answer = cruise();

  it('were read for every source file on disk', () => {
    const seen = new Set(answer.modules.map((module) => module.source));
    const files = filesOnDisk();
    expect(files.length).toBeGreaterThan(200);
    expect(files.filter((file) => !seen.has(file))).toEqual([]);
  });

  it('point one way', () => {
    expect(answer.summary.violations.map((v) => `${v.rule.name}: ${v.from} -> ${v.to}`)).toEqual([]);
  });
});

describe('an import that points the wrong way', () => {
  const wrong: readonly [rule: string, from: string, imported: string][] = [
    ['evidence-stands-alone', 'src/evidence/a.ts', '../mapping/target.ts'],
    ['catalog-reads-mappings', 'src/catalog/a.ts', '../sources/target.ts'],
    ['mapping-is-pure', 'src/mapping/a.ts', '../sources/target.ts'],
    ['sources-know-no-store', 'src/sources/a.ts', '../vault/target.ts'],
    ['vault-knows-evidence', 'src/vault/a.ts', '../mapping/target.ts'],
    ['ledger-knows-vault', 'src/ledger/a.ts', '../collect/target.ts'],
    ['index-knows-vault', 'src/evidence-index/a.ts', '../ledger/target.ts'],
    ['sample-stands-alone', 'src/sample/a.ts', '../sources/target.ts'],
    ['collect-wires-nothing', 'src/collect/a.ts', '../runtime/target.ts'],
    ['posture-is-pure', 'src/posture/a.ts', '../vault/target.ts'],
    ['runtime-is-below-cli', 'src/runtime/a.ts', '../cli/target.ts'],
    ['lib-reads-declarations', 'lib/a.ts', '../src/vault/target.ts'],
    ['bin-only-starts', 'bin/a.ts', '../src/vault/target.ts'],
    ['lambdas-are-thin', 'lambdas/a.ts', '../src/vault/target.ts'],
    ['nobody-imports-entry-points-or-tests', 'src/cli/a.ts', '../../test/target.ts'],
    ['aws-sdk-only-in-sources-and-adapters', 'src/collect/sdk.ts', '@aws-sdk/client-s3'],
    ['files-only-in-directory-adapters', 'src/vault/files.ts', 'node:fs'],
    ['files-only-in-directory-adapters', 'src/mapping/files.ts', 'node:fs/promises'],
    ['cdk-only-in-lib', 'src/runtime/cdk.ts', 'aws-cdk-lib'],
    ['no-circles', 'src/cli/circle-back.ts', './circle.ts'],
  ];
  const allowed: readonly [from: string, imported: string][] = [
    ['src/mapping/b.ts', '../evidence/target.ts'],
    ['src/vault/directory-b.ts', 'node:fs'],
    ['src/sources/b.ts', '@aws-sdk/client-s3'],
    ['lib/b.ts', 'aws-cdk-lib'],
  ];
  const tree = mkdtempSync(join(tmpdir(), 'aims-layers-'));
  let found: readonly string[] = [];

  beforeAll(() => {
    for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json']) cpSync(file, join(tree, file));
    symlinkSync(resolve('node_modules'), join(tree, 'node_modules'));
    const write = (path: string, text: string) => {
      mkdirSync(dirname(join(tree, path)), { recursive: true });
      writeFileSync(join(tree, path), text);
    };
    for (const [from, imported] of [...wrong.map(([, ...pair]) => pair), ...allowed]) {
      write(from, `import * as it from '${imported}';\nexport const used = it;\n`);
      if (imported.endsWith('target.ts')) write(join(dirname(from), imported), 'export const target = 1;\n');
    }
    write('src/cli/circle.ts', "export * from './circle-back.ts';\n");
    found = cruise(tree).summary.violations.map((v) => `${v.rule.name} ${v.from}`);
  });

  afterAll(() => rmSync(tree, { recursive: true }));

  it.each(wrong)('breaks %s: %s imports %s', (rule, from) => {
    expect(found).toContain(`${rule} ${from}`);
  });

  it.each(allowed)('is not one that is allowed: %s imports %s', (from) => {
    expect(found.length).toBeGreaterThanOrEqual(wrong.length);
    expect(found.filter((one) => one.endsWith(` ${from}`))).toEqual([]);
  });
});
