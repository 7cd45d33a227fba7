// SPDX-License-Identifier: Apache-2.0
import { type Gap, gapMessage } from '../../evidence/gap.ts';
import type { JsonObject } from '../../evidence/json.ts';
import type { SliceProblem, Slices } from './slice-collector.ts';

/** Items of one file, in one buffer: made to be handed to a worker thread (transfer `bytes`, `starts` and `ends`). */
export interface FileBatch extends Slices {
  /** Relative to what the user named, with `/`. */
  readonly path: string;
  /** SHA-256 of the file as stored (still compressed), 64 hex digits. */
  readonly sha256: string;
  /** What is known of the file beside its bytes; goes into the context of each of its items. */
  readonly context: JsonObject;
}

/** What reading a file or folder gives: items, a file that holds none of ours, or something that could not be read. */
export type FileReading =
  | { readonly batch: FileBatch }
  | { readonly unrecognised: Unrecognised }
  | { readonly problem: { readonly path: string; readonly gap: Gap } };

/** A file, or an item of one, that is no evidence of ours, and why. */
export interface Unrecognised {
  readonly path: string;
  readonly reason: string;
}

/** The bytes of one item, not copied. */
export function itemBytes(batch: Slices, index: number): Uint8Array {
  return batch.bytes.subarray(batch.starts[index] ?? 0, batch.ends[index] ?? 0);
}

/** Memory to transfer along when a batch is posted to another thread. */
export function transferList(batch: FileBatch): ArrayBuffer[] {
  return [batch.bytes.buffer, batch.starts.buffer, batch.ends.buffer];
}

/** Gives the memory of a batch that is done with back at once: left to the garbage collector, it brings on collections of the whole heap. */
export function releaseBatch(batch: FileBatch): void {
  for (const memory of transferList(batch)) memory.transfer(0);
}

/** The gap of a slice that could not be made. A cut file loses an unknown number of items, so its gap is of scope. */
export function gapOfSlice(path: string, problem: SliceProblem): Gap {
  const { offset, length, sha256 } = problem;
  const detail = { offset, bytes: length, sha256 };
  if (problem.kind === 'too-large') {
    const happened = `An item of ${length} bytes at byte ${offset} is larger than this program reads.`;
    const message = gapMessage(happened, 'look at it by other means, and say what was found');
    return { reason: 'unsupported', extent: 'item', what: path, message, code: 'ITEM_TOO_LARGE', detail };
  }
  const message = `The file ends inside an item that begins at byte ${offset}; what followed is lost. Fetch the file again.`;
  return { reason: 'malformed', extent: 'scope', what: path, message, code: 'FILE_CUT_SHORT', detail };
}
