// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { AimsError } from '../evidence/errors.ts';
import { contentId, type HomeSecret } from '../evidence/identity.ts';
import type { EvidenceIndex } from '../evidence-index/evidence-index.ts';
import { SqliteIndex } from '../evidence-index/sqlite-index.ts';
import { DirectoryLedgerStore } from '../ledger/directory-ledger-store.ts';
import { openKeyFile, openOrCreateKeyFile } from '../ledger/key-file-signer.ts';
import type { LedgerStore } from '../ledger/ledger-store.ts';
import type { Signer } from '../ledger/signer.ts';
import { startLedger } from '../ledger/start-ledger.ts';
import { isAiResourceType } from '../mapping/ai-resource-type.ts';
import { DirectoryFiles } from '../vault/directory-files.ts';
import { DirectoryVault } from '../vault/directory-vault.ts';
import { codeOf } from '../vault/node-error.ts';
import type { Vault } from '../vault/vault.ts';
import type { HomeKind } from './home.ts';
import { HomeError, unreadableFile } from './home-error.ts';
import { openOwnSigner, readSecretFile, verifierKeyIn } from './home-key-files.ts';
import { HomeLock } from './home-lock.ts';
import { openIndexForReading } from './lost-index.ts';

const homeFormat = 'aims-evidence/home/';
const homeVersion = 1;
const homeFormatSchema = z.object({ format: z.string().startsWith(homeFormat) });
/** `secretCheck` tells the home's own secret from another one, which would give every stored thing a second id. */
const homeFileSchema = z.object({ kind: z.enum(['real', 'sample']), createdAt: z.string(), secretCheck: z.string() });
type HomeFile = z.infer<typeof homeFileSchema>;

/** One vault, ledger and index in a directory, as reading needs them. */
export interface DirectoryHome {
  readonly directory: string;
  readonly kind: HomeKind;
  readonly vault: Vault;
  readonly ledger: LedgerStore;
  readonly index: EvidenceIndex;
  /** Lets go of the index and of the lock. */
  close(): Promise<void>;
}

/** A home with its secret and its key, which collecting and sealing need. */
export interface WritableHome extends DirectoryHome {
  readonly secret: HomeSecret;
  readonly signer: Signer;
}

/** Paths of a home's parts. */
export function homePaths(directory: string) {
  return {
    home: join(directory, 'home.json'),
    secret: join(directory, 'home.secret'),
    key: join(directory, 'signing.key'),
    vault: join(directory, 'vault'),
    ledger: join(directory, 'ledger'),
    index: join(directory, 'index.sqlite'),
    scratch: join(directory, 'scratch'),
  } as const;
}

/**
 * Opens a home for writing and takes its lock; makes it when there is none and `create` says its kind.
 * Throws HOME_ABSENT, HOME_NEWER, HOME_MIXED (sample and real evidence in one home), HOME_LOCKED, HOME_UNWRITABLE.
 */
export async function openHomeForWriting(directory: string, create: HomeKind | null): Promise<WritableHome> {
  if (create !== null && homeFileText(directory) === null) await makeHome(directory, create);
  const home = readHomeFile(directory);
  if (create !== null && home.kind !== create) throw mixed(directory, home.kind, create);
  const lock = HomeLock.take(directory);
  try {
    // Neither is made anew here: another key cannot continue the ledger, and would stand in the way of the one from a backup.
    const secret = ownSecret(directory, home);
    const signer = await openOwnSigner(homePaths(directory).key);
    const index = SqliteIndex.open({ path: homePaths(directory).index, isAiResource: isAiResourceType });
    return { ...assemble(directory, home, index, () => lock.release()), secret, signer };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/**
 * Opens a home for reading; writers may work on it meanwhile. A copy without secret and key can be read, but those that are there must be
 * this home's and nobody else's to read. Makes nothing. Throws HOME_ABSENT, HOME_NEWER, HOME_KEY_WRONG, INDEX_LOST.
 */
export async function openHomeForReading(directory: string): Promise<DirectoryHome> {
  const home = readHomeFile(directory);
  const paths = homePaths(directory);
  if (existsSync(paths.secret)) ownSecret(directory, home);
  if (existsSync(paths.key)) await openKeyFile(paths.key);
  const index = await openIndexForReading(paths.index, new DirectoryVault(paths.vault));
  return assemble(directory, home, index, () => undefined);
}

/** The vault and ledger of a home, which is all that verifying needs: a damaged index or a missing secret is no hindrance. Throws HOME_ABSENT, HOME_NEWER. */
export function openSealedStores(directory: string): Pick<DirectoryHome, 'vault' | 'ledger'> {
  readHomeFile(directory);
  const paths = homePaths(directory);
  return { vault: new DirectoryVault(paths.vault), ledger: new DirectoryLedgerStore(paths.ledger) };
}

/** The verifier key of a home, taken from its own key file. Throws LEDGER_KEY_UNREADABLE and LEDGER_KEY_WRONG; HOME_KEY_ABSENT for a copy without it. */
export async function ownVerifierKey(directory: string): Promise<string> {
  return await verifierKeyIn(homePaths(directory).key);
}

function assemble(directory: string, home: HomeFile, index: EvidenceIndex, release: () => void): DirectoryHome {
  const paths = homePaths(directory);
  return {
    directory,
    kind: home.kind,
    vault: new DirectoryVault(paths.vault),
    ledger: new DirectoryLedgerStore(paths.ledger),
    index,
    close: async () => {
      await index.close();
      release();
    },
  };
}

function ownSecret(directory: string, home: HomeFile): HomeSecret {
  const path = homePaths(directory).secret;
  const secret = readSecretFile(path);
  if (secretCheckOf(secret) === home.secretCheck) return secret;
  throw new HomeError('HOME_KEY_WRONG', `${path} is the secret of another home: restore this one's from your backup`);
}

async function makeHome(directory: string, kind: HomeKind): Promise<void> {
  const paths = homePaths(directory);
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const secrets = new DirectoryFiles(directory, 0o600);
    // The home file comes last: a crash before it leaves no home, and whoever comes next uses the secret that is there.
    if (!existsSync(paths.secret)) await secrets.writeOnce('home.secret', Buffer.from(`${randomBytes(32).toString('hex')}\n`));
    await startLedger(new DirectoryLedgerStore(paths.ledger), await openOrCreateKeyFile(paths.key));
    const secretCheck = secretCheckOf(readSecretFile(paths.secret));
    const home = { format: `${homeFormat}${homeVersion}`, kind, createdAt: new Date().toISOString(), secretCheck };
    await new DirectoryFiles(directory).writeOnce('home.json', Buffer.from(`${JSON.stringify(home)}\n`));
  } catch (cause) {
    if (cause instanceof AimsError) throw cause;
    throw new HomeError('HOME_UNWRITABLE', `cannot make the home ${directory}: ${Error.isError(cause) ? cause.message : cause}`, { cause });
  }
}

/** What the home file of a directory says. Throws HOME_ABSENT, HOME_NEWER, HOME_DAMAGED and HOME_UNREADABLE. */
export function readHomeFile(directory: string): HomeFile {
  const text = homeFileText(directory);
  if (text === null) {
    throw new HomeError('HOME_ABSENT', `there is no evidence home at ${directory}; make one with \`aims collect --home ${directory}\``);
  }
  const value = parseJson(text);
  // The version first: a newer home file may say anything else.
  const format = homeFormatSchema.safeParse(value);
  const version = format.success ? Number(format.data.format.slice(homeFormat.length)) : Number.NaN;
  if (version > homeVersion) {
    throw new HomeError(
      'HOME_NEWER',
      `${directory} was made by a newer aims (home format ${version}, this one knows ${homeVersion}); update aims`,
    );
  }
  const parsed = homeFileSchema.safeParse(value);
  if (version !== homeVersion || !parsed.success) throw new HomeError('HOME_DAMAGED', `${homePaths(directory).home} is no home file`);
  return parsed.data;
}

/** Null where there is none. A directory that may not be entered hides a home: it is told as such, and none is made over it. */
function homeFileText(directory: string): string | null {
  const path = homePaths(directory).home;
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return null;
    throw unreadableFile(path, cause);
  }
}

function secretCheckOf(secret: HomeSecret): string {
  return contentId(secret, 'home', 'secret', '');
}

function mixed(directory: string, is: HomeKind, asked: HomeKind): HomeError {
  return new HomeError(
    'HOME_MIXED',
    `refusing to put ${asked} evidence into ${directory}, which holds ${is} evidence; pass another --home`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (Error.isError(error)) return undefined;
    throw error;
  }
}
