// SPDX-License-Identifier: Apache-2.0
import type { Gap } from '../evidence/gap.ts';
import { FileReadError } from './file-decompress.ts';
import { gapOfSystemError } from './file-walk.ts';

/** The gap of a file that could not be read to its end; `readBytes` of its content had been read by then. */
export function gapOfBrokenFile(path: string, error: unknown, readBytes: number): Gap {
  if (!(error instanceof FileReadError)) return gapOfSystemError(path, error);
  const detail = { offset: error.offset, readBytes };
  return { reason: 'malformed', extent: 'scope', what: path, message: `${path}: ${error.message}`, code: error.code, detail };
}
