// SPDX-License-Identifier: Apache-2.0
import { realpath, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { arrayAt, isJsonObject, type Json, type JsonObject, stringAt } from '../evidence/json.ts';
import { chainOf, type LogFileState, verifyDigest } from './cloudtrail/verify-digest.ts';
import { hashContent, readWholeFile } from './file-content.ts';
import { gapOfSystemError } from './file-walk.ts';
import type { FileReading } from './intake/file-batch.ts';

/** A digest file met on a walk: little is kept of each, as a year of a large organisation has a hundred thousand. */
export interface MetDigest {
  readonly path: string;
  readonly absolute: string;
  readonly chain: string;
  readonly endTime: string;
}

/** Notes a digest file for `digestReadings`. */
export function metDigest(path: string, absolute: string, digest: JsonObject): MetDigest {
  return { path, absolute, chain: chainOf(digest), endTime: stringAt(digest, 'digestEndTime') ?? '' };
}

/**
 * Second step over a folder: each digest file with the result of its check in the context (`check`), chain by chain in order of time.
 * Chain and hashes only: the signature is S3 metadata and the key comes from ListPublicKeys, so no chain is called valid from files.
 */
export async function* digestReadings(root: string, digests: readonly MetDigest[]): AsyncGenerator<FileReading> {
  const ordered = [...digests].sort((a, b) => compare(a.chain, b.chain) || compare(a.endTime, b.endTime) || compare(a.path, b.path));
  let previous: Previous | null = null;
  for (const met of ordered) {
    if (previous !== null && previous.chain !== met.chain) previous = null;
    try {
      const whole = await readWholeFile(met.absolute);
      const digest: Json = whole === null ? null : JSON.parse(whole.content.toString('utf8'));
      if (whole === null || !isJsonObject(digest)) continue;
      const logFiles = await logFileStates(root, met, digest);
      const check = verifyDigest({ digest, sha256: whole.contentSha256, signature: null, publicKey: null, previous, logFiles });
      previous = { chain: met.chain, digest, sha256: whole.contentSha256, signature: null };
      const bytes = new Uint8Array(whole.content);
      const slice = { base: 0, bytes, starts: Uint32Array.of(0), ends: Uint32Array.of(bytes.length) };
      yield { batch: { ...slice, path: met.path, sha256: whole.storedSha256, context: { check: { ...check } as unknown as JsonObject } } };
    } catch (error) {
      yield { problem: { path: met.path, gap: gapOfSystemError(met.path, error) } };
    }
  }
}

interface Previous {
  readonly chain: string;
  readonly digest: JsonObject;
  readonly sha256: string;
  readonly signature: null;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

// Absent files are `missing` only where log files of the same place are there; else the person brought digests without logs.
async function logFileStates(root: string, met: MetDigest, digest: JsonObject): Promise<LogFileState[]> {
  const top = await realpath((await stat(root)).isDirectory() ? root : dirname(root));
  const found: (LogFileState | 'absent' | 'no-place')[] = [];
  for (const log of arrayAt(digest, 'logFiles')) found.push(await logFileState(top, met, digest, stringAt(log, 's3Object') ?? ''));
  const anyHeld = found.some((state) => typeof state === 'object' || state === 'absent');
  return found.map((state) => (state === 'absent' || state === 'no-place' ? (anyHeld ? 'missing' : 'not-held') : state));
}

async function logFileState(top: string, met: MetDigest, digest: JsonObject, key: string): Promise<LogFileState | 'absent' | 'no-place'> {
  if (key === '' || key.split('/').includes('..')) return 'no-place';
  const places = placesOf(met, digest, key);
  for (const place of places) {
    const target = await existing(place);
    if (target?.startsWith(top + sep)) return { sha256: await hashContent(target) };
  }
  for (const place of places.slice(0, 1)) if ((await existing(dirname(place))) !== null) return 'absent';
  return 'no-place';
}

// A folder copied from the bucket keeps the keys below some prefix; else the log files may lie beside the digest, unpacked or not.
function placesOf(met: MetDigest, digest: JsonObject, key: string): string[] {
  const own = (stringAt(digest, 'digestS3Object') ?? '').split('/').join(sep);
  const local = key.split('/').join(sep);
  const name = key.slice(key.lastIndexOf('/') + 1);
  const whole = met.absolute.endsWith(own) && own !== '' ? [join(met.absolute.slice(0, -own.length), local)] : [];
  const beside = [join(dirname(met.absolute), name), join(dirname(met.absolute).replace('CloudTrail-Digest', 'CloudTrail'), name)];
  return [...whole, ...beside].flatMap((place) => [place, place.replace(/\.gz$/, '')]);
}

async function existing(path: string): Promise<string | null> {
  try {
    return await realpath(path);
  } catch (error) {
    if (Error.isError(error)) return null;
    throw error;
  }
}
