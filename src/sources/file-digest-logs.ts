// SPDX-License-Identifier: Apache-2.0
import { realpath, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { arrayAt, type JsonObject, stringAt } from '../evidence/json.ts';
import type { LogFileState } from './cloudtrail/verify-digest.ts';
import { hashContent } from './file-content.ts';
import { FileReadError } from './file-decompress.ts';
import type { MetDigests } from './file-met-digests.ts';
import { systemCode } from './file-walk.ts';

/** A digest at the place where it was found. */
export interface PlacedDigest {
  readonly absolute: string;
  readonly digest: JsonObject;
  /** Whether no earlier digest of its chain is at hand. */
  readonly isFirst: boolean;
}

/** What became of the log files that digests of a folder list. Files outside the folder are never opened. */
export class DigestLogs {
  readonly #root: string;
  readonly #met: MetDigests;
  #top: string | null = null;

  constructor(root: string, met: MetDigests) {
    this.#root = root;
    this.#met = met;
  }

  /** States of the listed log files, in the order of `logFiles`. */
  async states(placed: PlacedDigest): Promise<LogFileState[]> {
    const states: LogFileState[] = [];
    for (const log of arrayAt(placed.digest, 'logFiles')) states.push(await this.#state(placed, stringAt(log, 's3Object') ?? ''));
    return states;
  }

  async #state(placed: PlacedDigest, key: string): Promise<LogFileState> {
    if (key === '' || key.split('/').includes('..')) return 'not-held';
    const places = placesOf(placed, key);
    try {
      this.#top ??= await realpath((await stat(this.#root)).isDirectory() ? this.#root : dirname(this.#root));
      for (const place of places) {
        const target = await existing(place);
        if (target !== null) return target.startsWith(this.#top + sep) ? { sha256: await hashContent(target) } : 'not-held';
      }
      return (await this.#isMissing(placed, key, places)) ? 'missing' : 'not-held';
    } catch (error) {
      // What the file system refuses says nothing of the content; what does not unpack is not what was hashed.
      const isDamage = error instanceof FileReadError && error.code !== 'FILE_CHANGED';
      return isDamage ? 'damaged' : { unread: error instanceof FileReadError ? error.code : systemCode(error) };
    }
  }

  // Where log files of this account and Region were brought, one that is not there is missing; else the person brought digests only.
  async #isMissing({ digest, isFirst }: PlacedDigest, key: string, places: readonly string[]): Promise<boolean> {
    const place = places.find((one) => this.#met.hasLogsLike(one));
    if (place === undefined) return false;
    // The first digest after midnight lists log files of the day before, which a copy that begins with a day does not hold.
    const isDayBefore = isFirst && dayOf(key) !== dayOf(stringAt(digest, 'digestS3Object') ?? '');
    return !isDayBefore || (await existing(dirname(place))) !== null;
  }
}

// A folder copied from the bucket keeps the keys from some prefix on; else the log files may lie beside the digest. Unpacked or not.
function placesOf({ absolute, digest }: PlacedDigest, key: string): string[] {
  const folder = dirname(absolute);
  const name = key.slice(key.lastIndexOf('/') + 1);
  const copied = inCopy(absolute, stringAt(digest, 'digestS3Object') ?? '', key);
  const beside = [join(folder, name), join(folder.replace('CloudTrail-Digest', 'CloudTrail'), name)];
  return [...(copied === null ? [] : [copied]), ...beside].flatMap((place) => [place, place.replace(/\.gz$/, '')]);
}

// The end that a digest's path and its key share is what was copied; what the key has before it, the log file's key has too.
function inCopy(absolute: string, digestKey: string, key: string): string | null {
  const [path, steps] = [absolute.split(sep), digestKey.split('/')];
  let shared = 0;
  while (shared < steps.length && path.at(-1 - shared) === steps.at(-1 - shared)) shared++;
  const before = steps
    .slice(0, steps.length - shared)
    .map((step) => `${step}/`)
    .join('');
  if (shared === 0 || !key.startsWith(before)) return null;
  return join(path.slice(0, path.length - shared).join(sep) || sep, ...key.slice(before.length).split('/'));
}

function dayOf(key: string): string {
  return key.split('/').slice(-4, -1).join('/');
}

async function existing(path: string): Promise<string | null> {
  try {
    return await realpath(path);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
}
