// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync, statSync } from 'node:fs';
import { type HomeSecret, homeSecret } from '../evidence/identity.ts';
import { openKeyFile } from '../ledger/key-file-signer.ts';
import type { Signer } from '../ledger/signer.ts';
import { HomeError, unreadableFile } from './home-error.ts';

/** The signer of a home that is added to. Throws HOME_KEY_ABSENT, LEDGER_KEY_UNREADABLE and LEDGER_KEY_WRONG. */
export async function openOwnSigner(path: string): Promise<Signer> {
  if (existsSync(path)) return await openKeyFile(path);
  throw new HomeError(
    'HOME_KEY_ABSENT',
    `${path} is missing: restore it from your backup; without it this home can be read and not added to`,
  );
}

/** The verifier key of a home's own key file. Throws HOME_KEY_ABSENT for a copy without it, LEDGER_KEY_UNREADABLE and LEDGER_KEY_WRONG. */
export async function verifierKeyIn(path: string): Promise<string> {
  if (existsSync(path)) return (await openKeyFile(path)).verifierKey;
  const advice =
    'restore it from your backup, or, in a copy for reading, pass the verifier key that `aims checkpoint` printed: aims verify --key KEY';
  throw new HomeError('HOME_KEY_ABSENT', `${path} is not there, so no signature can be checked with it: ${advice}`);
}

/** The secret in a file that nobody else may read. Throws HOME_KEY_WRONG and HOME_UNREADABLE. */
export function readSecretFile(path: string): HomeSecret {
  if (!existsSync(path))
    throw new HomeError('HOME_KEY_WRONG', `${path} is missing: restore it from your backup, ids and salts depend on it`);
  if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
    throw new HomeError('HOME_KEY_WRONG', `refusing the home secret ${path}: others may read it; chmod 600 it`);
  }
  const text = secretText(path).trim();
  if (!/^[0-9a-f]{64}$/.test(text)) throw new HomeError('HOME_KEY_WRONG', `${path} is no home secret of 64 hex digits`);
  return homeSecret(Buffer.from(text, 'hex'));
}

function secretText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw unreadableFile(path, cause);
  }
}
