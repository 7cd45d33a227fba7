// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { decompressed, FileReadError } from './file-decompress.ts';
import { contentStart } from './intake/sniff-bytes.ts';

/** Reads of 512 KiB: large enough that reading costs nothing beside parsing, small enough for flat memory. */
const chunkBytes = 512 * 1024;
/** Files up to this size are read once and held; larger ones are read twice: to hash, then to cut. */
const heldBytes = 4 * 1024 * 1024;
/** Enough of a file to tell what it is. */
const headBytes = 1024;
/** Compressed files up to this size are unpacked in one call. */
const quickBytes = 128 * 1024;
const quickOutputBytes = 8 * 1024 * 1024;

interface AboutFile {
  readonly sha256: string;
  readonly bytes: number;
  readonly head: Uint8Array;
  readonly held: Buffer | null;
  readonly changedAt: number;
}

/** An open file whose hash is known. Close it. */
export class StoredFile {
  readonly #handle: FileHandle;
  readonly #about: AboutFile;

  private constructor(handle: FileHandle, about: AboutFile) {
    this.#handle = handle;
    this.#about = about;
  }

  /** Opens and hashes a file. Rejects with the system's error when it cannot be read. */
  static async open(absolute: string): Promise<StoredFile> {
    const handle = await open(absolute, 'r');
    try {
      return new StoredFile(handle, await hashed(handle));
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** SHA-256 of the bytes as stored, 64 hex digits. */
  get sha256(): string {
    return this.#about.sha256;
  }

  /** Size as stored. */
  get bytes(): number {
    return this.#about.bytes;
  }

  /** The first bytes as stored; where white space fills them, the first bytes after it. Empty where there is nothing else. */
  get head(): Uint8Array {
    return this.#about.head;
  }

  /** The content, decompressed, in chunks. What could be read before a failure is yielded, then FileReadError is thrown. */
  async *chunks(kind: 'json' | 'gzip' | 'zstd'): AsyncGenerator<Uint8Array> {
    const { held, bytes, changedAt } = this.#about;
    const quick = kind === 'gzip' && held !== null && held.length <= quickBytes ? quickGunzip(held) : null;
    if (kind === 'json') yield* this.#stored(0, chunkBytes);
    else if (quick !== null) yield* pieces(quick);
    else for await (const part of decompressed(kind, (from, step) => this.#stored(from, step), bytes)) yield* pieces(part);
    const { size, mtimeMs } = await this.#handle.stat();
    if (size === bytes && mtimeMs === changedAt) return;
    throw new FileReadError('FILE_CHANGED', 'the file changed while it was read; run again when nothing writes to it', size);
  }

  /** Lets go of the file. */
  async close(): Promise<void> {
    await this.#handle.close();
  }

  async *#stored(from: number, step: number): AsyncGenerator<Uint8Array> {
    const { held } = this.#about;
    if (held === null) yield* rawChunks(this.#handle, from, step);
    else for (let at = from; at < held.length; at += step) yield held.subarray(at, at + step);
  }
}

async function hashed(handle: FileHandle): Promise<AboutFile> {
  const { size, mtimeMs } = await handle.stat();
  if (size <= heldBytes) {
    const held = await handle.readFile();
    const sha256 = createHash('sha256').update(held).digest('hex');
    return { sha256, bytes: held.length, head: held, held, changedAt: mtimeMs };
  }
  const hash = createHash('sha256');
  const chunk = Buffer.allocUnsafeSlow(chunkBytes);
  let head: Uint8Array = new Uint8Array(0);
  for (let position = 0; ; ) {
    const { bytesRead } = await handle.read(chunk, 0, chunkBytes, position);
    if (bytesRead === 0) break;
    if (head.length === 0) head = headOf(chunk.subarray(0, bytesRead));
    hash.update(chunk.subarray(0, bytesRead));
    position += bytesRead;
  }
  return { sha256: hash.digest('hex'), bytes: size, head, held: null, changedAt: mtimeMs };
}

function headOf(chunk: Uint8Array): Uint8Array {
  const start = contentStart(chunk);
  if (start === chunk.length) return new Uint8Array(0);
  // A copy: the chunk is read into again.
  return Uint8Array.from(start < headBytes ? chunk.subarray(0, headBytes) : chunk.subarray(start, start + headBytes));
}

// One synchronous call for the small files that CloudTrail writes by the thousand; null when the careful way must tell what is wrong.
function quickGunzip(stored: Buffer): Uint8Array | null {
  try {
    // With `info` Node answers {buffer, engine}; its types do not say so.
    const answer: unknown = gunzipSync(stored, { info: true, maxOutputLength: quickOutputBytes });
    const { buffer, engine } = answer as { buffer: Buffer; engine: { bytesWritten: number } };
    return engine.bytesWritten === stored.length ? buffer : null;
  } catch (error) {
    if (Error.isError(error)) return null;
    throw error;
  }
}

// What was well compressed comes in large parts: batches stay small all the same.
function* pieces(part: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < part.length; at += chunkBytes) yield part.length <= chunkBytes ? part : part.subarray(at, at + chunkBytes);
}

async function* rawChunks(handle: FileHandle, from: number, step: number): AsyncGenerator<Uint8Array> {
  for (let position = from; ; ) {
    const buffer = new Uint8Array(Buffer.allocUnsafeSlow(step).buffer);
    const { bytesRead } = await handle.read(buffer, 0, step, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield bytesRead === step ? buffer : buffer.slice(0, bytesRead);
  }
}
