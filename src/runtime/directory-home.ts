// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { AimsError } from '../evidence/errors.ts';
import { contentId, type HomeSecret, homeSecret } from '../evidence/identity.ts';
import type { EvidenceIndex } from '../evidence-index/evidence-index.ts';
import { SqliteIndex } from '../evidence-index/sqlite-index.ts';
import { DirectoryLedgerStore } from '../ledger/directory-ledger-store.ts';
import { openKeyFile, openOrCreateKeyFile } from '../ledger/key-file-signer.ts';
import type { LedgerStore } from '../ledger/ledger-store.ts';
import type { Signer } from '../ledger/signer.ts';
import { isAiResourceType } from '../mapping/ai-resource-type.ts';
import { DirectoryFiles } from '../vault/directory-files.ts';
import { DirectoryVault } from '../vault/directory-vault.ts';
import type { Vault } from '../vault/vault.ts';
import type { HomeKind } from './home.ts';
import { HomeError } from './home-error.ts';
import { HomeLock } from './home-lock.ts';

const homeFormat = 'aims-evidence/home/';
const homeVersion = 1;
const homeFormatSchema = z.object({ format: z.string().startsWith(homeFormat) });
/** `secretCheck` tells the home's own secret from another one, which would give every stored thing a second id. */
const homeFileSchema = z.object({ kind: z.enum(['real', 'sample']), createdAt: z.string(), secretCheck: z.string() });
type HomeFile = z.infer<typeof homeFileSchema>;

/** One vault, ledger, index and key in a directory. */
export interface DirectoryHome {
  readonly directory: string;
  readonly kind: HomeKind;
  readonly vault: Vault;
  readonly ledger: LedgerStore;
  readonly index: EvidenceIndex;
  readonly secret: HomeSecret;
  readonly signer: Signer;
  /** Lets go of the index and of the lock. */
  close(): Promise<void>;
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
export async function openHomeForWriting(directory: string, create: HomeKind | null): Promise<DirectoryHome> {
  if (!existsSync(homePaths(directory).home) && create !== null) await makeHome(directory, create);
  const home = readHomeFile(directory);
  if (create !== null && home.kind !== create) throw mixed(directory, home.kind, create);
  const lock = HomeLock.take(directory);
  try {
    // Never made anew here: another key cannot continue the ledger, and would stand in the way of the one from a backup.
    return await assemble(directory, home, await openKeyFile(homePaths(directory).key), () => lock.release());
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Opens a home for reading; writers may work on it meanwhile. Throws HOME_ABSENT, HOME_NEWER. */
export async function openHomeForReading(directory: string): Promise<DirectoryHome> {
  const home = readHomeFile(directory);
  return await assemble(directory, home, await openKeyFile(homePaths(directory).key), () => undefined);
}

/** The vault and ledger of a home, which is all that verifying needs: a damaged index or a missing secret is no hindrance. Throws HOME_ABSENT, HOME_NEWER. */
export function openSealedStores(directory: string): Pick<DirectoryHome, 'vault' | 'ledger'> {
  readHomeFile(directory);
  const paths = homePaths(directory);
  return { vault: new DirectoryVault(paths.vault), ledger: new DirectoryLedgerStore(paths.ledger) };
}

/** The verifier key of a home, taken from its own key file. */
export async function ownVerifierKey(directory: string): Promise<string> {
  return (await openKeyFile(homePaths(directory).key)).verifierKey;
}

async function assemble(directory: string, home: HomeFile, signer: Signer, release: () => void): Promise<DirectoryHome> {
  const paths = homePaths(directory);
  const secret = readSecret(paths.secret);
  if (secretCheckOf(secret) !== home.secretCheck)
    throw new HomeError('HOME_KEY_WRONG', `${paths.secret} is the secret of another home: restore this one's from your backup`);
  const index = SqliteIndex.open({ path: paths.index, isAiResource: isAiResourceType });
  return {
    directory,
    kind: home.kind,
    vault: new DirectoryVault(paths.vault),
    ledger: new DirectoryLedgerStore(paths.ledger),
    index,
    secret,
    signer,
    close: async () => {
      await index.close();
      release();
    },
  };
}

async function makeHome(directory: string, kind: HomeKind): Promise<void> {
  const paths = homePaths(directory);
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const secrets = new DirectoryFiles(directory, 0o600);
    // The home file comes last: a crash before it leaves no home, and whoever comes next uses the secret that is there.
    if (!existsSync(paths.secret)) await secrets.writeOnce('home.secret', Buffer.from(`${randomBytes(32).toString('hex')}\n`));
    await openOrCreateKeyFile(paths.key);
    const secretCheck = secretCheckOf(readSecret(paths.secret));
    const home = { format: `${homeFormat}${homeVersion}`, kind, createdAt: new Date().toISOString(), secretCheck };
    await new DirectoryFiles(directory).writeOnce('home.json', Buffer.from(`${JSON.stringify(home)}\n`));
  } catch (cause) {
    if (cause instanceof AimsError) throw cause;
    throw new HomeError('HOME_UNWRITABLE', `cannot make the home ${directory}: ${Error.isError(cause) ? cause.message : cause}`, { cause });
  }
}

/** What the home file of a directory says. Throws HOME_ABSENT, HOME_NEWER and HOME_DAMAGED. */
export function readHomeFile(directory: string): HomeFile {
  const path = homePaths(directory).home;
  if (!existsSync(path)) {
    throw new HomeError('HOME_ABSENT', `there is no evidence home at ${directory}; make one with \`aims collect --home ${directory}\``);
  }
  const value = parseJson(readFileSync(path, 'utf8'));
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
  if (version !== homeVersion || !parsed.success) throw new HomeError('HOME_DAMAGED', `${path} is no home file`);
  return parsed.data;
}

function secretCheckOf(secret: HomeSecret): string {
  return contentId(secret, 'home', 'secret', '');
}

function readSecret(path: string): HomeSecret {
  if (!existsSync(path))
    throw new HomeError('HOME_KEY_WRONG', `${path} is missing: restore it from your backup, ids and salts depend on it`);
  if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
    throw new HomeError('HOME_KEY_WRONG', `refusing the home secret ${path}: others may read it; chmod 600 it`);
  }
  const text = readFileSync(path, 'utf8').trim();
  if (!/^[0-9a-f]{64}$/.test(text)) throw new HomeError('HOME_KEY_WRONG', `${path} is no home secret of 64 hex digits`);
  return homeSecret(Buffer.from(text, 'hex'));
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
