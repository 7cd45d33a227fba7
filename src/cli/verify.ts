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
import { type KeptCheckpoint, readKeptText } from './kept-checkpoint.ts';
import { plainReason } from './plain-reason.ts';
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
  /** Where these keys come from: `--key`, the kept file (`--checkpoint FILE`), or a part of the home itself, such as the path of its key file. */
  readonly keysFrom: string;
  readonly checked: Record<string, number | boolean>;
  readonly problems: readonly Problem[];
  /** Not sealed or not signed yet: a collection is under way, or was killed. The next one finishes it; nothing is wrong. */
  readonly pending: readonly Problem[];
  /** How many more there are of a kind, and of what was done, than are named among problems and pending: of each the first are, for ledger and vault. */
  readonly unnamed: readonly UnnamedProblems[];
  /** What this verification cannot rule out. */
  readonly limits: readonly string[];
}

interface Keys {
  readonly verifierKeys: readonly string[];
  readonly keysFrom: string;
  /** Whether the home's owner could have replaced them. */
  readonly areHomes: boolean;
}

/** `aims verify`: every byte of the home against its ledger, with `--records` every record too. Returns whether all is well. */
export async function verify(terminal: Terminal, options: VerifyOptions): Promise<boolean> {
  for (const key of options.key) checkKey('--key', key);
  const kept = options.checkpoint === undefined ? null : readKeptText(await readInput(terminal, options.checkpoint));
  if (options.key.length === 0) for (const key of kept?.verifierKeys ?? []) checkKey(`--checkpoint ${options.checkpoint}`, key);
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

function checkKey(from: string, key: string): void {
  try {
    parseVerifierKey(key);
  } catch (cause) {
    if (!(cause instanceof LedgerError)) throw cause;
    throw new UsageError('USAGE_OPTION', `${from}: ${cause.words}; copy it as \`aims checkpoint\` printed it`, { cause });
  }
}

/** Keys that a person gave win over those in the kept file; the home's own are asked for only where there is neither: they may be what is lost. */
async function keysFor(home: SealedHome, { key, checkpoint }: VerifyOptions, kept: KeptCheckpoint | null): Promise<Keys> {
  if (key.length > 0) return { verifierKeys: key, keysFrom: '--key', areHomes: false };
  const verifierKeys = kept?.verifierKeys ?? [];
  if (verifierKeys.length > 0) return { verifierKeys, keysFrom: `--checkpoint ${checkpoint}`, areHomes: false };
  return { verifierKeys: await home.verifierKeys(), keysFrom: home.keysFrom, areHomes: true };
}

async function verifyHome(
  home: SealedHome,
  options: VerifyOptions,
  kept: KeptCheckpoint | null,
  progress: Progress,
): Promise<Verification> {
  const { verifierKeys, keysFrom, areHomes } = await keysFor(home, options, kept);
  const ledger = await verifyLedger(home.ledger, { verifierKeys, ...(kept === null ? {} : { checkpoint: kept.note }) });
  const { readsAtOnce, retentionDays } = home.segments;
  const vault = await verifyVault(home.vault, home.ledger, {
    records: options.records === true,
    ...(readsAtOnce === undefined ? {} : { readsAtOnce }),
    ...(retentionDays === null ? {} : { expiredBefore: expiredBefore(retentionDays, new Date()) }),
    onProgress: (done, of) => progress.show(`verifying segment ${done} of ${of}`),
  });
  const all = [...ledger.problems, ...vault.problems];
  // A home begins with the signed tree of no leaves, so a first run is like every other. Where nothing at all is signed, the signatures are gone.
  const isPending = ({ kind }: Problem) => ledger.newest !== null && (kind === 'unsealed' || kind === 'unsigned');
  const problems = worstFirst(all.filter((problem) => !isPending(problem)));
  return {
    ok: problems.length === 0,
    home: home.name,
    verifierKeys,
    keysFrom,
    pending: all.filter(isPending),
    checked: { ...ledger.checked, ...vault.checked, recordLeaves: options.records === true },
    problems,
    unnamed: [...ledger.unnamed, ...vault.unnamed],
    limits: [...limitsOf(options, areHomes), ...expiryOf(vault, retentionDays), ...unseenOf(ledger.unseen ?? vault.unseen)],
  };
}

function limitsOf(options: VerifyOptions, areHomes: boolean): string[] {
  const limits: string[] = [];
  if (areHomes)
    limits.push(
      'the key was taken from the home itself: whoever can write the home could have replaced it; pass --key, or a checkpoint kept with its key',
    );
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
  const { ok, verifierKeys, keysFrom, checked, problems, pending, unnamed, limits } = found;
  print(terminal, ok ? 'verified: everything is as it was sealed' : `${countOf(found)} problem(s) found`);
  print(terminal, `checked ${checkedWords(checked).join(', ')}`);
  print(terminal, ...verifierKeys.map((key) => `signatures checked with ${key}, from ${keysFrom}`));
  print(terminal, ...problems.map(({ kind, item, reason }) => `${kind}: ${item}: ${plainReason(reason, item)}`));
  if (problems.some(({ kind }) => kind === 'signature'))
    print(
      terminal,
      `note: another key than that of ${keysFrom} may have signed: put this home's own back from your backup, or pass it with --key`,
    );
  print(terminal, ...pending.map(({ kind, item }) => `${kind}: ${item}: the next collection or seal finishes it`));
  print(
    terminal,
    ...unnamed.map(({ kind, what, count }) => `${kind}${what === undefined ? '' : ` (${what})`}: ${count} more, which are not named`),
  );
  print(terminal, ...limits.map((limit) => `note: ${limit}`));
}

/** What each figure counts; one that is new is told by its own name. */
const figures: ReadonlyMap<string, string> = new Map([
  ['leaves', 'leaves of the ledger'],
  ['bytes', 'bytes as stored'],
  ['rawBytes', 'bytes unpacked'],
  ['unsealed', 'segments not sealed yet'],
  ['expired', 'segments gone after their retention'],
]);
/** Worth a word only where there are any. */
const rare: ReadonlySet<string> = new Set(['unsealed', 'expired']);

function checkedWords({ pinnedCheckpoint, recordLeaves, ...counts }: Verification['checked']): string[] {
  return [
    ...Object.entries(counts)
      .filter(([name, value]) => Number(value) > 0 || !rare.has(name))
      .map(([name, value]) => `${Number(value).toLocaleString('en')} ${figures.get(name) ?? name}`),
    pinnedCheckpoint === true ? 'the kept checkpoint compared' : 'no kept checkpoint compared',
    recordLeaves === true ? 'every record checked by itself' : 'records not one by one',
  ];
}

function countOf({ problems, pending, unnamed }: Verification): number {
  const isPending = new Set(pending.map(({ kind }) => kind));
  return unnamed.reduce((sum, { kind, count }) => (isPending.has(kind) ? sum : sum + count), problems.length);
}
