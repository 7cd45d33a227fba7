// SPDX-License-Identifier: Apache-2.0
import { Command, CommanderError } from 'commander';
import { collectorName } from '../runtime/version.ts';
import { type ExitCode, exitCodeOf, wordsOf } from './exit-code.ts';
import { type Terminal, visible } from './terminal.ts';

/** Runs one command line and returns the exit code. Each command's code is loaded only when it is called. */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = 0;
  const program = buildProgram(terminal, (failed) => {
    code = failed;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    terminal.stderr.write(`${visible(wordsOf(error))}\n`);
    return exitCodeOf(error);
  }
}

function buildProgram(terminal: Terminal, fail: (code: ExitCode) => void): Command {
  const program = new Command('aims')
    .description(
      'Evidence that an AI management system (ISO/IEC 42001:2023) works, from AWS: collected, mapped, sealed, and checkable by anyone.',
    )
    .version(collectorName())
    .showHelpAfterError('(aims --help lists the commands)')
    .exitOverride()
    .configureOutput({ writeOut: (text) => void terminal.stdout.write(text), writeErr: (text) => void terminal.stderr.write(text) });
  addStart(program, terminal, fail);
  addCollect(program, terminal, fail);
  addReading(program, terminal);
  addProving(program, terminal, fail);
  addMapping(program, terminal, fail);
  addPlan(program, terminal);
  for (const command of program.commands) command.copyInheritedSettings(program);
  return program;
}

const repeated = (value: string, before: readonly string[]) => [...before, value];

function addCollect(program: Command, terminal: Terminal, fail: (code: ExitCode) => void): void {
  program
    .command('collect')
    .description('read AWS, the sample account, or files that AWS wrote; map and seal what was read')
    .option(
      '--from <aws|sample|PATH>',
      'where to read: the account of your AWS credentials, the bundled sample account, a folder or a file',
      'aws',
    )
    .option('--source <id>', 'only this source (repeat it, or separate by commas)', repeated, [])
    .option('--since <time>', 'start of the window: 2026-11-01, 2026-11-01T10:00:00Z, 36h or 7d; default: where the last run ended')
    .option('--until <time>', 'end of the window; default: now')
    .option('--home <dir>', 'where evidence is kept (default: .aims)')
    .option('--config <file>', 'configuration; default: aims.config.ts, .json or .yaml in this directory')
    .option('--profile <name>', 'AWS profile')
    .option('--region <name>', 'AWS Region (repeat it for more)', repeated, [])
    .option('--scale <n>', 'with --from sample: how often its population is repeated', '1')
    .option('--json', 'one JSON object on standard output')
    .action(async (options) => {
      if (!(await (await import('./collect.ts')).collect(terminal, options))) fail(1);
    });
}

function addStart(program: Command, terminal: Terminal, fail: (code: ExitCode) => void): void {
  program
    .command('start')
    .description('collect the bundled sample account into .aims-sample and show what was found (`npm start`)')
    .option('--json', 'one JSON object on standard output')
    .action(async (options) => {
      if (!(await (await import('./start.ts')).start(terminal, options))) fail(1);
    });
}

function addPlan(program: Command, terminal: Terminal): void {
  program
    .command('plan')
    .description('what a deployment to AWS would collect, keep undeletable, be allowed and cost; asks AWS nothing')
    .option('--config <file>', 'configuration; default: aims.config.* in this directory')
    .option('--accounts-count <n>', 'how many accounts the organisation has, for the estimate')
    .option('--on <day>', 'day of the deployment, such as 2026-11-22; default: today')
    .option('--assume <name=value>', 'another value for one assumption of the estimate (repeat it for more)', repeated, [])
    .option('--json', 'one JSON object on standard output')
    .action(async (options) => (await import('./plan.ts')).plan(terminal, options));
}

function onHome(command: Command): Command {
  return command
    .option('--home <dir|aws|aws:STACK>', 'where evidence is kept: a directory, or a stack deployed to AWS (default: .aims)')
    .option('--profile <name>', 'AWS profile, with --home aws')
    .option('--region <name>', 'AWS Region of the stack, with --home aws')
    .option('--config <file>', 'configuration; default: aims.config.* in this directory')
    .option('--json', 'one JSON object on standard output');
}

function addReading(program: Command, terminal: Terminal): void {
  onHome(
    program
      .command('controls')
      .description('coverage: per control and clause, what was found, how strongly and which way, and what could not be seen'),
  ).action(async (options) => (await import('./controls.ts')).controls(terminal, options));
  onHome(program.command('evidence').description('list records, newest first'))
    .option('--control <id>', 'records that claim this control or clause, such as A.6.2.6 or 9.1')
    .option('--source <id>', 'records of this source')
    .option('--system <name>', 'records about this AI system')
    .option('--resource <arn>', 'records about this resource')
    .option('--since <time>', 'occurred at or after this time')
    .option('--until <time>', 'occurred before this time')
    .option('--polarity <polarity>', 'supports, exception, review, gap, occurrence or context')
    .option('--limit <n>', 'at most so many', '50')
    .option('--cursor <cursor>', 'go on where an earlier list ended')
    .action(async (options) => (await import('./evidence.ts')).evidence(terminal, options));
  onHome(program.command('show <id>').description('one record: raw answer, mapping, proof')).action(async (id, options) =>
    (await import('./show.ts')).show(terminal, id, options),
  );
  onHome(program.command('runs').description('finished runs, newest first'))
    .option('--limit <n>', 'at most so many', '50')
    .action(async (options) => (await import('./runs.ts')).runs(terminal, options));
  onHome(program.command('receipt <id>').description('the sealed account of one run')).action(async (id, options) =>
    (await import('./runs.ts')).receipt(terminal, id, options),
  );
  onHome(
    program.command('status').description('whether collection and sealing go on: last runs, lag, gaps, queues, newest checkpoint'),
  ).action(async (options) => (await import('./status.ts')).status(terminal, options));
  onHome(program.command('gaps').description('what could not be seen, and why'))
    .option('--all', 'also those that a later run has closed')
    .action(async (options) => (await import('./gaps.ts')).gaps(terminal, options));
}

function addProving(program: Command, terminal: Terminal, fail: (code: ExitCode) => void): void {
  onHome(program.command('checkpoint').description('print the newest checkpoint and the verifier key, to be kept elsewhere')).action(
    async (options) => (await import('./checkpoint.ts')).checkpoint(terminal, options),
  );
  onHome(program.command('verify').description('check every byte of a home against its ledger'))
    .option('--checkpoint <file>', 'what `aims checkpoint` printed earlier, with its key: nothing sealed by then may have changed')
    .option('--key <key>', 'a verifier key in place of those in the kept checkpoint (repeat it where a key was replaced)', repeated, [])
    .option('--records', 'check every single record too')
    .action(async (options) => {
      if (!(await (await import('./verify.ts')).verify(terminal, options))) fail(1);
    });
  const index = program.command('index').description('the query index');
  onHome(index.command('rebuild').description('make the index again from the vault')).action(async (options) => {
    if (!(await (await import('./index-rebuild.ts')).indexRebuild(terminal, options))) fail(1);
  });
}

function addMapping(program: Command, terminal: Terminal, fail: (code: ExitCode) => void): void {
  program
    .command('explain <file>')
    .description('what the rules say of an item that AWS wrote (`-`: standard input), and which rules just miss it')
    .option('--config <file>', 'configuration; default: aims.config.* in this directory')
    .option('--json', 'one JSON object on standard output')
    .action(async (file, options) => (await import('./explain.ts')).explain(terminal, file, options));
  program
    .command('catalog [id]')
    .description('the clauses and controls of the standard; with an id (A.6.2.6, 9.1, seed:A.12) that one')
    .option('--json', 'one JSON object on standard output')
    .action(async (id, options) => (await import('./catalog.ts')).catalog(terminal, id, options));
  const pattern = program.command('pattern').description('EventBridge event patterns, offline');
  pattern
    .command('test <pattern> [event]')
    .description('whether a pattern matches an event (JSON, a file, or -); `test -` answers lines {"pattern":…,"event":…}')
    .option('--json', 'one JSON object on standard output')
    .action(async (text, event, options) => {
      if ((await (await import('./pattern.ts')).patternTest(terminal, text, event, options)) === false) fail(1);
    });
}
