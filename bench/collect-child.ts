// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { withSmallMemory } from '../bin/small-memory.js';
import { collectReport } from '../src/cli/collect.ts';

// Collects a folder into a home and prints what it took, start-up apart: `node bench/collect-child.ts FOLDER HOME`.
// As `aims collect` does.
withSmallMemory();
const [, , folder = '', home = ''] = process.argv;
const started = performance.now();
const terminal = { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr, directory: process.cwd() };
const report = await collectReport(terminal, { home, source: ['cloudtrail'], region: [], scale: '1' }, folder);
const milliseconds = performance.now() - started;
const stored = report.runs.reduce((sum, run) => sum + run.recordsStored, 0);
process.stdout.write(`${JSON.stringify({ stored, milliseconds, startUp: started, peakMiB: peakKibibytes() / 1024 })}\n`);

// On Linux `maxRSS` counts what the process was before it became this program too: a copy of the bench with all its records.
function peakKibibytes(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS;
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
}
