// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

interface CruiseAnswer {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: { readonly violations: readonly { readonly from: string; readonly to: string; readonly rule: { readonly name: string } }[] };
}

const folders = ['bin', 'lib', 'lambdas', 'src'];

function cruise(paths: readonly string[]): CruiseAnswer {
  const args = ['node_modules/dependency-cruiser/bin/dependency-cruiser.mjs', '--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...paths];
  try {
    return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 28 }));
  } catch (error) {
    const { stdout } = error as { stdout?: string };
    if (!stdout?.startsWith('{')) throw error;
    return JSON.parse(stdout);
  }
}

function filesOnDisk(): string[] {
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name)),
  );
}

describe('imports', () => {
  const answer = cruise(folders);

  it('were read for every source file on disk', () => {
    const seen = new Set(answer.modules.map((module) => module.source));
    const files = filesOnDisk();
    expect(files.length).toBeGreaterThan(80);
    expect(files.filter((file) => !seen.has(file))).toEqual([]);
  });

  it('point one way', () => {
    expect(answer.summary.violations.map((v) => `${v.rule.name}: ${v.from} -> ${v.to}`)).toEqual([]);
  });

  it('would be found if one pointed the wrong way', () => {
    const wrong = cruise(['test/layers/wrong-direction']);
    expect(wrong.summary.violations.map((v) => v.rule.name)).toContain('canary-imports-test');
  });
});
