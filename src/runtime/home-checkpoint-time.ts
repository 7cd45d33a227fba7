// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { numberPath } from '../ledger/ledger-paths.ts';

/** A kept checkpoint: its tree size and the signed note. */
export interface KeptCheckpoint {
  readonly size: number;
  readonly note: string;
}

/** Where a ledger store, in a directory or a bucket, keeps a checkpoint. */
export function checkpointPath({ size, note }: KeptCheckpoint): string {
  const digits = createHash('sha256').update(note, 'utf8').digest('hex').slice(0, 16);
  return `checkpoints/${numberPath(size)}-${digits}`;
}

/** When a checkpoint was written into the ledger of a directory, ISO 8601 UTC; null where its file is not found. */
export function fileTimeOf(ledger: string, checkpoint: KeptCheckpoint): string | null {
  const stats = statSync(join(ledger, checkpointPath(checkpoint)), { throwIfNoEntry: false });
  return stats === undefined ? null : stats.mtime.toISOString();
}
