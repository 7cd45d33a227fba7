// SPDX-License-Identifier: Apache-2.0
import { readSegment } from '../collect/reconcile.ts';
import { type RebuildProgress, type RebuildResult, rebuildIndex } from '../evidence-index/rebuild-index.ts';
import { replaceSqliteIndex } from '../evidence-index/sqlite-replacement.ts';
import { isAiResourceType } from '../mapping/ai-resource-type.ts';
import { DirectoryVault } from '../vault/directory-vault.ts';
import { homePaths, readHomeFile } from './directory-home.ts';
import { HomeLock } from './home-lock.ts';

/**
 * Makes a home's index again from its vault, beside the old one, and puts it in its place at the end: a damaged index is never opened, and a
 * rebuild that is killed leaves the old one. Throws HOME_ABSENT, HOME_NEWER, HOME_LOCKED.
 */
export async function rebuildHomeIndex(directory: string, onProgress: (progress: RebuildProgress) => void): Promise<RebuildResult> {
  readHomeFile(directory);
  const lock = HomeLock.take(directory);
  try {
    const paths = homePaths(directory);
    const vault = new DirectoryVault(paths.vault);
    return await replaceSqliteIndex({ path: paths.index, isAiResource: isAiResourceType }, (index) =>
      rebuildIndex({ vault, index, openSegment: readSegment, onProgress }),
    );
  } finally {
    lock.release();
  }
}
