// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

describe('the linter', () => {
  it('fails on a floating promise and on a promise used as a condition', () => {
    const rules = ['--only=nursery/noFloatingPromises', '--only=nursery/noMisusedPromises'];
    const biome = spawnSync('node_modules/.bin/biome', ['lint', ...rules, 'test/lint/canary.ts'], { encoding: 'utf8' });
    const text = biome.stdout + biome.stderr;
    expect(text).toContain('noFloatingPromises');
    expect(text).toContain('noMisusedPromises');
  });

  it('counts both as errors', () => {
    const { nursery } = JSON.parse(readFileSync('biome.json', 'utf8')).linter.rules;
    expect(nursery).toMatchObject({ noFloatingPromises: 'error', noMisusedPromises: 'error' });
  });
});
