// SPDX-License-Identifier: Apache-2.0
import { loadConfiguration } from '../runtime/configuration.ts';
import { type DirectoryHome, openHomeForReading } from '../runtime/directory-home.ts';
import { homeOption } from './options.ts';
import type { Terminal } from './terminal.ts';

/** Options that every command on a home has. */
export interface HomeOptions {
  readonly home?: string;
  readonly config?: string;
  readonly json?: boolean;
}

/** Opens the home a command names, for reading, and lets go of it when the work is done. */
export async function withHome<Result>(
  terminal: Terminal,
  options: HomeOptions,
  work: (home: DirectoryHome) => Promise<Result>,
): Promise<Result> {
  const { configuration } = await loadConfiguration(terminal.directory, options.config);
  const home = await openHomeForReading(homeOption(terminal.directory, options.home, configuration.home));
  try {
    return await work(home);
  } finally {
    await home.close();
  }
}
