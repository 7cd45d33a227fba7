// SPDX-License-Identifier: Apache-2.0
import { readConfiguration } from '../runtime/configuration.ts';
import type { Home, HomePlace } from '../runtime/home.ts';
import { openHome } from '../runtime/home-opening.ts';
import { lostIndexWords } from '../runtime/lost-index.ts';
import { placeOption } from './options.ts';
import type { Terminal } from './terminal.ts';

/** Options that every command on a home has. */
export interface HomeOptions {
  readonly home?: string;
  readonly config?: string;
  readonly profile?: string;
  readonly region?: string;
  readonly json?: boolean;
}

/** Opens the home a command names, for reading, and lets go of it when the work is done. */
export async function withHome<Result>(terminal: Terminal, options: HomeOptions, work: (home: Home) => Promise<Result>): Promise<Result> {
  const home = await openHome(await placeOf(terminal, options));
  try {
    if (await home.isIndexLost()) terminal.stderr.write(`note: ${lostIndexWords(home.name)}\n`);
    return await work(home);
  } finally {
    await home.close();
  }
}

/** The place of the home that a command names, by option, configuration or default. Throws USAGE_OPTION, CONFIG_UNREADABLE, CONFIG_INVALID. */
export async function placeOf(terminal: Terminal, options: HomeOptions): Promise<HomePlace> {
  const { configuration } = await readConfiguration(terminal.directory, options.config);
  return placeOption(terminal.directory, options, configuration.home);
}
