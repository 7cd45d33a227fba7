// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, gunzipSync } from 'node:zlib';
import type { ListPublicKeysCommandOutput } from '@aws-sdk/client-cloudtrail';
import type { GetObjectCommandOutput, ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import type { Gap } from '../../evidence/gap.ts';
import { arrayAt, at, isJsonObject, type Json, type JsonObject, stringAt } from '../../evidence/json.ts';
import type { Reading } from '../../evidence/observation.ts';
import type { Connection } from '../source.ts';
import { gapOfFailure, readFailure } from '../source-error.ts';
import type { CloudTrailCalls } from './cloudtrail-calls.ts';
import { chainOf, type DigestInput, type LogFileState, verifyDigest } from './verify-digest.ts';

/** What reading digest files needs: CloudTrail for the keys, S3 for the files. */
export interface DigestAccess {
  readonly sdk: typeof import('@aws-sdk/client-cloudtrail');
  readonly connection: Connection;
  readonly calls: CloudTrailCalls;
}

type S3 = typeof import('@aws-sdk/client-s3');
type S3Client = InstanceType<S3['S3Client']>;

const dayMs = 86_400_000;

/**
 * Digest files of the window, each checked whole: signature, link to the one before, hash of every listed log file.
 * Only buckets that the configuration names as report locations are read, and only for trails that validate their files.
 */
export async function* readDigests(access: DigestAccess, trails: readonly JsonObject[]): AsyncGenerator<Reading> {
  const { scope } = access.calls;
  const named = trails.filter((trail) => at(trail, 'LogFileValidationEnabled') === true && isNamed(scope.reportLocations, trail));
  if (named.length === 0) return;
  const s3 = await import('@aws-sdk/client-s3');
  // A trail's bucket often lies in another Region; the sample's server knows buckets by path.
  const client = new s3.S3Client({ followRegionRedirects: true, forcePathStyle: !access.calls.isLive, ...access.connection.clientConfig });
  try {
    const reader = new DigestReader(access, s3, client);
    for (const trail of named) yield* reader.read(trail);
  } finally {
    client.destroy();
  }
}

function isNamed(locations: readonly string[], trail: JsonObject): boolean {
  const bucket = stringAt(trail, 'S3BucketName');
  return bucket !== undefined && locations.some((one) => one === `s3://${bucket}` || one.startsWith(`s3://${bucket}/`));
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

  async *read(trail: JsonObject): AsyncGenerator<Reading> {
    const bucket = stringAt(trail, 'S3BucketName') ?? '';
    const keyGap = await this.#loadKeys();
    if (keyGap !== null) yield { gap: keyGap };
    let previous: HeldDigest | null = null;
    try {
      for await (const key of this.#digestKeys(bucket, trail)) {
        const held = await this.#readable(bucket, key);
        if ('gap' in held) {
          yield held;
          continue;
        }
        if (previous === null || chainOf(previous.digest) !== chainOf(held.digest)) previous = await this.#before(held);
        yield await this.#checked(held, previous);
        previous = held;
      }
    } catch (error) {
      const gap = gapOfFailure('s3:GetObject', readFailure(error));
      yield { gap: { ...gap, detail: { ...gap.detail, bucket, trail: stringAt(trail, 'TrailARN') } } };
    }
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

  // In order of time: digests of one day share a prefix, and their names end in the time. An organisation's lie below its id.
  async *#digestKeys(bucket: string, trail: JsonObject): AsyncGenerator<string> {
    const { account, region, window } = this.#access.calls.scope;
    const [since, until] = [Date.parse(window.since), Date.parse(window.until)];
    const prefix = stringAt(trail, 'S3KeyPrefix');
    const root = `${prefix === undefined ? '' : `${prefix}/`}AWSLogs/`;
    const name = stringAt(trail, 'Name') ?? '';
    for (const owner of await this.#owners(bucket, root, at(trail, 'IsOrganizationTrail') === true)) {
      for (let day = Math.floor(since / dayMs) * dayMs; day < until; day += dayMs) {
        const date = new Date(day).toISOString().slice(0, 10).replaceAll('-', '/');
        const folder = `${root}${owner}${account}/CloudTrail-Digest/${region}/${date}/`;
        for (const key of await this.#list(bucket, folder)) if (key.includes(`_${name}_`) && isWithin(key, since, until)) yield key;
      }
    }
  }

  async #owners(bucket: string, root: string, isOrganization: boolean): Promise<string[]> {
    if (!isOrganization) return [''];
    const answer: ListObjectsV2CommandOutput = await this.#client.send(
      new this.#s3.ListObjectsV2Command({ Bucket: bucket, Prefix: `${root}o-`, Delimiter: '/' }),
    );
    return ['', ...(answer.CommonPrefixes ?? []).map((one) => (one.Prefix ?? '').slice(root.length))];
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

const keyTime = /_(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z[._]/;

function isWithin(key: string, since: number, until: number): boolean {
  const time = keyTime.exec(key);
  if (time === null) return true;
  const [, year, month, day, hour, minute, second] = time;
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return at >= since && at < until;
}
