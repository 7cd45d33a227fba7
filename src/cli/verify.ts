// SPDX-License-Identifier: Apache-2.0
import type { Problem } from '../ledger/ledger-problem.ts';
import { LedgerError } from '../ledger/ledger-store.ts';
import { parseVerifierKey } from '../ledger/note.ts';
import { verifyLedger } from '../ledger/verify-ledger.ts';
import { verifyVault } from '../ledger/verify-vault.ts';
import { loadConfiguration } from '../runtime/configuration.ts';
import { openSealedStores, ownVerifierKey } from '../runtime/directory-home.ts';
import { UsageError } from '../runtime/home-error.ts';
import type { HomeOptions } from './home-command.ts';
import { homeOption } from './options.ts';
import { readInput } from './read-input.ts';
import { Progress, print, printJson, type Terminal } from './terminal.ts';

/** Options of `aims verify` as they were typed. */
export interface VerifyOptions extends HomeOptions {
  readonly checkpoint?: string;
  readonly key?: string;
  readonly records?: boolean;
}

interface Verification {
  readonly ok: boolean;
  readonly checked: Record<string, number | boolean>;
  readonly problems: readonly Problem[];
  /** Not sealed or not signed yet: a collection is under way, or was killed. The next one finishes it; nothing is wrong. */
  readonly pending: readonly Problem[];
  /** What this verification cannot rule out. */
  readonly limits: readonly string[];
}

/** `aims verify`: every byte of the home against its ledger, with `--records` every record too. Returns whether all is well. */
export async function verify(terminal: Terminal, options: VerifyOptions): Promise<boolean> {
  if (options.key !== undefined) checkKey(options.key);
  const kept = options.checkpoint === undefined ? undefined : await readInput(terminal, options.checkpoint);
  const progress = new Progress(terminal);
  const { configuration } = await loadConfiguration(terminal.directory, options.config);
  const directory = homeOption(terminal.directory, options.home, configuration.home);
  const found = await verifyHome(directory, options, kept, progress);
  progress.clear();
  if (options.json) printJson(terminal, found);
  else printVerification(terminal, found);
  return found.ok;
}

function checkKey(key: string): void {
  try {
    parseVerifierKey(key);
  } catch (cause) {
    if (!(cause instanceof LedgerError)) throw cause;
    throw new UsageError('USAGE_OPTION', `--key: ${cause.message}; copy it as \`aims checkpoint\` printed it`, { cause });
  }
}

async function verifyHome(directory: string, options: VerifyOptions, kept: string | undefined, progress: Progress): Promise<Verification> {
  const home = openSealedStores(directory);
  const verifierKeys = [options.key ?? (await ownVerifierKey(directory))];
  const ledger = await verifyLedger(home.ledger, { verifierKeys, ...(kept === undefined ? {} : { checkpoint: kept }) });
  const vault = await verifyVault(home.vault, home.ledger, {
    records: options.records === true,
    onProgress: (done, of) => progress.show(`verifying segment ${done} of ${of}`),
  });
  const all = [...ledger.problems, ...vault.problems];
  // Where nothing at all is signed, nothing can be told from what somebody made up.
  const isPending = ({ kind }: Problem) => ledger.newest !== null && (kind === 'unsealed' || kind === 'unsigned');
  const problems = all.filter((problem) => !isPending(problem));
  return {
    ok: problems.length === 0,
    pending: all.filter(isPending),
    checked: { ...ledger.checked, ...vault.checked, recordLeaves: options.records === true },
    problems,
    limits: limitsOf(options),
  };
}

function limitsOf(options: VerifyOptions): string[] {
  const limits: string[] = [];
  if (options.key === undefined)
    limits.push('the key was taken from the home itself: whoever can write the home could have replaced it; pass --key');
  if (options.checkpoint === undefined)
    limits.push('no checkpoint from elsewhere was given: a home cut back to an earlier state would pass; pass --checkpoint');
  if (options.records !== true) limits.push('records were not checked one by one; pass --records');
  return limits;
}

function printVerification(terminal: Terminal, { ok, checked, problems, pending, limits }: Verification): void {
  print(terminal, ok ? 'verified: everything is as it was sealed' : `${problems.length} problem(s) found`);
  print(
    terminal,
    `checked ${Object.entries(checked)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ')}`,
  );
  print(terminal, ...problems.map(({ kind, item, reason }) => `${kind}: ${item}: ${reason}`));
  print(terminal, ...pending.map(({ kind, item }) => `${kind}: ${item}: the next collection finishes it`));
  print(terminal, ...limits.map((limit) => `note: ${limit}`));
}
