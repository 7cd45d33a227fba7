// SPDX-License-Identifier: Apache-2.0
import { loadConfiguration } from '../runtime/configuration.ts';
import { rebuildHomeIndex } from '../runtime/rebuild-home-index.ts';
import type { HomeOptions } from './home-command.ts';
import { homeOption } from './options.ts';
import { Progress, print, printJson, type Terminal } from './terminal.ts';

/** `aims index rebuild`: a new index from the vault, with the same entries and counts. Returns whether every segment could be read. */
export async function indexRebuild(terminal: Terminal, options: HomeOptions): Promise<boolean> {
  const { configuration } = await loadConfiguration(terminal.directory, options.config);
  const directory = homeOption(terminal.directory, options.home, configuration.home);
  const progress = new Progress(terminal);
  const result = await rebuildHomeIndex(directory, ({ segments, records }) => progress.show(`${segments} segments, ${records} records`));
  progress.clear();
  if (options.json) printJson(terminal, { home: directory, ...result });
  else {
    print(terminal, `${result.segments} segments with ${result.records} records taken into a new index`);
    print(terminal, ...result.damaged.map(({ key, reason }) => `damaged: ${key}: ${reason}`));
  }
  return result.damaged.length === 0;
}
