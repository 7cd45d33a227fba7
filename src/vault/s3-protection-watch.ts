// SPDX-License-Identifier: Apache-2.0
import { GetObjectRetentionCommand } from '@aws-sdk/client-s3';
import { isDenied, S3CallError, s3Call } from './s3-call.ts';
import type { S3Place } from './s3-place.ts';
import { type Protection, protectionLost, wordsOf } from './s3-protection.ts';
import type { Disturbance } from './vault.ts';

/** A version that was read, and the retention that it was written with. */
export interface ReadLocked {
  readonly key: string;
  readonly versionId: string;
  readonly written: Protection;
}

/** What an object came with of its retention: S3 tells it only to those who may ask for it. */
export interface ShownRetention {
  readonly ObjectLockMode?: string | undefined;
  readonly ObjectLockRetainUntilDate?: Date | undefined;
}

/** Where more versions than this lost their protection, their names tell no more than their number. */
const mostLost = 10_000;
/** Who may not see the protection of one object sees that of none. */
const mostUnseen = 100;

/** Compares what is read with the retention that it was written with, and remembers the versions that are protected less now. */
export class ProtectionWatch {
  readonly #place: S3Place;
  readonly #lost = new VersionNotes(mostLost);
  readonly #unseen = new VersionNotes(mostUnseen);
  /** Why S3 does not tell, once it said that it will not. */
  #denied: string | null = null;

  constructor(place: S3Place) {
    this.#place = place;
  }

  /** Never throws for S3: what cannot be seen is noted as that. */
  async look(read: ReadLocked, shown: ShownRetention): Promise<void> {
    const { key, versionId, written } = read;
    const now = shownIn(shown) ?? (await this.#ask(read));
    const isUnseen = now !== null && 'unseen' in now;
    const said = isUnseen ? `whether it is kept ${wordsOf(written)}, as it was written, could not be seen: ${now.unseen}` : null;
    this.#unseen.set(key, versionId, said);
    this.#lost.set(key, versionId, isUnseen ? null : protectionLost(written, now));
  }

  /** What is known of all versions of a key that were read. */
  of(key: string): readonly Disturbance[] {
    return [
      ...this.#lost.of(key).map((reason) => ({ what: 'unprotected' as const, reason })),
      ...this.#unseen.of(key).map((reason) => ({ what: 'unseen' as const, reason })),
    ];
  }

  /** Null where S3 says that there is no retention. An object comes without it too where only the right to be told is missing. */
  async #ask({ key, versionId }: ReadLocked): Promise<Protection | { readonly unseen: string } | null> {
    if (this.#denied !== null) return { unseen: this.#denied };
    const { client, bucket, prefix } = this.#place;
    const input = { Bucket: bucket, Key: `${prefix}${key}`, VersionId: versionId };
    const call = { action: 's3:GetObjectRetention', target: `s3://${bucket}/${input.Key}` };
    try {
      const { Retention } = await s3Call(call, () => client.send(new GetObjectRetentionCommand(input)));
      return shownIn({ ObjectLockMode: Retention?.Mode, ObjectLockRetainUntilDate: Retention?.RetainUntilDate });
    } catch (error) {
      if (!(error instanceof S3CallError)) throw error;
      // 404: this object has none. 400: the bucket has no Object Lock at all.
      if (error.code === 'S3_ABSENT' || error.code === 'S3_UNREADABLE') return null;
      if (isDenied(error)) this.#denied = error.message;
      return { unseen: error.message };
    }
  }
}

function shownIn({ ObjectLockMode: mode, ObjectLockRetainUntilDate: until }: ShownRetention): Protection | null {
  return mode === undefined || until === undefined ? null : { mode, until };
}

/** A reason per version of a key, of so many versions at most. */
class VersionNotes {
  readonly #most: number;
  readonly #notes = new Map<string, Map<string, string>>();
  #size = 0;

  constructor(most: number) {
    this.#most = most;
  }

  set(key: string, versionId: string, reason: string | null): void {
    const versions = this.#notes.get(key);
    if (versions?.delete(versionId) === true) this.#size--;
    if (reason === null) {
      if (versions?.size === 0) this.#notes.delete(key);
      return;
    }
    if (this.#size >= this.#most) return;
    this.#size++;
    if (versions === undefined) this.#notes.set(key, new Map([[versionId, reason]]));
    else versions.set(versionId, reason);
  }

  of(key: string): readonly string[] {
    return [...(this.#notes.get(key)?.values() ?? [])];
  }
}
