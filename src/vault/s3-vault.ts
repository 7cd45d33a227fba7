// SPDX-License-Identifier: Apache-2.0
import { sha256 } from '../ledger/merkle.ts';
import { S3CallError } from './s3-call.ts';
import { type NamedByKey, S3Objects } from './s3-objects.ts';
import type { S3Place } from './s3-place.ts';
import { listHistories, type S3History } from './s3-versions.ts';
import { isSegmentKey, parseSegmentKey } from './segment-key.ts';
import { type Disturbance, type Vault, type VaultEntry, VaultError, type VaultErrorCode } from './vault.ts';
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
   * listing of everything. Whatever else somebody put there is listed as well.
   */
  async *list(prefix: string): AsyncGenerator<VaultEntry> {
    const histories = listHistories(this.#place, prefix);
    for (;;) {
      const next = await inVaultWords(() => histories.next(), readCodes);
      if (next.done === true) return;
      const { key, oldest } = next.value;
      // Only delete markers: never written, or lawfully gone.
      if (oldest === null) continue;
      const disturbances = await inVaultWords(() => this.#disturbancesOf(next.value), readCodes);
      yield { key, bytes: oldest.bytes, ...(disturbances.length === 0 ? {} : { disturbances }) };
    }
  }

  async #disturbancesOf(history: S3History): Promise<Disturbance[]> {
    const { key, isHidden } = history;
    const found: Disturbance[] = [];
    if (isHidden) found.push({ what: 'hidden', reason: 'a delete marker lies on top of it; its bytes are still there' });
    if (await this.#isCovered(history)) found.push({ what: 'covered', reason: 'a newer version with other bytes lies on top of it' });
    const unprotected = this.#objects.unprotected.get(key);
    if (unprotected !== undefined) found.push({ what: 'unprotected', reason: unprotected });
    return found;
  }

  /** Equal bytes on top are a put that was repeated on a server which ignores `If-None-Match`. */
  async #isCovered({ key, oldest, newest }: S3History): Promise<boolean> {
    if (oldest === null || newest === null || oldest.versionId === newest.versionId) return false;
    if (oldest.bytes !== newest.bytes) return true;
    try {
      const first = await this.#objects.readVersion(key, oldest.versionId);
      return Buffer.compare(first, await this.#objects.readVersion(key, newest.versionId)) !== 0;
    } catch (error) {
      // Somebody put what nobody can read (with a key of his own, say): not our bytes, and no reason to stop the listing.
      if (error instanceof S3CallError && error.code === 'S3_UNREADABLE') return true;
      throw error;
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
    throw new VaultError(codes[cause.code], cause.message, { cause });
  }
}
