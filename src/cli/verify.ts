// SPDX-License-Identifier: Apache-2.0
import { worstFirst } from '../ledger/found-disturbed.ts';
import type { Problem, UnnamedProblems } from '../ledger/ledger-problem.ts';
import { LedgerError } from '../ledger/ledger-store.ts';
import { parseVerifierKey } from '../ledger/note.ts';
import { verifyLedger } from '../ledger/verify-ledger.ts';
import { type VaultVerification, verifyVault } from '../ledger/verify-vault.ts';
import type { SealedHome } from '../runtime/home.ts';
import { UsageError } from '../runtime/home-error.ts';
import { openSealedHome } from '../runtime/home-opening.ts';
import { expiredBefore } from '../vault/s3-place.ts';
import { type HomeOptions, placeOf } from './home-command.ts';
import { readInput } from './read-input.ts';
import { Progress, print, printJson, type Terminal } from './terminal.ts';

/** Options of `aims verify` as they were typed. */
export interface VerifyOptions extends HomeOptions {
  readonly checkpoint?: string;
  /** Verifier keys; several where a key was replaced. */
  readonly key: readonly string[];
  readonly records?: boolean;
}

interface Verification {
  readonly ok: boolean;
  readonly home: string;
  /** What signatures were checked with. */
  readonly verifierKeys: readonly string[];
  readonly checked: Record<string, number | boolean>;
  readonly problems: readonly Problem[];
  /** Not sealed or not signed yet: a collection is under way, or was killed. The next one finishes it; nothing is wrong. */
  readonly pending: readonly Problem[];
  /** How many more there are of a kind, and of what was done, than are named among problems and pending: of each the first are, for ledger and vault. */
  readonly unnamed: readonly UnnamedProblems[];
  /** What this verification cannot rule out. */
  readonly limits: readonly string[];
}

/** `aims verify`: every byte of the home against its ledger, with `--records` every record too. Returns whether all is well. */
export async function verify(terminal: Terminal, options: VerifyOptions): Promise<boolean> {
  for (const key of options.key) checkKey(key);
  const kept = options.checkpoint === undefined ? undefined : await readInput(terminal, options.checkpoint);
  const progress = new Progress(terminal);
  const home = await openSealedHome(await placeOf(terminal, options));
  try {
    const found = await verifyHome(home, options, kept, progress);
    progress.clear();
    if (options.json) printJson(terminal, found);
    else printVerification(terminal, found);
    return found.ok;
  } finally {
    await home.close();
  }
}

function checkKey(key: string): void {
  try {
    parseVerifierKey(key);
  } catch (cause) {
    if (!(cause instanceof LedgerError)) throw cause;
    throw new UsageError('USAGE_OPTION', `--key: ${cause.message}; copy it as \`aims checkpoint\` printed it`, { cause });
  }
}

async function verifyHome(home: SealedHome, options: VerifyOptions, kept: string | undefined, progress: Progress): Promise<Verification> {
  // The home's own keys are asked for only where none was given: they may be what is lost.
  const verifierKeys = options.key.length > 0 ? options.key : await home.verifierKeys();
  const ledger = await verifyLedger(home.ledger, { verifierKeys, ...(kept === undefined ? {} : { checkpoint: kept }) });
  const { readsAtOnce, retentionDays } = home.segments;
  const vault = await verifyVault(home.vault, home.ledger, {
    records: options.records === true,
    ...(readsAtOnce === undefined ? {} : { readsAtOnce }),
    ...(retentionDays === null ? {} : { expiredBefore: expiredBefore(retentionDays, new Date()) }),
    onProgress: (done, of) => progress.show(`verifying segment ${done} of ${of}`),
  });
  const all = [...ledger.problems, ...vault.problems];
  // Where nothing at all is signed, nothing can be told from what somebody made up.
  const isPending = ({ kind }: Problem) => ledger.newest !== null && (kind === 'unsealed' || kind === 'unsigned');
  const problems = worstFirst(all.filter((problem) => !isPending(problem)));
  return {
    ok: problems.length === 0,
    home: home.name,
    verifierKeys,
    pending: all.filter(isPending),
    checked: { ...ledger.checked, ...vault.checked, recordLeaves: options.records === true },
    problems,
    unnamed: [...ledger.unnamed, ...vault.unnamed],
    limits: [...limitsOf(options), ...expiryOf(vault, retentionDays), ...unseenOf(ledger.unseen ?? vault.unseen)],
  };
}

function limitsOf(options: VerifyOptions): string[] {
  const limits: string[] = [];
  if (options.key.length === 0)
    limits.push('the key was taken from the home itself: whoever can write the home could have replaced it; pass --key');
  if (options.checkpoint === undefined)
    limits.push('no checkpoint from elsewhere was given: a home cut back to an earlier state would pass; pass --checkpoint');
  if (options.records !== true) limits.push('records were not checked one by one; pass --records');
  return limits;
}

/** Nothing is left of an expired segment that could tell how long it was to be kept. */
function expiryOf({ checked: { expired } }: VaultVerification, retentionDays: number | null): string[] {
  if (expired === 0) return [];
  return [
    `${expired} segment(s) older than the ${retentionDays} days of retention are gone and were not checked; their leaves still stand`,
  ];
}

/** Who may not ask for an object's retention is not told it, and nothing is wrong for that. */
function unseenOf(reason: string | null): string[] {
  return reason === null ? [] : [`not all could be seen of the protection against deletion; of one object: ${reason}`];
}

function printVerification(terminal: Terminal, found: Verification): void {
  const { ok, verifierKeys, checked, problems, pending, unnamed, limits } = found;
  print(terminal, ok ? 'verified: everything is as it was sealed' : `${countOf(found)} problem(s) found`);
  print(
    terminal,
    `checked ${Object.entries(checked)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ')}`,
  );
  print(terminal, ...verifierKeys.map((key) => `signatures checked with ${key}`));
  print(terminal, ...problems.map(({ kind, item, reason }) => `${kind}: ${item}: ${reason}`));
  print(terminal, ...pending.map(({ kind, item }) => `${kind}: ${item}: the next collection or seal finishes it`));
  print(
    terminal,
    ...unnamed.map(({ kind, what, count }) => `${kind}${what === undefined ? '' : ` (${what})`}: ${count} more, which are not named`),
  );
  print(terminal, ...limits.map((limit) => `note: ${limit}`));
}

function countOf({ problems, pending, unnamed }: Verification): number {
  const isPending = new Set(pending.map(({ kind }) => kind));
  return unnamed.reduce((sum, { kind, count }) => (isPending.has(kind) ? sum : sum + count), problems.length);
}
