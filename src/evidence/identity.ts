// SPDX-License-Identifier: Apache-2.0
import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';
import { type KeyedHash, keyedHash } from './keyed-hash.ts';

/** 32 bytes that blind ids and salts; without them nobody can test guesses of withheld content. */
export type HomeSecret = KeyObject & { readonly brand?: 'HomeSecret' };

/** Takes 32 random bytes as a home secret. */
export function homeSecret(bytes: Uint8Array): HomeSecret {
  if (bytes.byteLength !== 32) throw new RangeError(`a home secret has 32 bytes, not ${bytes.byteLength}`);
  return createSecretKey(bytes);
}

const separator = '\u001f';

/** Id of a record whose versions are told apart by declared fields: SHA-256 over source, identity and version key; 64 hex digits. */
export function declaredId(source: string, sourceIdentity: string, versionKey: readonly string[]): string {
  // Lengths stand before the parts, so that no two lists of parts read alike.
  let text = `aims-evidence/id/1${separator}${source.length}:${source}${separator}${sourceIdentity.length}:${sourceIdentity}`;
  for (const part of versionKey) text += `${separator}${part.length}:${part}`;
  return hash('sha256', text);
}

/** Id of a record that only its content tells apart: HMAC-SHA-256 under the home secret; 64 hex digits. */
export function contentId(secret: HomeSecret, source: string, sourceIdentity: string, canonicalContent: string): string {
  const mac = createHmac('sha256', secret);
  mac.update(
    `aims-evidence/content-id/1${separator}${source.length}:${source}${separator}${sourceIdentity.length}:${sourceIdentity}${separator}`,
  );
  return mac.update(canonicalContent).digest('hex');
}

const saltHashes = new WeakMap<HomeSecret, KeyedHash>();

/** Salts of the three compartments of a record, 32 hex digits each: one HMAC-SHA-384 under the home secret over the id, cut in three. */
export function salts(secret: HomeSecret, id: string): { readonly core: string; readonly subjects: string; readonly raw: string } {
  let saltHash = saltHashes.get(secret);
  if (saltHash === undefined) {
    saltHash = keyedHash(secret);
    saltHashes.set(secret, saltHash);
  }
  const digest = saltHash(`aims-evidence/salts/1${separator}${id}`);
  return { core: digest.slice(0, 32), subjects: digest.slice(32, 64), raw: digest.slice(64, 96) };
}
