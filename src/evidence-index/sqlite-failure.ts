// SPDX-License-Identifier: Apache-2.0
import { IndexError, type IndexErrorCode } from './evidence-index.ts';

const remedy = 'the vault is not touched; make a new index with `aims index rebuild`';

// Primary result codes: https://sqlite.org/rescode.html, read 2026-11. Extended codes carry them in the low byte.
const codes: ReadonlyMap<number, readonly [IndexErrorCode, string]> = new Map([
  [11, ['INDEX_DAMAGED', `the index is damaged; ${remedy}`]],
  [26, ['INDEX_DAMAGED', `the file is not an evidence index; ${remedy}`]],
  [1, ['INDEX_DAMAGED', `the tables of the index are not as they were made; ${remedy}`]],
  [19, ['INDEX_DAMAGED', `the index contradicts itself; ${remedy}`]],
  [13, ['INDEX_FULL', 'no room for the index: free some space and run again; what was collected is in the vault']],
  [5, ['INDEX_UNAVAILABLE', 'the index is in use by another process: wait for it to end and run again']],
  [6, ['INDEX_UNAVAILABLE', 'the index is in use by another process: wait for it to end and run again']],
  [8, ['INDEX_UNAVAILABLE', 'the index cannot be written: check who owns the file and its folder']],
  [10, ['INDEX_UNAVAILABLE', 'the disk failed while the index was read or written']],
  [14, ['INDEX_UNAVAILABLE', 'the index cannot be opened: check that its folder exists and who owns it']],
]);

/** Translates what node:sqlite threw to the port's codes; what is not a failure of the store passes unchanged. */
function indexFailure(error: unknown, path: string): unknown {
  const errcode = typeof error === 'object' && error !== null && 'errcode' in error ? error.errcode : undefined;
  const known = typeof errcode === 'number' ? codes.get(errcode & 0xff) : undefined;
  if (known === undefined) return error;
  const [code, message] = known;
  return new IndexError(code, `${path}: ${message}`, { cause: error });
}

/** Runs one operation of the store and translates its failure. */
export function guarded<Answer>(path: string, operation: () => Answer): Answer {
  try {
    return operation();
  } catch (error) {
    throw indexFailure(error, path);
  }
}

/** The error for content that the store could read and that makes no sense. */
export function damaged(what: string): IndexError {
  return new IndexError('INDEX_DAMAGED', `${what}: ${remedy}`);
}
