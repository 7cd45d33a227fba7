// SPDX-License-Identifier: Apache-2.0
import { setTimeout as wait } from 'node:timers/promises';
import { GetObjectCommand, type GetObjectCommandOutput, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { sha256 } from '../ledger/merkle.ts';
import { S3CallError, s3Call } from './s3-call.ts';
import { retainUntil, type S3Place, type S3Retention } from './s3-place.ts';
import { protectionLost, protectionMetadata } from './s3-protection.ts';
import { VersionMemory } from './s3-version-memory.ts';
import { versionsOfKey } from './s3-versions.ts';

/** What a write found: `same` where equal bytes lay there already, `taken` where other bytes did. */
export type S3WriteOutcome = 'written' | 'same' | 'taken';

/** Tells whether bytes are those that their key names; such bytes need no version to be found by. */
export type NamedByKey = (bytes: Uint8Array) => boolean;

interface Fetched {
  readonly bytes: Buffer;
  readonly versionId: string;
}

/** 409 is answered while another write of the same key is going on; it takes milliseconds. */
const conflictAttempts = 6;

/**
 * Objects that are written once, in a bucket with versioning and Object Lock, where nobody can change a version but anybody who may write
 * can put a newer one or a delete marker on top. So of every key the version that was written first is the one that counts.
 *
 * Bytes that their key names (`named`) are read with one call and checked; only where the check fails are the versions looked at.
 * For other keys each first read lists the versions beside it, at no loss of time.
 */
export class S3Objects {
  readonly #place: S3Place;
  readonly #first = new VersionMemory();
  /** Keys whose version, when it was read, was protected less than it was when written, and how. */
  readonly unprotected = new Map<string, string>();

  constructor(place: S3Place) {
    this.#place = place;
  }

  /** Resolves when durable. Throws S3CallError. */
  async writeOnce(key: string, bytes: Uint8Array, named?: NamedByKey): Promise<S3WriteOutcome> {
    const written = await this.#put(key, bytes);
    if (written !== null) {
      if (named?.(bytes) === true) return 'written';
      // The condition looks at the newest version only: above a delete marker, and on servers that ignore it, the put went through.
      if ((await this.#firstVersion(key)) === written) return 'written';
    }
    const held = await this.read(key, named);
    return Buffer.compare(held, bytes) === 0 ? 'same' : 'taken';
  }

  /** The bytes that were written first. Throws S3CallError: S3_ABSENT where the key was never written. */
  async read(key: string, named?: NamedByKey): Promise<Buffer> {
    return named === undefined ? await this.#readFirst(key) : await this.#readNamed(key, named);
  }

  /** Whether the key was ever written, under a delete marker too. */
  async has(key: string): Promise<boolean> {
    const { client, bucket } = this.#place;
    const input = { Bucket: bucket, Key: this.#name(key) };
    // HeadObject is allowed by s3:GetObject.
    const found = await absentIsNull(this.#call('s3:GetObject', key, () => client.send(new HeadObjectCommand(input))));
    return found !== null || (await versionsOfKey(this.#place, key)).length > 0;
  }

  /** The bytes of one version. */
  async readVersion(key: string, versionId: string): Promise<Buffer> {
    return (await this.#get(key, versionId)).bytes;
  }

  async #readNamed(key: string, named: NamedByKey): Promise<Buffer> {
    const current = await absentIsNull(this.#get(key));
    if (current !== null && named(current.bytes)) return current.bytes;
    // A delete marker or something else lies on top, or nothing was ever written.
    const versions = await versionsOfKey(this.#place, key);
    for (const { versionId } of versions) {
      const { bytes } = await this.#get(key, versionId);
      if (named(bytes)) return bytes;
    }
    return await this.#readFirst(key);
  }

  async #readFirst(key: string): Promise<Buffer> {
    const known = this.#first.get(key);
    if (known !== undefined) return await this.readVersion(key, known);
    const [first, current] = await Promise.all([this.#firstVersion(key), absentIsNull(this.#get(key))]);
    if (current !== null && (first === null || current.versionId === first)) return current.bytes;
    if (first !== null) return await this.readVersion(key, first);
    throw new S3CallError('S3_ABSENT', `nothing was ever written to ${this.#target(key)}`);
  }

  async #firstVersion(key: string): Promise<string | null> {
    const first = (await versionsOfKey(this.#place, key))[0]?.versionId ?? null;
    if (first !== null) this.#first.set(key, first);
    return first;
  }

  /** The id of the version that was written, or null where something is there already. */
  async #put(key: string, bytes: Uint8Array): Promise<string | null> {
    for (let attempt = 1; ; attempt++) {
      try {
        const { VersionId } = await this.#putOnce(key, bytes);
        return VersionId ?? 'null';
      } catch (error) {
        if (!(error instanceof S3CallError)) throw error;
        if (error.code === 'S3_TAKEN') return null;
        if (error.code !== 'S3_CONFLICT' || attempt === conflictAttempts) throw error;
        await wait(10 * 2 ** attempt * (0.5 + Math.random()));
      }
    }
  }

  async #putOnce(key: string, bytes: Uint8Array) {
    const { client, bucket, retention, encryptionKeyArn, now = () => new Date() } = this.#place;
    const command = new PutObjectCommand({
      Bucket: bucket,
      Key: this.#name(key),
      Body: bytes,
      IfNoneMatch: '*',
      ChecksumSHA256: sha256(bytes).toString('base64'),
      ...(retention === null ? {} : lockUntil(retention, retainUntil(retention.days, now()))),
      ...(encryptionKeyArn === null
        ? {}
        : { ServerSideEncryption: 'aws:kms' as const, SSEKMSKeyId: encryptionKeyArn, BucketKeyEnabled: true }),
    });
    return await this.#call('s3:PutObject', key, () => client.send(command));
  }

  async #get(key: string, versionId?: string): Promise<Fetched> {
    const { client, bucket } = this.#place;
    const command = new GetObjectCommand({
      Bucket: bucket,
      Key: this.#name(key),
      ...(versionId === undefined ? {} : { VersionId: versionId }),
    });
    return await this.#call(versionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion', key, async () => {
      const answer = await client.send(command);
      const bytes = Buffer.from((await answer.Body?.transformToByteArray()) ?? []);
      this.#noteProtection(key, answer);
      return { bytes, versionId: answer.VersionId ?? versionId ?? 'null' };
    });
  }

  #noteProtection(key: string, answer: GetObjectCommandOutput): void {
    const lost = protectionLost(answer);
    if (lost === null) this.unprotected.delete(key);
    else if (this.unprotected.size < mostNoted) this.unprotected.set(key, lost);
  }

  #call<T>(action: string, key: string, run: () => Promise<T>): Promise<T> {
    return s3Call({ action, target: this.#target(key) }, run);
  }

  #name(key: string): string {
    return `${this.#place.prefix}${key}`;
  }

  #target(key: string): string {
    return `s3://${this.#place.bucket}/${this.#name(key)}`;
  }
}

/** Where more objects than this lost their protection, their names tell no more than their number. */
const mostNoted = 10_000;

async function absentIsNull<T>(call: Promise<T>): Promise<T | null> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof S3CallError && error.code === 'S3_ABSENT') return null;
    throw error;
  }
}

function lockUntil({ mode }: S3Retention, until: Date) {
  return { ObjectLockMode: mode, ObjectLockRetainUntilDate: until, Metadata: protectionMetadata(mode, until) };
}
