// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where the functions' bundles lie: beside `lib/` in the published package, below `dist/` in a checkout. */
export function shippedFunctions(): string {
  const published = fileURLToPath(new URL('../functions/', import.meta.url));
  return existsSync(published) ? published : fileURLToPath(new URL('../dist/functions/', import.meta.url));
}
