// SPDX-License-Identifier: Apache-2.0
import { ListObjectVersionsCommand, type ListObjectVersionsOutput } from '@aws-sdk/client-s3';
import { s3Call } from './s3-call.ts';
import type { S3Place } from './s3-place.ts';

/** One version of an object. */
export interface S3Version {
  readonly versionId: string;
  readonly bytes: number;
}

/** All that a bucket knows of one key. */
export interface S3History {
  /** Without the place's prefix. */
  readonly key: string;
  /** The version that was written first: Object Lock keeps it, whatever is put on top. Null where there are only delete markers. */
  readonly oldest: S3Version | null;
  readonly newest: S3Version | null;
  /** Whether a delete marker lies on top, so that a plain read finds nothing. */
  readonly isHidden: boolean;
}

interface ListedVersion {
  readonly key: string;
  /** Null for a delete marker. */
  readonly version: S3Version | null;
  readonly isLatest: boolean;
}

/**
 * The history of every key that starts with `prefix`, in order of key (UTF-8). Holds one page, so that memory does not grow with the bucket.
 * S3 lists the versions of a key from the newest to the oldest: https://docs.aws.amazon.com/AmazonS3/latest/userguide/list-obj-version-enabled-bucket.html
 */
export async function* listHistories(place: S3Place, prefix: string): AsyncGenerator<S3History> {
  for await (const page of listHistoryPages(place, prefix)) yield* page;
}

/** As `listHistories`, a page at a time: what a caller who reads ahead holds is told in pages. */
export async function* listHistoryPages(place: S3Place, prefix: string): AsyncGenerator<readonly S3History[]> {
  let history: S3History | null = null;
  for await (const page of pages(place, { Prefix: `${place.prefix}${prefix}` })) {
    const whole: S3History[] = [];
    for (const listed of versionsOf(page, place.prefix)) {
      const longer: S3History = extend(history, listed);
      if (history !== null && history.key !== longer.key) whole.push(history);
      history = longer;
    }
    yield whole;
  }
  if (history !== null) yield [history];
}

/** What lies directly in a folder, or begins with `prefix` where that names none, in order: histories of keys, and folders by path. */
export async function* listChildren(place: S3Place, prefix: string): AsyncGenerator<S3History | { readonly folder: string }> {
  let history: S3History | null = null;
  for await (const page of pages(place, { Prefix: `${place.prefix}${prefix}`, Delimiter: '/' })) {
    const keys = versionsOf(page, place.prefix).map((listed) => ({ name: listed.key, listed }));
    const folders = foldersOf(page, place.prefix).map((name) => ({ name, listed: null }));
    // Each list is in order; a stable sort leaves the versions of a key in theirs.
    const all = [...keys, ...folders].sort((one, other) => Buffer.compare(Buffer.from(one.name), Buffer.from(other.name)));
    for (const { name, listed } of all) {
      const next: S3History | null = listed === null ? null : extend(history, listed);
      if (history !== null && history.key !== next?.key) yield history;
      history = next;
      if (listed === null) yield { folder: name };
    }
  }
  if (history !== null) yield history;
}

/** The history with an older version; a new one where the key is another. */
function extend(history: S3History | null, { key, version, isLatest }: ListedVersion): S3History {
  const isMarkerOnTop = version === null && isLatest;
  if (history === null || history.key !== key) return { key, oldest: version, newest: version, isHidden: isMarkerOnTop };
  const { oldest, newest, isHidden } = history;
  return { key, oldest: version ?? oldest, newest: newest ?? version, isHidden: isHidden || isMarkerOnTop };
}

/** More versions of one key than this are no accident, and what was written first is among the last ones listed. */
const mostVersions = 1_000;

/** The versions of one key from the oldest to the newest, of very many the oldest ones; empty where there is none. */
export async function versionsOfKey(place: S3Place, key: string): Promise<readonly S3Version[]> {
  const found: S3Version[] = [];
  for await (const page of pages(place, { Prefix: `${place.prefix}${key}` })) {
    for (const listed of versionsOf(page, place.prefix)) {
      // The prefix is that of longer keys too, which come after it.
      if (listed.key !== key) return found.reverse();
      if (listed.version === null) continue;
      if (found.length === mostVersions) found.shift();
      found.push(listed.version);
    }
  }
  return found.reverse();
}

/** Folders and keys directly in a folder (`''`, or a path that ends in `/`), each in order; what lies under delete markers too. */
export async function childrenOf(place: S3Place, folder: string): Promise<{ readonly folders: string[]; readonly keys: string[] }> {
  const folders: string[] = [];
  const keys = new Set<string>();
  for await (const page of pages(place, { Prefix: `${place.prefix}${folder}`, Delimiter: '/' })) {
    folders.push(...foldersOf(page, place.prefix));
    for (const { key, version } of versionsOf(page, place.prefix)) if (version !== null) keys.add(key);
  }
  return { folders, keys: [...keys] };
}

async function* pages(
  place: S3Place,
  of: { readonly Prefix: string; readonly Delimiter?: string },
): AsyncGenerator<ListObjectVersionsOutput> {
  const call = { action: 's3:ListBucketVersions', target: `s3://${place.bucket}/${of.Prefix}` };
  let next: { KeyMarker?: string; VersionIdMarker?: string } | null = {};
  while (next !== null) {
    // Encoded, because a key may hold characters that XML cannot.
    const input = { Bucket: place.bucket, EncodingType: 'url', ...of, ...next } as const;
    const page: ListObjectVersionsOutput = await s3Call(call, () => place.client.send(new ListObjectVersionsCommand(input)));
    yield page;
    const { IsTruncated, NextKeyMarker, NextVersionIdMarker } = page;
    next = null;
    if (IsTruncated === true && NextKeyMarker !== undefined) {
      next = { KeyMarker: nameIn(page, NextKeyMarker), ...(NextVersionIdMarker ? { VersionIdMarker: NextVersionIdMarker } : {}) };
    }
  }
}

function foldersOf(page: ListObjectVersionsOutput, prefix: string): string[] {
  return (page.CommonPrefixes ?? []).map(({ Prefix }) => nameIn(page, Prefix).slice(prefix.length));
}

/** Versions and delete markers of a page in the order of the bucket; the SDK gives them in two lists. */
function versionsOf(page: ListObjectVersionsOutput, prefix: string): readonly ListedVersion[] {
  const keyOf = (key: string | undefined) => nameIn(page, key).slice(prefix.length);
  const versions = (page.Versions ?? []).map(({ Key, VersionId, Size, IsLatest }) => ({
    key: keyOf(Key),
    version: { versionId: VersionId ?? 'null', bytes: Size ?? 0 },
    isLatest: IsLatest ?? false,
  }));
  if (page.DeleteMarkers === undefined || page.DeleteMarkers.length === 0) return versions;
  const markers = page.DeleteMarkers.map(({ Key, IsLatest }) => ({ key: keyOf(Key), version: null, isLatest: IsLatest ?? false }));
  // A stable sort: the versions of a key stay in their order, and where a delete marker stands among them only `isLatest` tells.
  return [...versions, ...markers].sort((one, other) => Buffer.compare(Buffer.from(one.key), Buffer.from(other.key)));
}

/** A key as it is; S3 encodes a space as `+`. */
function nameIn({ EncodingType }: ListObjectVersionsOutput, text = ''): string {
  return EncodingType === 'url' ? decodeURIComponent(text.replaceAll('+', ' ')) : text;
}
