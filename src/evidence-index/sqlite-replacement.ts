// SPDX-License-Identifier: Apache-2.0
import { renameSync, rmSync } from 'node:fs';
import { guarded } from './sqlite-failure.ts';
import { SqliteIndex, type SqliteIndexOptions } from './sqlite-index.ts';

/** The database and the files SQLite keeps beside it. */
const suffixes = ['', '-wal', '-shm'] as const;

/**
 * Makes a new index beside the old one and puts it in its place once `fill` is done and the file is closed.
 * Where `fill` fails, the old index stays as it was. The caller holds the home's lock; readers of the old file are not disturbed.
 */
export async function replaceSqliteIndex<Answer>(
  options: SqliteIndexOptions,
  fill: (index: SqliteIndex) => Promise<Answer>,
): Promise<Answer> {
  const beside = `${options.path}.rebuilding`;
  removeFiles(beside);
  const index = SqliteIndex.open({ ...options, path: beside });
  let answer: Answer;
  try {
    try {
      answer = await fill(index);
    } finally {
      await index.close();
    }
  } catch (error) {
    removeFiles(beside);
    throw error;
  }
  // The old log must not outlive its database, or SQLite would replay it into the new one. A crash in between leaves no index,
  // which whoever opens it next fills from the vault.
  removeFiles(options.path);
  guarded(options.path, () => renameSync(beside, options.path));
  return answer;
}

function removeFiles(path: string): void {
  for (const suffix of suffixes) rmSync(`${path}${suffix}`, { force: true });
}
