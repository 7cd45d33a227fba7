// SPDX-License-Identifier: Apache-2.0
import { createHash, type Hash } from 'node:crypto';

/** Items cut out of one stretch of a stream; `starts` and `ends` count from the first byte of `bytes`. */
export interface Slices {
  /** Offset of `bytes[0]` in the whole stream. */
  readonly base: number;
  /** Owns its memory, so that it can be handed to another thread. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly starts: Uint32Array<ArrayBuffer>;
  readonly ends: Uint32Array<ArrayBuffer>;
}

/** An item that could not be cut out: larger than the limit, or the stream ends inside it. `sha256` is that of its bytes. */
export interface SliceProblem {
  readonly kind: 'too-large' | 'cut';
  readonly offset: number;
  readonly length: number;
  readonly sha256: string;
}

/** What one step of the stream gave. */
export interface SliceStep {
  readonly slices: Slices | null;
  readonly problems: readonly SliceProblem[];
}

/** Keeps the bytes of the item that is open over chunks, and hands over those that are done. Memory is one item and one chunk. */
export class SliceCollector {
  readonly #maxItemBytes: number;
  #starts: number[] = [];
  #ends: number[] = [];
  /** Bytes of an item that began in an earlier chunk, and the offset of the first of them. */
  #pending: Uint8Array[] = [];
  #pendingBase = 0;
  /** Running hash of an item that outgrew the limit: its bytes are no longer kept. */
  #oversize: Hash | null = null;

  constructor(maxItemBytes: number) {
    this.#maxItemBytes = maxItemBytes;
  }

  /** Notes a finished item by its offsets in the stream. */
  add(start: number, end: number): void {
    this.#starts.push(start);
    this.#ends.push(end);
  }

  /** Forgets the open item: it turned out to be a wrapper, whose elements are the items. */
  drop(): void {
    this.#oversize = null;
  }

  /** The open item as a problem: the stream ended inside it. */
  cut(offset: number, position: number): SliceProblem {
    const hash = this.#oversize ?? this.#hashOfPending();
    return { kind: 'cut', offset, length: position - offset, sha256: hash.digest('hex') };
  }

  /** Hands over what the chunk completed and keeps only the bytes of the item that is still open (`openFrom`, negative when none is). */
  collect(chunk: Uint8Array, chunkBase: number, openFrom: number): SliceStep {
    // Copied before the chunk is handed over, since its memory may move to another thread. Not by `slice`, which copies nothing of a Buffer.
    const open = openFrom >= chunkBase ? new Uint8Array(chunk.subarray(openFrom - chunkBase)) : null;
    const problems = this.#takeTooLarge(chunk, chunkBase);
    const [starts, ends] = [this.#starts, this.#ends];
    let slices: Slices | null = null;
    if (starts[0] !== undefined) {
      const earlier = starts[0] < chunkBase;
      const base = earlier ? this.#pendingBase : chunkBase;
      const bytes = earlier ? concat([...this.#pending, chunk]) : owned(chunk);
      slices = { base, bytes, starts: Uint32Array.from(starts, (s) => s - base), ends: Uint32Array.from(ends, (e) => e - base) };
    }
    [this.#starts, this.#ends] = [[], []];
    this.#keep(open, chunk, chunkBase, openFrom);
    // Its items were copied out with what came before them, and the open one by itself.
    if (slices !== null && slices.bytes.buffer !== chunk.buffer) release(chunk);
    return { slices, problems };
  }

  #keep(open: Uint8Array | null, chunk: Uint8Array, chunkBase: number, openFrom: number): void {
    if (openFrom < 0) {
      this.#pending = [];
      return;
    }
    if (open !== null) {
      this.#pending = [open];
      this.#pendingBase = openFrom;
    } else if (this.#oversize !== null) this.#oversize.update(chunk);
    else this.#pending.push(chunk);
    if (this.#oversize === null && chunkBase + chunk.length - openFrom > this.#maxItemBytes) {
      this.#oversize = this.#hashOfPending();
      this.#pending = [];
    }
  }

  #takeTooLarge(chunk: Uint8Array, chunkBase: number): SliceProblem[] {
    const problems: SliceProblem[] = [];
    const isKept = this.#starts.map((start, k) => (this.#ends[k] ?? 0) - start <= this.#maxItemBytes);
    if (isKept.every(Boolean)) return problems;
    for (const [k, start] of this.#starts.entries()) {
      if (isKept[k]) continue;
      const end = this.#ends[k] ?? 0;
      const hash = start >= chunkBase ? createHash('sha256') : (this.#oversize ?? this.#hashOfPending());
      hash.update(chunk.subarray(Math.max(0, start - chunkBase), end - chunkBase));
      problems.push({ kind: 'too-large', offset: start, length: end - start, sha256: hash.digest('hex') });
    }
    this.#oversize = null;
    this.#starts = this.#starts.filter((_, k) => isKept[k]);
    this.#ends = this.#ends.filter((_, k) => isKept[k]);
    return problems;
  }

  #hashOfPending(): Hash {
    const hash = createHash('sha256');
    for (const part of this.#pending) hash.update(part);
    return hash;
  }
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const out = new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

// Given back now: the garbage collector comes late, since it does not see how large a buffer is.
function release({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && byteLength === buffer.byteLength) buffer.transfer(0);
}

// A pooled buffer shares its memory with strangers and cannot be handed to another thread.
function owned(chunk: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = chunk;
  return buffer instanceof ArrayBuffer && chunk.byteLength === buffer.byteLength ? new Uint8Array(buffer) : concat([chunk]);
}
