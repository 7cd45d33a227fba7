// SPDX-License-Identifier: Apache-2.0
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type SourceId, sourceIds } from '../../src/evidence/observation.ts';

/** One function to bundle: a file of `lambdas/`, and the source whose rules it maps with. */
export interface FunctionEntry {
  readonly name: string;
  readonly path: string;
  /** Null for a function that maps nothing. */
  readonly source: SourceId | null;
}

/** Every function that stands in `lambdas/`. */
export function functionEntries(root: URL): readonly FunctionEntry[] {
  const folder = new URL('lambdas/', root);
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts'));
  return files.sort().map((file) => {
    const name = file.slice(0, -'.ts'.length);
    return { name, path: fileURLToPath(new URL(file, folder)), source: sourceIds.find((id) => name === `collect-${id}`) ?? null };
  });
}
