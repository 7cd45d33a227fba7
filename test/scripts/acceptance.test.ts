// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Checks } from '../../scripts/acceptance/suite-result.ts';
import { readSummary } from '../../scripts/acceptance/vector-suites.ts';

const folder = mkdtempSync(join(tmpdir(), 'aims-acceptance-test-'));
const acceptance = (args: readonly string[], env = process.env) =>
  spawnSync(process.execPath, ['scripts/acceptance.ts', ...args], { encoding: 'utf8', env });

afterAll(() => rmSync(folder, { recursive: true }));

describe('the acceptance run', () => {
  it('fails, and names each suite, where the folder holds none', () => {
    const { status, stdout } = acceptance([folder]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/acceptance: 0 passed, 11 failed\n$/);
    for (const suite of ['rfc8785-jcs', 'rfc6962-merkle.tar.gz', 'tlog-tiles', 'event-ruler/run.sh', 'samples/macie']) {
      expect(stdout).toContain(`${join(folder, suite.startsWith('samples') ? suite : `acceptance/${suite}`)} is missing`);
    }
  });

  it('fails where a program is missing, and says which', () => {
    mkdirSync(join(folder, 'acceptance/event-ruler'), { recursive: true });
    writeFileSync(join(folder, 'acceptance/event-ruler/run.sh'), 'exit 0\n');
    const { status, stdout } = acceptance([folder], { PATH: folder });
    expect(status).toBe(1);
    expect(stdout).toContain('install java, javac, mvn: the suite cannot run without');
  });

  it.each([[[]], [['/no/such/folder']], [['.', '.']]])('is refused when called with %j', (args) => {
    expect(acceptance(args)).toMatchObject({ status: 2, stderr: expect.stringContaining('usage:') });
  });
});

describe('the closing line of a suite', () => {
  it('is read in each of its forms', () => {
    expect(readSummary('a', 0, 'x\na: 6 passed, 0 failed\n')).toEqual({ suite: 'a', passed: 6, failed: 0, failures: [] });
    expect(readSummary('b', 0, 'b: 16 checkpoints, 319 checks passed, 0 failed')).toMatchObject({ passed: 319, failed: 0 });
    expect(readSummary('c', 0, '100 compared (seed 1): 5 true, 0 false, 0 error; 0 left out; 0 disagreements')).toMatchObject({
      passed: 100,
    });
  });

  it('keeps what failed', () => {
    expect(readSummary('a', 1, 'case 3: wrong\na: 5 passed, 1 failed\n')).toEqual({
      suite: 'a',
      passed: 5,
      failed: 1,
      failures: ['case 3: wrong'],
    });
    expect(readSummary('c', 1, 'we say x\n100 compared (seed 1): 5 true; 2 disagreements')).toMatchObject({ passed: 98, failed: 2 });
  });

  it('is a failure where it is missing, or where the exit code says otherwise', () => {
    expect(readSummary('a', 1, 'Error: boom')).toMatchObject({
      passed: 0,
      failed: 1,
      failures: ['exit 1, and no closing line: Error: boom'],
    });
    expect(readSummary('a', 0, '')).toMatchObject({ failed: 1 });
    expect(readSummary('a', 1, 'a: 6 passed, 0 failed')).toMatchObject({ passed: 6, failed: 1 });
    expect(readSummary('a', null, 'a: 6 passed, 0 failed')).toMatchObject({ failed: 1 });
  });
});

describe('checks', () => {
  it('count what holds and keep the reason of what does not', () => {
    const checks = new Checks('suite');
    checks.check(true, 'never shown');
    checks.check(false, 'shown');
    expect(checks.result).toEqual({ suite: 'suite', passed: 1, failed: 1, failures: ['shown'] });
  });
});
