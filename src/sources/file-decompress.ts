// SPDX-License-Identifier: Apache-2.0
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { AimsError } from '../evidence/errors.ts';
import { systemCode } from './file-walk.ts';

/** Codes of files that could not be read to their end. */
export type FileReadErrorCode = 'FILE_DECOMPRESSION_FAILED' | 'FILE_TRAILING_BYTES' | 'FILE_CHANGED';

/** A file that could not be read to its end; `offset` is where, in bytes of the file as stored. */
export class FileReadError extends AimsError<FileReadErrorCode> {
  readonly offset: number;

  constructor(code: FileReadErrorCode, message: string, offset: number, options?: ErrorOptions) {
    super(code, message, options);
    this.offset = offset;
  }
}

/** Where compressed bytes come from: called again from an offset, in pieces of the asked size. */
export type StoredBytes = (from: number, step: number) => AsyncIterable<Uint8Array>;

/** Compressed bytes given to the decompressor at once: at gzip's best ratio (1:1032) their output is 66 MB. */
const compressedStep = 64 * 1024;

interface Pass {
  readonly kind: 'gzip' | 'zstd';
  readonly stored: StoredBytes;
  readonly from: number;
  /** From this offset on, bytes are fed one by one, so that nothing decompressed before the failure is lost with it. */
  readonly fineFrom: number;
}

interface PassEnd {
  readonly failure: Error | null;
  /** Offset of the first stored byte not used; and of the write that failed. */
  readonly used: number;
  readonly failedWrite: number;
}

/** The decompressed bytes of all members or frames. What can be had before a failure is yielded, then FileReadError is thrown. */
export async function* decompressed(kind: 'gzip' | 'zstd', stored: StoredBytes, bytes: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes; ) {
    const pass = { kind, stored, from, fineFrom: Number.POSITIVE_INFINITY };
    let given = 0;
    let end = yield* onePass(pass, 0, (n) => (given += n));
    if (end.failure !== null && end.failedWrite >= 0) end = yield* onePass({ ...pass, fineFrom: end.failedWrite }, given, () => 0);
    // A frame that ended may be followed by another, which Node's zstd does not read by itself.
    const goesOn = end.used > from && end.used < bytes && (await startsMember(kind, stored, end.used));
    if (goesOn && (end.failure === null || kind === 'zstd')) {
      from = end.used;
      continue;
    }
    if (end.failure !== null) throw failureOf(kind, end.failure, end.used);
    if (end.used < bytes) throw trailing(kind, end.used, bytes);
    return;
  }
}

// Driven by hand and not by a pipe: a pipe that fails drops output which was already decompressed.
async function* onePass(pass: Pass, skip: number, count: (bytes: number) => number): AsyncGenerator<Uint8Array, PassEnd> {
  const engine = pass.kind === 'gzip' ? createGunzip({ chunkSize: 256 * 1024 }) : createZstdDecompress({ chunkSize: 256 * 1024 });
  let output: Uint8Array[] = [];
  let toSkip = skip;
  const state: { failure: Error | null; ended: boolean } = { failure: null, ended: false };
  engine.on('data', (chunk: Uint8Array) => output.push(chunk));
  const stopped = new Promise<void>((resolve) => {
    engine.on('error', (error) => {
      state.failure = error;
      resolve();
    });
    engine.on('end', () => {
      state.ended = true;
      resolve();
    });
  });
  let fed = pass.from;
  for await (const chunk of steps(pass)) {
    await Promise.race([stopped, new Promise((resolve) => engine.write(chunk, resolve))]);
    const whole = Buffer.concat(output);
    output = [];
    if (whole.length > toSkip) {
      count(whole.length - toSkip);
      yield whole.subarray(toSkip);
    }
    toSkip = Math.max(0, toSkip - whole.length);
    if (state.failure !== null || state.ended) break;
    fed += chunk.length;
  }
  const failedWrite = state.failure === null || pass.fineFrom < fed ? -1 : fed;
  if (state.failure === null && !state.ended) {
    engine.end();
    await stopped;
    for (const chunk of output) yield chunk.subarray(Math.min(chunk.length, toSkip));
  }
  const used = pass.from + engine.bytesWritten;
  engine.destroy();
  return { failure: state.failure, used, failedWrite };
}

async function* steps(pass: Pass): AsyncGenerator<Uint8Array> {
  let at = pass.from;
  for await (const chunk of pass.stored(pass.from, compressedStep)) {
    if (at < pass.fineFrom) yield chunk;
    else for (let i = 0; i < chunk.length; i++) yield chunk.subarray(i, i + 1);
    at += chunk.length;
  }
}

async function startsMember(kind: 'gzip' | 'zstd', stored: StoredBytes, from: number): Promise<boolean> {
  for await (const head of stored(from, 4))
    return kind === 'gzip' ? head[0] === 0x1f && head[1] === 0x8b : head[0] === 0x28 && head[1] === 0xb5;
  return false;
}

function failureOf(kind: string, cause: Error, offset: number): FileReadError {
  const message = `the ${kind} data cannot be read further than byte ${offset} (${systemCode(cause)}: ${cause.message}); fetch the file again`;
  return new FileReadError('FILE_DECOMPRESSION_FAILED', message, offset, { cause });
}

function trailing(kind: string, used: number, bytes: number): FileReadError {
  return new FileReadError('FILE_TRAILING_BYTES', `${bytes - used} bytes after the end of the ${kind} data were not read`, used);
}
