// SPDX-License-Identifier: Apache-2.0
import { rm } from 'node:fs/promises';
import { readSegment } from '../collect/reconcile.ts';
import { rebuildIndex } from '../evidence-index/rebuild-index.ts';
import { loadConfiguration } from '../runtime/configuration.ts';
import { homePaths, openHomeForWriting, readHomeFile } from '../runtime/directory-home.ts';
import { HomeLock } from '../runtime/home-lock.ts';
import type { HomeOptions } from './home-command.ts';
import { homeOption } from './options.ts';
import { Progress, print, printJson, type Terminal } from './terminal.ts';

/** `aims index rebuild`: a new index from the vault, with the same entries and counts. Returns whether every segment could be read. */
export async function indexRebuild(terminal: Terminal, options: HomeOptions): Promise<boolean> {
  const { configuration } = await loadConfiguration(terminal.directory, options.config);
  const directory = homeOption(terminal.directory, options.home, configuration.home);
  readHomeFile(directory);
  await removeIndex(directory);
  const home = await openHomeForWriting(directory, null);
  const progress = new Progress(terminal);
  try {
    const onProgress = ({ segments, records }: { segments: number; records: number }) =>
      progress.show(`${segments} segments, ${records} records`);
    const result = await rebuildIndex({ vault: home.vault, index: home.index, openSegment: readSegment, onProgress });
    progress.clear();
    if (options.json) printJson(terminal, { home: directory, ...result });
    else {
      print(terminal, `${result.segments} segments with ${result.records} records taken into a new index`);
      print(terminal, ...result.damaged.map(({ key, reason }) => `damaged: ${key}: ${reason}`));
    }
    return result.damaged.length === 0;
  } finally {
    await home.close();
  }
}

async function removeIndex(directory: string): Promise<void> {
  const lock = HomeLock.take(directory);
  try {
    const { index } = homePaths(directory);
    for (const suffix of ['', '-wal', '-shm', '-journal']) await rm(`${index}${suffix}`, { force: true });
  } finally {
    lock.release();
  }
}
