// SPDX-License-Identifier: Apache-2.0
import { ReadAhead } from '../vault/read-ahead.ts';
import { S3CallError } from '../vault/s3-call.ts';
import { disturbancesOf } from '../vault/s3-disturbances.ts';
import { type NamedByKey, S3Objects } from '../vault/s3-objects.ts';
import type { S3Place } from '../vault/s3-place.ts';
import { childrenOf, listHistories } from '../vault/s3-versions.ts';
import type { LedgerHeadStore } from './ledger-head-store.ts';
import { checkTilePath, numberDigits, numberOfPath, numberPath } from './ledger-paths.ts';
import { type DisturbedPath, LedgerError, type LedgerErrorCode, type LedgerHead, type LedgerStore } from './ledger-store.ts';
import { sha256 } from './merkle.ts';
import { tileLevels } from './tiles.ts';

/** Where tiles, proposals and checkpoints lie, and what keeps the head. */
export interface S3LedgerOptions extends S3Place {
  readonly head: LedgerHeadStore;
}

/**
 * A ledger store in an S3 bucket with versioning and Object Lock, laid out as the directory's is; its head lies elsewhere, as S3 has no
 * compare-and-swap that also survives a delete marker. Whatever is put on top of a tile or checkpoint, the first version counts.
 *
 * Needs s3:GetObject, s3:GetObjectVersion and s3:ListBucketVersions to read, and s3:ListBucket, so that S3 answers "absent" and not
 * "denied"; s3:GetObjectRetention to notice lost retention; s3:PutObject and s3:PutObjectRetention to write.
 */
export class S3LedgerStore implements LedgerStore {
  readonly #place: S3Place;
  readonly #objects: S3Objects;
  readonly #head: LedgerHeadStore;

  constructor({ head, ...place }: S3LedgerOptions) {
    this.#place = place;
    this.#objects = new S3Objects(place);
    this.#head = head;
  }

  async readHead(): Promise<LedgerHead | null> {
    return await this.#head.readHead();
  }

  async swapHead(expected: LedgerHead | null, next: { readonly size: number; readonly root: string }): Promise<LedgerHead> {
    return await this.#head.swapHead(expected, next);
  }

  async putTile(path: string, bytes: Uint8Array): Promise<void> {
    checkTilePath(path);
    const outcome = await inLedgerWords(() => this.#objects.writeOnce(path, bytes));
    if (outcome === 'taken') throw new LedgerError('LEDGER_TILE_TAKEN', `refusing to replace ${path}: it holds other bytes`);
  }

  async getTile(path: string): Promise<Uint8Array> {
    checkTilePath(path);
    return await inLedgerWords(() => this.#objects.read(path));
  }

  async putCheckpoint(size: number, note: string): Promise<void> {
    const bytes = Buffer.from(note, 'utf8');
    const path = `checkpoints/${numberPath(size)}-${hashIn(bytes)}`;
    const outcome = await inLedgerWords(() => this.#objects.writeOnce(path, bytes, namedBy(path)));
    if (outcome === 'taken') throw new LedgerError('LEDGER_TILE_TAKEN', `refusing to replace ${path}: it holds other bytes`);
  }

  async *listCheckpoints(): AsyncGenerator<{ readonly size: number; readonly note: string }> {
    const histories = listHistories(this.#place, 'checkpoints/');
    for (;;) {
      const next = await inLedgerWords(() => histories.next());
      if (next.done === true) return;
      const { key, oldest } = next.value;
      if (oldest !== null && isCheckpoint(key)) yield await this.#checkpoint(key);
    }
  }

  async newestCheckpoint(): Promise<{ readonly size: number; readonly note: string } | null> {
    const path = await inLedgerWords(() => this.#newestIn('checkpoints/', 1));
    return path === null ? null : await this.#checkpoint(path);
  }

  async *listDisturbed(): AsyncGenerator<DisturbedPath> {
    const stop = new AbortController();
    const folders = ownFolders.map((folder) => new ReadAhead(this.#disturbedIn(folder, stop.signal), disturbedAhead));
    try {
      for (const folder of folders) yield* folder.values();
    } finally {
      stop.abort();
      await Promise.all(folders.map((folder) => folder.close()));
    }
  }

  async *#disturbedIn(folder: string, stop: AbortSignal): AsyncGenerator<DisturbedPath> {
    const histories = listHistories(this.#place, folder);
    for (;;) {
      const next = await inLedgerWords(() => histories.next());
      if (next.done === true || stop.aborted) return;
      const found = await inLedgerWords(() => disturbancesOf(this.#objects, next.value));
      for (const one of found) yield { path: next.value.key, ...one };
    }
  }

  /** Down the folders of three digits, the largest first: four calls, however many checkpoints there are. */
  async #newestIn(folder: string, depth: number): Promise<string | null> {
    const { folders, keys } = await childrenOf(this.#place, folder);
    if (depth === numberDigits / 3) return keys.filter(isCheckpoint).at(-1) ?? null;
    for (const inside of folders.filter((name) => /\/\d{3}\/$/.test(name)).toReversed()) {
      // A folder where only delete markers lie holds none: the walk goes on to the one before.
      const found = await this.#newestIn(inside, depth + 1);
      if (found !== null) return found;
    }
    return null;
  }

  async #checkpoint(path: string): Promise<{ readonly size: number; readonly note: string }> {
    const bytes = await inLedgerWords(() => this.#objects.read(path, namedBy(path)));
    return { size: numberOfPath(path), note: bytes.toString('utf8') };
  }
}

/** Folders of what we write, listed at once: every seal leaves some objects, so that a few years of seals make many pages. */
const ownFolders = [
  'checkpoints/',
  'day/',
  'proposal/',
  ...Array.from({ length: tileLevels }, (_, level) => `tile/${level}/`),
  'tile/entries/',
];

/** What is found in a folder before its turn: enough for folders with nothing wrong in them to be listed to their ends. */
const disturbedAhead = 100;

/** What else lies among the checkpoints is no part of the ledger. */
function isCheckpoint(path: string): boolean {
  return /^checkpoints\/(\d{3}\/){3}\d{3}-[0-9a-f]{16}$/.test(path);
}

function namedBy(path: string): NamedByKey {
  return (bytes) => path.endsWith(`-${hashIn(bytes)}`);
}

function hashIn(bytes: Uint8Array): string {
  return sha256(bytes).toString('hex').slice(0, 16);
}

const codes: Readonly<Record<S3CallError['code'], LedgerErrorCode>> = {
  S3_ABSENT: 'LEDGER_TILE_ABSENT',
  S3_UNREADABLE: 'LEDGER_UNAVAILABLE',
  S3_FULL: 'LEDGER_FULL',
  S3_TAKEN: 'LEDGER_UNAVAILABLE',
  S3_CONFLICT: 'LEDGER_UNAVAILABLE',
  S3_UNAVAILABLE: 'LEDGER_UNAVAILABLE',
};

async function inLedgerWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof S3CallError)) throw cause;
    throw new LedgerError(codes[cause.code], cause.words, { cause });
  }
}
