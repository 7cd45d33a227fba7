// SPDX-License-Identifier: Apache-2.0
import { runCli } from '../src/cli/program.ts';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // `aims … | head` closes the pipe early: that is the reader's right and no failure.
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`OUTPUT_UNWRITABLE: cannot write to standard output: ${error.message}\n`);
  process.exit(3);
});

// Talk that cannot be written stops no work: the exit code says how it ended.
process.stderr.on('error', () => undefined);

process.exitCode = await runCli(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  directory: process.cwd(),
});
