// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, gunzipSync } from 'node:zlib';
import type { GetObjectCommandOutput, ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import type { Gap } from '../../evidence/gap.ts';
import { isJsonObject, type Json, type JsonObject, stringAt } from '../../evidence/json.ts';
import { readFailure } from '../source-error.ts';
import type { LogFileState } from './verify-digest.ts';

type S3 = typeof import('@aws-sdk/client-s3');

/** A digest file as it was read, with the signature that S3 keeps beside it. */
export interface HeldDigest {
  readonly text: string;
  readonly digest: JsonObject;
  readonly sha256: string;
  readonly signature: string | null;
  readonly requestId: string;
}

/** Digest files and the log files that they list, in S3. Every method throws what S3 answers but where it says otherwise. */
export class DigestFiles {
  readonly #s3: S3;
  readonly #client: InstanceType<S3['S3Client']>;

  constructor(s3: S3, client: InstanceType<S3['S3Client']>) {
    this.#s3 = s3;
    this.#client = client;
  }

  /** Folders of organisations below `AWSLogs/`. */
  async owners(bucket: string, root: string): Promise<string[]> {
    const answer: ListObjectsV2CommandOutput = await this.#client.send(
      new this.#s3.ListObjectsV2Command({ Bucket: bucket, Prefix: `${root}o-`, Delimiter: '/' }),
    );
    return (answer.CommonPrefixes ?? []).map((one) => (one.Prefix ?? '').slice(root.length));
  }

  /** Keys below a folder, in order. */
  async list(bucket: string, folder: string): Promise<string[]> {
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

  /** A digest; what does not unpack or is none is told with its place: the chain is then checked around it and shows the gap. */
  async readable(bucket: string, key: string): Promise<HeldDigest | { readonly gap: Gap }> {
    try {
      return await this.#digest(bucket, key);
    } catch (error) {
      if (readFailure(error).status !== null || !isDamage(error)) throw error;
      const message = `The digest file s3://${bucket}/${key} does not unpack or holds no digest.`;
      return {
        gap: { reason: 'malformed', extent: 'item', what: 's3:GetObject', message, code: 'DIGEST_UNREADABLE', detail: { bucket, key } },
      };
    }
  }

  async #digest(bucket: string, key: string): Promise<HeldDigest> {
    const answer: GetObjectCommandOutput = await this.#client.send(new this.#s3.GetObjectCommand({ Bucket: bucket, Key: key }));
    const stored = Buffer.from((await answer.Body?.transformToByteArray()) ?? new Uint8Array(0));
    const content = stored[0] === 0x1f && stored[1] === 0x8b ? gunzipSync(stored) : stored;
    const text = content.toString('utf8');
    const digest: Json = JSON.parse(text);
    // Something else at a digest's place, such as a digest in a wrapper: its members would be checked as if none were listed.
    if (!isJsonObject(digest) || stringAt(digest, 'digestS3Object') === undefined) throw new SyntaxError(`${key} holds no digest`);
    const sha256 = createHash('sha256').update(content).digest('hex');
    const requestId = answer.$metadata.requestId ?? '';
    return { text, digest, sha256, signature: answer.Metadata?.['signature'] ?? null, requestId };
  }

  /** The digest that this one follows, so that the first link is checked too; null where there is none any more. */
  async before({ digest }: HeldDigest): Promise<HeldDigest | null> {
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

  /** What lies where a digest names a log file. */
  async logFile(log: Json): Promise<LogFileState> {
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
      return isDamage(error) ? 'damaged' : { unread: readFailure(error).code };
    }
  }
}

function isDamage(error: unknown): boolean {
  return Error.isError(error) && (error.name === 'SyntaxError' || ('code' in error && String(error.code).startsWith('Z_')));
}

function isAbsent(error: unknown): boolean {
  const { code, status } = readFailure(error);
  return code === 'NoSuchKey' || code === 'NotFound' || status === 404;
}
