// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import type { Connection } from '../source.ts';
import { type AwsFailure, readFailure } from '../source-error.ts';

/** An object of S3 as it lies there. */
export interface S3Object {
  readonly uri: string;
  readonly bytes: Uint8Array;
  /** SHA-256 of the bytes, 64 hex digits. */
  readonly sha256: string;
  /** ISO 8601 UTC. */
  readonly lastModified: string | null;
  readonly requestId: string;
}

/** One key of a listing. */
export interface S3Listed {
  readonly uri: string;
  readonly bytes: number;
  readonly lastModified: string | null;
}

/** Why an object was not read: AWS's answer, or its size. */
export type NotRead = { readonly failure: AwsFailure } | { readonly tooLarge: number };

/** Which part of a listing is wanted. */
export interface ListOptions {
  /** URI of the object after whose key the listing begins; it need not exist. */
  readonly after?: string;
  /** Keys of a page, where a few are enough. */
  readonly pageSize?: number;
}

/** A connection to S3 that reads and lists. It never throws for an AWS error. */
export interface S3 {
  /** Places that may be read; absent where nothing limits that but the rights of whoever reads. */
  readonly namedPlaces?: readonly string[] | undefined;
  /** `maxBytes` where something larger than a report is wanted. */
  get(uri: string, maxBytes?: number): Promise<S3Object | NotRead>;
  /** Objects below a prefix in the order of their keys; ends after a page that could not be had. */
  list(prefix: string, options?: ListOptions): AsyncIterable<S3Listed | { readonly failure: AwsFailure }>;
  /** URIs of the next level below a prefix, each ending in a slash; the first thousand. */
  folders(prefix: string): Promise<readonly string[] | { readonly failure: AwsFailure }>;
  /** Frees the sockets. */
  close(): void;
}

// Reports are kilobytes; sketches of thousands of features reach megabytes. Anything larger is no report.
const largestReport = 32 * 1024 * 1024;

/** Bucket and key of `s3://bucket/key`; null where it is none. */
export function parseS3Uri(uri: string): { readonly bucket: string; readonly key: string } | null {
  const found = /^s3:\/\/([^/]+)\/?(.*)$/.exec(uri);
  return found === null ? null : { bucket: found[1] ?? '', key: found[2] ?? '' };
}

/** The address of a file below an S3 prefix, which may end in a slash or not. */
export function below(prefix: string, name: string): string {
  return `${prefix.replace(/\/+$/, '')}/${name}`;
}

/** Opens S3; the SDK is loaded here and not before. */
export async function openS3(connection: Connection, namedPlaces?: readonly string[]): Promise<S3> {
  const sdk = await import('@aws-sdk/client-s3');
  // A report bucket may lie in another Region than the schedule.
  const client = new sdk.S3Client({ ...connection.clientConfig, region: connection.region, followRegionRedirects: true });
  return {
    namedPlaces,
    async get(uri, maxBytes = largestReport) {
      const { bucket, key } = parseS3Uri(uri) ?? { bucket: '', key: '' };
      if (bucket === '' || key === '')
        return { failure: { code: 'NoSuchKey', message: `${uri} names no object`, status: null, requestId: null } };
      try {
        const answer = await client.send(new sdk.GetObjectCommand({ Bucket: bucket, Key: key }));
        if ((answer.ContentLength ?? 0) > maxBytes) return tooLarge(answer.Body, answer.ContentLength ?? 0);
        const bytes = (await answer.Body?.transformToByteArray()) ?? new Uint8Array();
        const lastModified = answer.LastModified?.toISOString() ?? null;
        return { uri, bytes, sha256: hash('sha256', bytes), lastModified, requestId: answer.$metadata.requestId ?? '' };
      } catch (error) {
        return { failure: readFailure(error) };
      }
    },
    async *list(prefix, { after, pageSize } = {}) {
      const { bucket, key } = parseS3Uri(prefix) ?? { bucket: '', key: '' };
      const asked = {
        Bucket: bucket,
        Prefix: key,
        MaxKeys: pageSize,
        StartAfter: after === undefined ? undefined : parseS3Uri(after)?.key,
      };
      let token: string | undefined;
      do {
        try {
          const page = await client.send(new sdk.ListObjectsV2Command({ ...asked, ContinuationToken: token }));
          for (const object of page.Contents ?? []) {
            const lastModified = object.LastModified?.toISOString() ?? null;
            yield { uri: `s3://${bucket}/${object.Key ?? ''}`, bytes: object.Size ?? 0, lastModified };
          }
          token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
        } catch (error) {
          yield { failure: readFailure(error) };
          return;
        }
      } while (token !== undefined);
    },
    async folders(prefix) {
      const { bucket, key } = parseS3Uri(prefix) ?? { bucket: '', key: '' };
      try {
        const page = await client.send(new sdk.ListObjectsV2Command({ Bucket: bucket, Prefix: key, Delimiter: '/' }));
        return (page.CommonPrefixes ?? []).flatMap(({ Prefix }) => (Prefix === undefined ? [] : [`s3://${bucket}/${Prefix}`]));
      } catch (error) {
        return { failure: readFailure(error) };
      }
    },
    close: () => client.destroy(),
  };
}

function tooLarge(body: object | undefined, size: number): NotRead {
  // Ends the transfer; the bytes are not wanted.
  if (body !== undefined && 'destroy' in body && typeof body.destroy === 'function') body.destroy();
  return { tooLarge: size };
}
