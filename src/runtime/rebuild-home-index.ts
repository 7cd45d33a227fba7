// SPDX-License-Identifier: Apache-2.0
import { readSegment } from '../collect/reconcile.ts';
import { type RebuildProgress, type RebuildResult, rebuildIndex } from '../evidence-index/rebuild-index.ts';
import { replaceSqliteIndex } from '../evidence-index/sqlite-replacement.ts';
import { isAiResourceType } from '../mapping/ai-resource-type.ts';
import { DirectoryVault } from '../vault/directory-vault.ts';
import { homePaths, readHomeFile } from './directory-home.ts';
import type { Home, HomePlace } from './home.ts';
import { HomeLock } from './home-lock.ts';

/** What a rebuild did, and to which home. */
export interface HomeRebuild extends RebuildResult {
  readonly home: string;
}

/**
 * Makes a home's index again from its vault, beside the old one, and puts it in its place at the end: a damaged index is never opened, and a
 * rebuild that is killed leaves the old one. Throws HOME_ABSENT, HOME_NEWER and HOME_LOCKED for a directory, what finding the stack throws for
 * a deployed home, and INDEX_UNAVAILABLE where its table may not be written.
 */
export async function rebuildHomeIndex(place: HomePlace, onProgress: (progress: RebuildProgress) => void): Promise<HomeRebuild> {
  if (place.in === 'directory') return { home: place.directory, ...(await lockedRebuild(place.directory, onProgress)) };
  // The SDK is loaded only where it is used.
  const { rebuildStackIndex } = await import('./aws/stack-home.ts');
  const fill = ({ vault, index }: Pick<Home, 'vault' | 'index'>) => rebuildIndex({ vault, index, openSegment: readSegment, onProgress });
  return { home: `aws:${place.stack}`, ...(await rebuildStackIndex(place, fill)) };
}

async function lockedRebuild(directory: string, onProgress: (progress: RebuildProgress) => void): Promise<RebuildResult> {
  readHomeFile(directory);
  const lock = HomeLock.take(directory);
  try {
    return await rebuildDirectoryIndex(directory, onProgress);
  } finally {
    lock.release();
  }
}

/** As `rebuildHomeIndex` for a directory whose lock the caller holds and whose index it has closed. */
export async function rebuildDirectoryIndex(directory: string, onProgress: (progress: RebuildProgress) => void): Promise<RebuildResult> {
  const paths = homePaths(directory);
  const vault = new DirectoryVault(paths.vault);
  return await replaceSqliteIndex({ path: paths.index, isAiResource: isAiResourceType }, (index) =>
    rebuildIndex({ vault, index, openSegment: readSegment, onProgress }),
  );
}
