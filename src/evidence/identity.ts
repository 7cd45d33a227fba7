// SPDX-License-Identifier: Apache-2.0
import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';

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

/** Id of a record that only its content tells apart: HMAC-SHA-256 under the home secret over its canonical content, in pieces; 64 hex digits. */
export function contentId(
  secret: HomeSecret,
  source: string,
  sourceIdentity: string,
  ...content: readonly (string | Uint8Array)[]
): string {
  const mac = createHmac('sha256', secret);
  mac.update(
    `aims-evidence/content-id/1${separator}${source.length}:${source}${separator}${sourceIdentity.length}:${sourceIdentity}${separator}`,
  );
  for (const piece of content) mac.update(piece);
  return mac.digest('hex');
}

/** Salts of the three compartments of a record, 32 hex digits each. */
export interface Salts {
  readonly core: string;
  readonly subjects: string;
  readonly raw: string;
}

/** Makes the salts of a record from its id. */
export type SaltMaker = (id: string) => Salts;

const saltMakers = new WeakMap<HomeSecret, SaltMaker>();

/** The salts of records under a home secret: one keyed hash over the id, cut in three; the parts of its output tell nothing of each other. */
export function saltsUnder(secret: HomeSecret): SaltMaker {
  let maker = saltMakers.get(secret);
  if (maker === undefined) {
    maker = saltMaker(secret);
    saltMakers.set(secret, maker);
  }
  return maker;
}

const saltLabel = `aims/salts/1${separator}`;
const idDigits = 64;
const saltDigits = 32;

// SHA-384 with the secret in front, over a message of one length: as good as an HMAC then (nothing can be appended to a message of fixed length,
// nor to a digest that is cut), in one block of 128 bytes where HMAC takes four.
function saltMaker(secret: HomeSecret): SaltMaker {
  const block = Buffer.concat([secret.export(), Buffer.from(saltLabel), Buffer.alloc(idDigits)]);
  const idAt = block.length - idDigits;
  return (id) => {
    if (id.length !== idDigits || block.write(id, idAt, 'latin1') !== idDigits) throw new RangeError('a record id has 64 hex digits');
    const digest = hash('sha384', block);
    return {
      core: digest.slice(0, saltDigits),
      subjects: digest.slice(saltDigits, 2 * saltDigits),
      raw: digest.slice(2 * saltDigits),
    };
  };
}
