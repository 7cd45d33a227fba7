// SPDX-License-Identifier: Apache-2.0
import { setTimeout as wait } from 'node:timers/promises';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { sha256 } from '../ledger/merkle.ts';
import { S3CallError, s3Call } from './s3-call.ts';
import { retainUntil, type S3Place, type S3Retention } from './s3-place.ts';
import { protectionMetadata, protectionWritten } from './s3-protection.ts';
import { ProtectionWatch } from './s3-protection-watch.ts';
import { VersionMemory } from './s3-version-memory.ts';
import { type S3Version, versionsOfKey } from './s3-versions.ts';
import type { Disturbance } from './vault.ts';

/** What a write found: `same` where equal bytes lay there already, `taken` where other bytes did. */
export type S3WriteOutcome = 'written' | 'same' | 'taken';

/** Tells whether bytes are those that their key names; such bytes need no version to be found by. */
export type NamedByKey = (bytes: Uint8Array) => boolean;

/** A version as it was read. */
export interface ReadVersion {
  readonly bytes: Buffer;
  readonly versionId: string;
  /** Whether its metadata says that it was written with retention. */
  readonly isLocked: boolean;
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
  readonly #watch: ProtectionWatch;

  constructor(place: S3Place) {
    this.#place = place;
    this.#watch = new ProtectionWatch(place);
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

  /** Whether the key was ever written, under a delete marker and under what cannot be read too. */
  async has(key: string): Promise<boolean> {
    const { client, bucket } = this.#place;
    const input = { Bucket: bucket, Key: this.#name(key) };
    // HeadObject is allowed by s3:GetObject.
    const head = await tried(this.#call('s3:GetObject', key, () => client.send(new HeadObjectCommand(input))));
    if ('value' in head || (await this.#versionsBehind(key, head.failure)).length > 0) return true;
    if (head.failure.code === 'S3_ABSENT') return false;
    throw head.failure;
  }

  /** One version. Throws S3CallError. */
  async readVersion(key: string, versionId: string): Promise<ReadVersion> {
    return await this.#get(key, versionId);
  }

  /** What is known of the protection of the versions of a key that were read. */
  protectionOf(key: string): readonly Disturbance[] {
    return this.#watch.of(key);
  }

  async #readNamed(key: string, named: NamedByKey): Promise<Buffer> {
    const current = await tried(this.#get(key));
    if ('value' in current && named(current.value.bytes)) return current.value.bytes;
    // A delete marker or something else lies on top, perhaps what nobody but its writer can read; or nothing was ever written.
    let unread = 'value' in current || current.failure.code === 'S3_ABSENT' ? null : current.failure;
    for (const { versionId } of await this.#versionsBehind(key, unread)) {
      const version = await tried(this.#get(key, versionId));
      if ('value' in version && named(version.value.bytes)) return version.value.bytes;
      if ('failure' in version && version.failure.code !== 'S3_ABSENT') unread ??= version.failure;
    }
    // What could not be read may be what the key names: nobody can say then that the bytes are wrong.
    if (unread !== null) throw unread;
    return await this.#readFirst(key);
  }

  /** The versions of a key whose newest could not be had; that failure is the one to be told where they cannot be listed either. */
  async #versionsBehind(key: string, failure: S3CallError | null): Promise<readonly S3Version[]> {
    const versions = await tried(versionsOfKey(this.#place, key));
    if ('value' in versions) return versions.value;
    throw failure === null || failure.code === 'S3_ABSENT' ? versions.failure : failure;
  }

  /** Of bytes that nothing names only the first version's count, so no other one stands in for it. */
  async #readFirst(key: string): Promise<Buffer> {
    const known = this.#first.get(key);
    if (known !== undefined) return (await this.#get(key, known)).bytes;
    const [first, current] = await Promise.all([this.#firstVersion(key), tried(this.#get(key))]);
    if ('value' in current && (first === null || current.value.versionId === first)) return current.value.bytes;
    if (first !== null) return (await this.#get(key, first)).bytes;
    if ('failure' in current && current.failure.code !== 'S3_ABSENT') throw current.failure;
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

  async #get(key: string, version?: string): Promise<ReadVersion> {
    const { client, bucket } = this.#place;
    const command = new GetObjectCommand({
      Bucket: bucket,
      Key: this.#name(key),
      ...(version === undefined ? {} : { VersionId: version }),
    });
    const answer = await this.#call(version === undefined ? 's3:GetObject' : 's3:GetObjectVersion', key, async () => {
      const { Body, ...facts } = await client.send(command);
      return { ...facts, bytes: Buffer.from((await Body?.transformToByteArray()) ?? []) };
    });
    const versionId = answer.VersionId ?? version ?? 'null';
    const written = protectionWritten(answer.Metadata);
    if (written !== null) await this.#watch.look({ key, versionId, written }, answer);
    return { bytes: answer.bytes, versionId, isLocked: written !== null };
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

/** What a call gave, or how it failed. */
async function tried<T>(call: Promise<T>): Promise<{ readonly value: T } | { readonly failure: S3CallError }> {
  try {
    return { value: await call };
  } catch (failure) {
    if (failure instanceof S3CallError) return { failure };
    throw failure;
  }
}

function lockUntil({ mode }: S3Retention, until: Date) {
  return { ObjectLockMode: mode, ObjectLockRetainUntilDate: until, Metadata: protectionMetadata(mode, until) };
}
