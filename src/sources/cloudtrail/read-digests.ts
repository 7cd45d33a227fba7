// SPDX-License-Identifier: Apache-2.0
import type { ListPublicKeysCommandOutput } from '@aws-sdk/client-cloudtrail';
import type { Gap } from '../../evidence/gap.ts';
import { arrayAt, type JsonObject, stringAt } from '../../evidence/json.ts';
import type { Reading } from '../../evidence/observation.ts';
import { markAt, type Resumption } from '../mark.ts';
import { parseS3Uri, type S3 as S3Reader } from '../report/open-s3.ts';
import type { Connection } from '../source.ts';
import { gapOfFailure, readFailure } from '../source-error.ts';
import type { CloudTrailCalls } from './cloudtrail-calls.ts';
import { DigestFiles, type HeldDigest } from './digest-files.ts';
import { type DigestPlace, digestPlaces } from './digest-places.ts';
import { deliveredAt, untold } from './log-place.ts';
import type { CloudTrailPart } from './read-category.ts';
import { chainOf, type DigestInput, type LogFileState, verifyDigest } from './verify-digest.ts';

/** What reading digest files needs: CloudTrail for the keys, S3 for the files. */
export interface DigestAccess {
  readonly sdk: typeof import('@aws-sdk/client-cloudtrail');
  readonly connection: Connection;
  readonly calls: CloudTrailCalls;
  /** Where trail locations are configured. */
  readonly s3: S3Reader | null;
  readonly done: Resumption<CloudTrailPart>;
  /** Locations that this reading told of already; see `untold`. */
  readonly told: Set<string>;
}

const dayMs = 86_400_000;

/**
 * Digest files of the window, each checked whole: signature, link to the one before, hash of every listed log file. Read are those below the
 * configured trail locations, and those of trails that validate their files into a bucket that the configuration names as a report location.
 */
export function readDigests(access: DigestAccess, trails: readonly JsonObject[]): AsyncGenerator<Reading> {
  return withReader(access, async function* (reader) {
    const { places, gaps } = await digestPlaces({ s3: access.s3, scope: access.calls.scope }, trails, (bucket, prefix) =>
      reader.files.owners(bucket, prefix),
    );
    for (const gap of untold(gaps, access.told)) yield { gap };
    const after = access.done.after('digests');
    const first = places.findIndex(({ folder }) => after?.startsWith(folder));
    for (const place of places.slice(Math.max(0, first))) yield* reader.read(place);
  });
}

/** One digest file that an event named, checked as reading its folder checks it. */
export function readNamedDigest(access: DigestAccess, uri: string): AsyncGenerator<Reading> {
  return withReader(access, (reader) => reader.readOne(uri));
}

async function* withReader(access: DigestAccess, read: (reader: DigestReader) => AsyncGenerator<Reading>): AsyncGenerator<Reading> {
  const s3 = await import('@aws-sdk/client-s3');
  // A trail's bucket often lies in another Region; the sample's server knows buckets by path.
  const client = new s3.S3Client({ followRegionRedirects: true, forcePathStyle: !access.calls.isLive, ...access.connection.clientConfig });
  try {
    yield* read(new DigestReader(access, new DigestFiles(s3, client)));
  } finally {
    client.destroy();
  }
}

class DigestReader {
  readonly #access: DigestAccess;
  readonly files: DigestFiles;
  #keys: readonly { readonly fingerprint: string; readonly value: Uint8Array }[] | null = null;

  constructor(access: DigestAccess, files: DigestFiles) {
    this.#access = access;
    this.files = files;
  }

  async *read(place: DigestPlace): AsyncGenerator<Reading> {
    const { bucket } = parseS3Uri(place.folder) ?? { bucket: '' };
    const keyGap = await this.#loadKeys();
    if (keyGap !== null) yield { gap: keyGap };
    try {
      // The newest digest of each chain: what the next one is checked against.
      const newest = await this.#newestBefore(place);
      for await (const key of this.#digestKeys(bucket, place)) {
        const held = await this.files.readable(bucket, key);
        if ('gap' in held) yield held;
        else {
          const chain = chainOf(held.digest);
          yield await this.#checked(held, newest.get(chain)?.held ?? (await this.files.before(held)));
          newest.set(chain, { held, uri: `s3://${bucket}/${key}` });
        }
        yield markAt('digests', `s3://${bucket}/${key}`, { newest: [...newest.values()].map(({ uri }) => uri) });
      }
    } catch (error) {
      const gap = gapOfFailure('s3:GetObject', readFailure(error));
      yield { gap: { ...gap, detail: { ...gap.detail, bucket, folder: place.folder } } };
    }
  }

  async *readOne(uri: string): AsyncGenerator<Reading> {
    const { bucket, key } = parseS3Uri(uri) ?? { bucket: '', key: '' };
    const keyGap = await this.#loadKeys();
    if (keyGap !== null) yield { gap: keyGap };
    try {
      const held = await this.files.readable(bucket, key);
      yield 'gap' in held ? held : await this.#checked(held, await this.files.before(held));
    } catch (error) {
      const gap = gapOfFailure('s3:GetObject', readFailure(error));
      yield { gap: { ...gap, message: `${uri} was not read: ${gap.message}`, detail: { ...gap.detail, uri } } };
    }
  }

  // Where reading goes on, the digests that an earlier part read last are read again and not yielded.
  async #newestBefore({ folder }: DigestPlace): Promise<Map<string, { readonly held: HeldDigest; readonly uri: string }>> {
    const newest = new Map<string, { held: HeldDigest; uri: string }>();
    const uris = this.#access.done.isIn('digests') ? this.#access.done.carried('newest') : undefined;
    for (const uri of Array.isArray(uris) ? uris : []) {
      if (typeof uri !== 'string' || !uri.startsWith(folder)) continue;
      const { bucket, key } = parseS3Uri(uri) ?? { bucket: '', key: '' };
      const held = await this.files.readable(bucket, key);
      if (!('gap' in held)) newest.set(chainOf(held.digest), { held, uri });
    }
    return newest;
  }

  async #checked(held: HeldDigest, previous: HeldDigest | null): Promise<Reading> {
    const { digest } = held;
    const key = this.#keys?.find((one) => one.fingerprint === stringAt(digest, 'digestPublicKeyFingerprint'))?.value ?? null;
    const logFiles: LogFileState[] = [];
    for (const log of arrayAt(digest, 'logFiles')) logFiles.push(await this.files.logFile(log));
    const input: DigestInput = { digest, sha256: held.sha256, signature: held.signature, publicKey: key, previous, logFiles };
    const check = { ...verifyDigest(input) };
    const keyText = key === null ? {} : { publicKey: Buffer.from(key).toString('base64') };
    const context = {
      check: check as unknown as JsonObject,
      ...keyText,
      ...(held.signature === null ? {} : { signature: held.signature }),
    };
    return { item: this.#access.calls.item('digest', held.text, held.requestId, context) };
  }

  // In order of time: digests of one day share a prefix, and their names end in the time.
  async *#digestKeys(bucket: string, { folder, trails }: DigestPlace): AsyncGenerator<string> {
    const { window } = this.#access.calls.scope;
    const [since, until] = [Date.parse(window.since), Date.parse(window.until)];
    const after = this.#access.done.after('digests');
    const { key: root } = parseS3Uri(folder) ?? { key: '' };
    for (let day = Math.floor(since / dayMs) * dayMs; day < until; day += dayMs) {
      const date = new Date(day).toISOString().slice(0, 10).replaceAll('-', '/');
      for (const key of await this.files.list(bucket, `${root}${date}/`)) {
        const at = deliveredAt(key) ?? since;
        const isRead = after?.startsWith(folder) && `s3://${bucket}/${key}` <= after;
        const isOfTrail = trails === null || [...trails].some((name) => key.includes(`_${name}_`));
        if (!isRead && isOfTrail && at >= since && at < until) yield key;
      }
    }
  }

  // ListPublicKeys answers for the keys of its own Region only. Once per run.
  async #loadKeys(): Promise<Gap | null> {
    if (this.#keys !== null) return null;
    const { sdk, calls } = this.#access;
    const keys: { fingerprint: string; value: Uint8Array }[] = [];
    let token: string | undefined;
    do {
      const span = { StartTime: new Date(Date.parse(calls.scope.window.since) - dayMs), EndTime: new Date(calls.scope.window.until) };
      const command = new sdk.ListPublicKeysCommand({ ...span, ...(token === undefined ? {} : { NextToken: token }) });
      const asked = await calls.ask<ListPublicKeysCommandOutput>('cloudtrail:ListPublicKeys', command);
      if ('gap' in asked) return asked.gap;
      for (const key of asked.answer.output.PublicKeyList ?? []) {
        if (key.Fingerprint !== undefined && key.Value !== undefined) keys.push({ fingerprint: key.Fingerprint, value: key.Value });
      }
      token = asked.answer.output.NextToken;
    } while (token !== undefined && token !== '');
    this.#keys = keys;
    return null;
  }
}
