// SPDX-License-Identifier: Apache-2.0
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Spill } from '../collect/held-items.ts';
import { HomeError } from './home-error.ts';

/** A scratch file that only its owner may read; removed when closed. What it holds has not been redacted yet. */
export async function openFileSpill(directory: string): Promise<Spill> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, `held-${process.pid}-${performance.now().toString(36).replace('.', '')}.ndjson`);
  const file = await open(path, 'wx+', 0o600);
  return {
    append: async (lines) => {
      // Not `write`, which may write a part only and say so in a number.
      await file.appendFile(`${lines.join('\n')}\n`).catch((cause: unknown) => {
        const reason = Error.isError(cause) ? cause.message : String(cause);
        throw new HomeError('HOME_UNWRITABLE', `cannot write the scratch file ${path}: ${reason}`, { cause });
      });
    },
    lines: () => file.readLines({ start: 0, autoClose: false }),
    close: async () => {
      await file.close();
      await rm(path, { force: true });
    },
  };
}
