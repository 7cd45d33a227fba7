// SPDX-License-Identifier: Apache-2.0
import { rebuildHomeIndex } from '../runtime/rebuild-home-index.ts';
import { type HomeOptions, placeOf } from './home-command.ts';
import { plainReason } from './plain-reason.ts';
import { Progress, print, printJson, type Terminal } from './terminal.ts';

/** `aims index rebuild`: an index made from the vault, with the same entries and counts. Returns whether every segment could be read. */
export async function indexRebuild(terminal: Terminal, options: HomeOptions): Promise<boolean> {
  const progress = new Progress(terminal);
  const result = await rebuildHomeIndex(await placeOf(terminal, options), ({ segments, records }) =>
    progress.show(`${segments} segments, ${records} records`),
  );
  progress.clear();
  if (options.json) printJson(terminal, result);
  else {
    print(terminal, `${result.segments} segments with ${result.records} records taken into a new index`);
    print(terminal, ...result.damaged.map(({ key, reason }) => `damaged: ${key}: ${plainReason(reason, key)}`));
  }
  return result.damaged.length === 0;
}
