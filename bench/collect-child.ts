// SPDX-License-Identifier: Apache-2.0
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
process.stdout.write(`${JSON.stringify({ stored, milliseconds, startUp: started, peakMiB: process.resourceUsage().maxRSS / 1024 })}\n`);
