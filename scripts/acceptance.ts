// SPDX-License-Identifier: Apache-2.0
// Runs suites and real data that are not ours to ship: `npm run acceptance -- DIR`, where DIR holds acceptance/ and samples/.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { runSampleSuites } from './acceptance/sample-suites.ts';
import type { SuiteResult } from './acceptance/suite-result.ts';
import { runVectorSuites } from './acceptance/vector-suites.ts';

const longestList = 50;

function show({ suite, passed, failed, failures }: SuiteResult): void {
  console.log(`${suite.padEnd(24)} ${passed} passed, ${failed} failed`);
  for (const line of failures.slice(0, longestList)) console.log(`  ${line.slice(0, 500)}`);
  if (failures.length > longestList) console.log(`  … and ${failures.length - longestList} more`);
}

function runAll(dir: string): void {
  const total = { passed: 0, failed: 0 };
  for (const suites of [runVectorSuites, runSampleSuites]) {
    for (const result of suites(dir)) {
      show(result);
      total.passed += result.passed;
      total.failed += result.failed;
    }
  }
  console.log(`acceptance: ${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed > 0 ? 1 : 0;
}

const [dir, ...more] = process.argv.slice(2);
if (dir === undefined || more.length > 0 || !existsSync(dir)) {
  console.error('usage: npm run acceptance -- DIR, an existing folder that holds acceptance/ and samples/');
  process.exitCode = 2;
} else runAll(resolve(dir));
