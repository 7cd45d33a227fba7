// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { couldNotRun, type SuiteResult } from './suite-result.ts';

/** A script of `test/acceptance/`, and what it needs beside the folder of suites. */
interface VectorSuite {
  readonly name: string;
  /** Relative to the folder of suites. */
  readonly needs: string;
  readonly programs: readonly string[];
  readonly args: (suites: string) => readonly string[];
}

const randomPatterns = '100000';

const suites: readonly VectorSuite[] = [
  { name: 'rfc8785', needs: 'rfc8785-jcs', programs: [], args: (dir) => [join(dir, 'rfc8785-jcs')] },
  { name: 'rfc6962', needs: 'rfc6962-merkle.tar.gz', programs: ['tar'], args: (dir) => [dir] },
  { name: 'tlog-tiles', needs: 'tlog-tiles', programs: [], args: (dir) => [dir] },
  {
    name: 'event-ruler',
    needs: 'event-ruler/run.sh',
    // AWS's matcher is Java; its runner fetches it with Maven and compiles a few lines around it.
    programs: ['java', 'javac', 'mvn'],
    args: (dir) => [`bash '${join(dir, 'event-ruler/run.sh')}'`, randomPatterns],
  },
];

/** Runs the suites and vectors of others against our code: canonical JSON, Merkle proofs, tile logs, event patterns. */
export function* runVectorSuites(dir: string): Generator<SuiteResult> {
  for (const suite of suites) yield runSuite(suite, join(dir, 'acceptance'));
}

function runSuite({ name, needs, programs, args }: VectorSuite, dir: string): SuiteResult {
  if (!existsSync(join(dir, needs))) return couldNotRun(name, `${join(dir, needs)} is missing`);
  const absent = programs.filter((program) => spawnSync('which', [program]).status !== 0);
  if (absent.length > 0) return couldNotRun(name, `install ${absent.join(', ')}: the suite cannot run without`);
  const script = `test/acceptance/${name}.ts`;
  const run = spawnSync(process.execPath, [script, ...args(dir)], { encoding: 'utf8', maxBuffer: 1 << 28 });
  return readSummary(name, run.status, `${run.stdout}\n${run.stderr}`);
}

/** Counts from the closing line of a script. One that fails without counting a failure has failed once. */
export function readSummary(suite: string, status: number | null, output: string): SuiteResult {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const counts = lines.map(countsOf).findLast((found) => found !== null);
  if (counts == null) return couldNotRun(suite, `exit ${status}, and no closing line: ${lines.slice(-5).join(' | ')}`);
  const failures = lines.filter((line) => countsOf(line) === null);
  const failed = status === 0 ? counts.failed : Math.max(1, counts.failed);
  return { suite, passed: counts.passed, failed, failures: failed === 0 ? [] : failures };
}

function countsOf(line: string): { readonly passed: number; readonly failed: number } | null {
  const [, passed, failed] = /(\d+) (?:checks )?passed, (\d+) failed\b/.exec(line) ?? [];
  if (passed !== undefined && failed !== undefined) return { passed: Number(passed), failed: Number(failed) };
  const [, compared, disagreed] = /^(\d+) compared .* (\d+) disagreements$/.exec(line) ?? [];
  return compared === undefined ? null : { passed: Number(compared) - Number(disagreed), failed: Number(disagreed) };
}
