// SPDX-License-Identifier: Apache-2.0
import { sha256 } from '../ledger/merkle.ts';
import { S3CallError } from './s3-call.ts';
import { disturbancesOf } from './s3-disturbances.ts';
import { listByFolder } from './s3-list-by-folder.ts';
import { type NamedByKey, S3Objects } from './s3-objects.ts';
import type { S3Place } from './s3-place.ts';
import { listHistories } from './s3-versions.ts';
import { isSegmentKey, parseSegmentKey } from './segment-key.ts';
import { type Vault, type VaultEntry, VaultError, type VaultErrorCode } from './vault.ts';
import { parseVaultKey } from './vault-key.ts';

/**
 * A vault in an S3 bucket with versioning and Object Lock. Every object is put with retention, a SHA-256 checksum and `If-None-Match: *`.
 * Of every key the version that was written first is the evidence (of a segment's: the first that has the SHA-256 in its key), so that
 * neither a delete marker nor a newer version on top can hide or change it; a listing names both.
 *
 * Needs s3:PutObject and s3:PutObjectRetention to put; s3:GetObject to read; s3:ListBucketVersions to list, and s3:ListBucket, so that
 * S3 answers "absent" and not "denied"; s3:GetObjectVersion where something lies on top; s3:GetObjectRetention to notice lost retention.
 */
export class S3Vault implements Vault {
  readonly #place: S3Place;
  readonly #objects: S3Objects;

  constructor(place: S3Place) {
    this.#place = place;
    this.#objects = new S3Objects(place);
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    parseVaultKey(key);
    const outcome = await inVaultWords(() => this.#objects.writeOnce(key, bytes, namedBy(key)), writeCodes);
    if (outcome === 'taken') throw new VaultError('VAULT_KEY_TAKEN', `refusing to replace ${key}: it holds other bytes`);
  }

  async get(key: string): Promise<Uint8Array> {
    parseVaultKey(key);
    return await inVaultWords(() => this.#objects.read(key, namedBy(key)), readCodes);
  }

  async has(key: string): Promise<boolean> {
    parseVaultKey(key);
    return await inVaultWords(() => this.#objects.has(key), readCodes);
  }

  /**
   * Lists versions and not objects, which costs the same: so a key under a delete marker is listed too, on open days as in the nightly
   * listing of everything. Whatever else somebody put there is listed as well. Where days are not told apart, several are listed at once.
   */
  async *list(prefix: string): AsyncGenerator<VaultEntry> {
    const histories = prefix.includes('/') ? listHistories(this.#place, prefix) : listByFolder(this.#place, prefix);
    for (;;) {
      const next = await inVaultWords(() => histories.next(), readCodes);
      if (next.done === true) return;
      const { key, oldest } = next.value;
      // Only delete markers: never written, or lawfully gone.
      if (oldest === null) continue;
      const disturbances = await inVaultWords(() => disturbancesOf(this.#objects, next.value), readCodes);
      yield { key, bytes: oldest.bytes, ...(disturbances.length === 0 ? {} : { disturbances }) };
    }
  }
}

/** The check that a segment's key allows; undefined for other keys. */
function namedBy(key: string): NamedByKey | undefined {
  if (!isSegmentKey(key)) return undefined;
  const named = parseSegmentKey(key).sha256;
  return (bytes) => sha256(bytes).toString('hex') === named;
}

type Codes = Readonly<Record<S3CallError['code'], VaultErrorCode>>;

const writeCodes: Codes = {
  S3_ABSENT: 'VAULT_UNAVAILABLE',
  S3_UNREADABLE: 'VAULT_UNAVAILABLE',
  S3_FULL: 'VAULT_FULL',
  S3_TAKEN: 'VAULT_KEY_TAKEN',
  S3_CONFLICT: 'VAULT_UNAVAILABLE',
  S3_UNAVAILABLE: 'VAULT_UNAVAILABLE',
};

const readCodes: Codes = { ...writeCodes, S3_ABSENT: 'VAULT_KEY_ABSENT', S3_UNREADABLE: 'VAULT_UNREADABLE' };

async function inVaultWords<T>(work: () => Promise<T>, codes: Codes): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof S3CallError)) throw cause;
    throw new VaultError(codes[cause.code], cause.words, { cause });
  }
}
