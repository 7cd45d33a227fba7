// SPDX-License-Identifier: Apache-2.0
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { type JsonObject, stringAt } from '../evidence/json.ts';
import { chainOf } from './cloudtrail/verify-digest.ts';
import { type FileBatch, itemBytes } from './intake/file-batch.ts';
import { type Recognition, recogniseItem } from './intake/recognise-item.ts';
import { parseLenientJson } from './report/lenient-json.ts';

/** What is kept of a digest met on a walk: little, as a year of a large organisation has a hundred thousand. */
export interface MetDigest {
  readonly file: DigestFile;
  readonly chain: string;
  readonly key: string;
  readonly endTime: string;
  /** SHA-256 of the digest's own text, without what a file holds around it. */
  readonly sha256: string;
}

/** An item that holds digests only, by its place in the file's decompressed content; `digests` in the order of `digestsIn`. */
export interface DigestItem {
  readonly start: number;
  readonly end: number;
  readonly digests: readonly MetDigest[];
}

/** A file with digests, and its hash as it was stored when they were met. */
export interface DigestFile {
  readonly path: string;
  readonly absolute: string;
  readonly sha256: string;
  readonly items: DigestItem[];
}

type Recognised = Extract<Recognition, { recognised: unknown }>['recognised'];

const marker = Buffer.from('digestS3Object');
const logName = /^(\d{12}_CloudTrail_[a-z0-9-]+)_\d{8}T\d{4}Z_/;
const dayFolders = /[\\/]\d{4}[\\/]\d{2}[\\/]\d{2}$/;

/**
 * What log files of one account and Region in one place share: their folder without its days, and the beginning of their names
 * (`<account>_CloudTrail_<region>`, "CloudTrail log file name format", AWS CloudTrail User Guide). Null for a name of another form.
 */
function logFamily(absolute: string): string | null {
  const [, owner] = logName.exec(basename(absolute)) ?? [];
  return owner === undefined ? null : join(dirname(absolute).replace(dayFolders, ''), owner);
}

/** The digests that an item's text holds, whatever is wrapped around them. */
export function digestsIn(text: string): readonly Recognised[] {
  return digestsAmong(recognisedIn(text));
}

/** First step over a folder: takes digests out of what is read, however they are wrapped, and notes where log files lie. */
export class MetDigests {
  readonly files: DigestFile[] = [];
  /** Every digest of the folder, also one that stands among other things and is therefore not checked itself. */
  readonly all: MetDigest[] = [];
  readonly #logFamilies = new Set<string>();

  /** Notes a file of the walk: by its name only, since one that cannot be read is there too. */
  passed(absolute: string): void {
    const family = logFamily(absolute);
    if (family !== null) this.#logFamilies.add(family);
  }

  /** Whether any log file lies where this one should, on whatever day. */
  hasLogsLike(absolute: string): boolean {
    const family = logFamily(absolute);
    return family !== null && this.#logFamilies.has(family);
  }

  /** The batch without the items that hold digests only, which are noted for the second step; null when nothing is left. */
  take(absolute: string, batch: FileBatch): FileBatch | null {
    // A search in bytes: parsing every item here would read a million records twice.
    if (!bytesOf(batch.bytes).includes(marker)) return batch;
    const left: number[] = [];
    for (let i = 0; i < batch.starts.length; i++) if (!this.#takes(absolute, batch, i)) left.push(i);
    if (left.length === batch.starts.length) return batch;
    if (left.length === 0) return null;
    const starts = Uint32Array.from(left, (i) => batch.starts[i] ?? 0);
    const ends = Uint32Array.from(left, (i) => batch.ends[i] ?? 0);
    return { ...batch, starts, ends };
  }

  #takes(absolute: string, batch: FileBatch, index: number): boolean {
    const bytes = bytesOf(itemBytes(batch, index));
    if (!bytes.includes(marker) || !isUtf8(bytes)) return false;
    const text = bytes.toString('utf8');
    const found = recognisedIn(text);
    const inner = digestsAmong(found);
    if (inner.length === 0) return false;
    const file = this.#fileOf(absolute, batch);
    const digests = inner.map(({ value, text: own }) => metDigest(file, value, own));
    for (const digest of digests) this.all.push(digest);
    // Among other things in one item a digest stays with them, unchecked; the one after it has its link all the same.
    if (inner.length < found.length) return false;
    const [start, end] = [batch.base + (batch.starts[index] ?? 0), batch.base + (batch.ends[index] ?? 0)];
    file.items.push({ start, end, digests });
    return true;
  }

  #fileOf(absolute: string, { path, sha256 }: FileBatch): DigestFile {
    const last = this.files.at(-1);
    if (last?.path === path) return last;
    const file = { path, absolute, sha256, items: [] };
    this.files.push(file);
    return file;
  }
}

function metDigest(file: DigestFile, value: JsonObject, text: string): MetDigest {
  const sha256 = createHash('sha256').update(text).digest('hex');
  const [key, endTime] = [stringAt(value, 'digestS3Object') ?? '', stringAt(value, 'digestEndTime') ?? ''];
  return { file, chain: chainOf(value), key, endTime, sha256 };
}

function recognisedIn(text: string): readonly Recognition[] {
  const value = parseLenientJson(text);
  return value === undefined ? [] : recogniseItem(value, text);
}

function digestsAmong(found: readonly Recognition[]): Recognised[] {
  return found.flatMap((one) => ('recognised' in one && one.recognised.shape === 'digest' ? [one.recognised] : []));
}

function bytesOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
