// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, gunzipSync } from 'node:zlib';
import type { ListPublicKeysCommandOutput } from '@aws-sdk/client-cloudtrail';
import type { GetObjectCommandOutput, ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import type { Gap } from '../../evidence/gap.ts';
import { arrayAt, isJsonObject, type Json, type JsonObject, stringAt } from '../../evidence/json.ts';
import type { Reading } from '../../evidence/observation.ts';
import { markAt, type Resumption } from '../mark.ts';
import { parseS3Uri, type S3 as S3Reader } from '../report/open-s3.ts';
import type { Connection } from '../source.ts';
import { gapOfFailure, readFailure } from '../source-error.ts';
import type { CloudTrailCalls } from './cloudtrail-calls.ts';
import { type DigestPlace, digestPlaces } from './digest-places.ts';
import { deliveredAt } from './log-place.ts';
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
}

type S3 = typeof import('@aws-sdk/client-s3');
type S3Client = InstanceType<S3['S3Client']>;

const dayMs = 86_400_000;

/**
 * Digest files of the window, each checked whole: signature, link to the one before, hash of every listed log file. Read are those below the
 * configured trail locations, and those of trails that validate their files into a bucket that the configuration names as a report location.
 */
export function readDigests(access: DigestAccess, trails: readonly JsonObject[]): AsyncGenerator<Reading> {
  return withReader(access, async function* (reader) {
    const { places, gaps } = await digestPlaces({ s3: access.s3, scope: access.calls.scope }, trails, (bucket, prefix) =>
      reader.owners(bucket, prefix),
    );
    for (const gap of gaps) yield { gap };
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
    yield* read(new DigestReader(access, s3, client));
  } finally {
    client.destroy();
  }
}

interface HeldDigest {
  readonly text: string;
  readonly digest: JsonObject;
  readonly sha256: string;
  readonly signature: string | null;
  readonly requestId: string;
}

class DigestReader {
  readonly #access: DigestAccess;
  readonly #s3: S3;
  readonly #client: S3Client;
  #keys: readonly { readonly fingerprint: string; readonly value: Uint8Array }[] | null = null;

  constructor(access: DigestAccess, s3: S3, client: S3Client) {
    this.#access = access;
    this.#s3 = s3;
    this.#client = client;
  }

  async *read(place: DigestPlace): AsyncGenerator<Reading> {
    const { bucket } = parseS3Uri(place.folder) ?? { bucket: '' };
    const keyGap = await this.#loadKeys();
    if (keyGap !== null) yield { gap: keyGap };
    try {
      // The newest digest of each chain: what the next one is checked against.
      const newest = await this.#newestBefore(place);
      for await (const key of this.#digestKeys(bucket, place)) {
        const held = await this.#readable(bucket, key);
        if ('gap' in held) yield held;
        else {
          const chain = chainOf(held.digest);
          yield await this.#checked(held, newest.get(chain)?.held ?? (await this.#before(held)));
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
      const held = await this.#readable(bucket, key);
      yield 'gap' in held ? held : await this.#checked(held, await this.#before(held));
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
      const held = await this.#readable(bucket, key);
      if (!('gap' in held)) newest.set(chainOf(held.digest), { held, uri });
    }
    return newest;
  }

  // A digest that does not unpack or parse is told with its place; the chain is then checked around it and shows the gap.
  async #readable(bucket: string, key: string): Promise<HeldDigest | { readonly gap: Gap }> {
    try {
      return await this.#digest(bucket, key);
    } catch (error) {
      if (readFailure(error).status !== null || !isDamage(error)) throw error;
      const message = `The digest file s3://${bucket}/${key} does not unpack or is no JSON.`;
      return {
        gap: { reason: 'malformed', extent: 'item', what: 's3:GetObject', message, code: 'DIGEST_UNREADABLE', detail: { bucket, key } },
      };
    }
  }

  async #checked(held: HeldDigest, previous: HeldDigest | null): Promise<Reading> {
    const { digest } = held;
    const key = this.#keys?.find((one) => one.fingerprint === stringAt(digest, 'digestPublicKeyFingerprint'))?.value ?? null;
    const logFiles: LogFileState[] = [];
    for (const log of arrayAt(digest, 'logFiles')) logFiles.push(await this.#logFile(log));
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
      for (const key of await this.#list(bucket, `${root}${date}/`)) {
        const at = deliveredAt(key) ?? since;
        const isRead = after?.startsWith(folder) && `s3://${bucket}/${key}` <= after;
        const isOfTrail = trails === null || [...trails].some((name) => key.includes(`_${name}_`));
        if (!isRead && isOfTrail && at >= since && at < until) yield key;
      }
    }
  }

  /** Folders of organisations below `AWSLogs/`. */
  async owners(bucket: string, root: string): Promise<string[]> {
    const answer: ListObjectsV2CommandOutput = await this.#client.send(
      new this.#s3.ListObjectsV2Command({ Bucket: bucket, Prefix: `${root}o-`, Delimiter: '/' }),
    );
    return (answer.CommonPrefixes ?? []).map((one) => (one.Prefix ?? '').slice(root.length));
  }

  async #list(bucket: string, folder: string): Promise<string[]> {
    const keys: string[] = [];
    let token: string | undefined;
    do {
      const input = { Bucket: bucket, Prefix: folder, ...(token === undefined ? {} : { ContinuationToken: token }) };
      const answer: ListObjectsV2CommandOutput = await this.#client.send(new this.#s3.ListObjectsV2Command(input));
      for (const object of answer.Contents ?? []) if (object.Key !== undefined) keys.push(object.Key);
      token = answer.NextContinuationToken;
    } while (token !== undefined);
    return keys.sort();
  }

  async #digest(bucket: string, key: string): Promise<HeldDigest> {
    const answer: GetObjectCommandOutput = await this.#client.send(new this.#s3.GetObjectCommand({ Bucket: bucket, Key: key }));
    const stored = Buffer.from((await answer.Body?.transformToByteArray()) ?? new Uint8Array(0));
    const content = stored[0] === 0x1f && stored[1] === 0x8b ? gunzipSync(stored) : stored;
    const text = content.toString('utf8');
    const digest: Json = JSON.parse(text);
    const sha256 = createHash('sha256').update(content).digest('hex');
    const requestId = answer.$metadata.requestId ?? '';
    return { text, digest: isJsonObject(digest) ? digest : {}, sha256, signature: answer.Metadata?.['signature'] ?? null, requestId };
  }

  // The digest before the window's first, so that the first link is checked too; null where there is none any more.
  async #before({ digest }: HeldDigest): Promise<HeldDigest | null> {
    const [bucket, key] = [stringAt(digest, 'previousDigestS3Bucket'), stringAt(digest, 'previousDigestS3Object')];
    if (bucket === undefined || key === undefined) return null;
    try {
      return await this.#digest(bucket, key);
    } catch (error) {
      if (isAbsent(error)) return null;
      if (!isDamage(error)) throw error;
      // It is there, but not as it was signed: no hash fits it.
      return { text: '', digest: { digestS3Object: key }, sha256: 'unreadable', signature: null, requestId: '' };
    }
  }

  async #logFile(log: Json): Promise<LogFileState> {
    try {
      const input = { Bucket: stringAt(log, 's3Bucket') ?? '', Key: stringAt(log, 's3Object') ?? '' };
      const answer: GetObjectCommandOutput = await this.#client.send(new this.#s3.GetObjectCommand(input));
      if (!(answer.Body instanceof Readable)) return 'not-held';
      const hash = createHash('sha256');
      await pipeline(answer.Body, createGunzip(), async (parts: AsyncIterable<Uint8Array>) => {
        for await (const part of parts) hash.update(part);
      });
      return { sha256: hash.digest('hex') };
    } catch (error) {
      if (isAbsent(error)) return 'missing';
      // A file that does not unpack is not the one that was signed; one that we may not read was not checked.
      return isDamage(error) ? { sha256: 'not gzip' } : 'not-held';
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

function isDamage(error: unknown): boolean {
  return Error.isError(error) && (error.name === 'SyntaxError' || ('code' in error && String(error.code).startsWith('Z_')));
}

function isAbsent(error: unknown): boolean {
  const { code, status } = readFailure(error);
  return code === 'NoSuchKey' || code === 'NotFound' || status === 404;
}
