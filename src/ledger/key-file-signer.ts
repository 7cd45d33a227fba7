// SPDX-License-Identifier: Apache-2.0
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { promisify } from 'node:util';
import { DirectoryFiles } from '../vault/directory-files.ts';
import { LedgerError } from './ledger-store.ts';
import { formatVerifierKey } from './note.ts';
import { ownKeyName } from './own-key-name.ts';
import type { Signer } from './signer.ts';

const ownerOnly = 0o600;
const signInPool = promisify(sign);

/** Reads the Ed25519 key (PKCS #8, PEM) in a file that nobody else may read. Without `name` the key's own hash names it. */
export async function openKeyFile(path: string, name?: string): Promise<Signer> {
  return signerOf(parseKey(path, await readOwnFile(path)), name);
}

/**
 * As `openKeyFile`, after making the key where there is no file. Of two processes at once one makes it and both use it;
 * a crash leaves a whole key or none.
 */
export async function openOrCreateKeyFile(path: string, name?: string): Promise<Signer> {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
  const files = new DirectoryFiles(dirname(path), ownerOnly);
  if (!(await isThere(files, basename(path)))) {
    await files.writeOnce(basename(path), Buffer.from(pem)).catch((cause: unknown) => {
      throw unreadable(path, 'cannot be written', cause);
    });
  }
  return await openKeyFile(path, name);
}

async function isThere(files: DirectoryFiles, name: string): Promise<boolean> {
  return (await files.entries('')).some((entry) => entry.name === name);
}

async function readOwnFile(path: string): Promise<Buffer> {
  const file = await open(path, constants.O_RDONLY).catch((cause: unknown) => {
    throw unreadable(path, 'cannot be opened', cause);
  });
  try {
    refuseLooseMode(path, await file.stat());
    return await file.readFile();
  } finally {
    await file.close();
  }
}

function refuseLooseMode(path: string, stats: Stats): void {
  // Windows keeps access elsewhere than in the mode.
  if (process.platform === 'win32' || (stats.mode & 0o077) === 0) return;
  const mode = (stats.mode & 0o777).toString(8).padStart(4, '0');
  throw new LedgerError('LEDGER_KEY_UNREADABLE', `refusing the key file ${path}: others may use it (mode ${mode}); chmod 600 it`);
}

function parseKey(path: string, pem: Buffer): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (cause) {
    throw unreadable(path, 'holds no private key in PKCS #8 PEM', cause);
  }
  if (key.asymmetricKeyType !== 'ed25519') {
    throw new LedgerError(
      'LEDGER_KEY_WRONG',
      `the key file ${path} holds a key of type ${key.asymmetricKeyType}; checkpoints need ed25519`,
    );
  }
  return key;
}

function signerOf(key: KeyObject, name?: string): Signer {
  // A SubjectPublicKeyInfo of Ed25519 ends in the 32 bytes of the key (RFC 8410 §4).
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' }).subarray(-32);
  const ownName = name ?? ownKeyName(publicKey);
  return {
    name: ownName,
    verifierKey: formatVerifierKey(ownName, publicKey),
    sign: async (message) => await signInPool(null, message, key),
  };
}

function unreadable(path: string, what: string, cause: unknown): LedgerError {
  const reason = Error.isError(cause) ? cause.message : String(cause);
  return new LedgerError('LEDGER_KEY_UNREADABLE', `the key file ${path} ${what}: ${reason}`, { cause });
}
