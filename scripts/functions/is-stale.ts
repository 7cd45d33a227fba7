// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const inputs = ['lambdas', 'mappings/pack.json', 'package-lock.json', 'scripts/functions', 'src'];

/** Whether a bundle is missing, or older than something it may be made of. */
export function isStale(root: URL, directory: string, names: readonly string[]): boolean {
  const bundles = names.map((name) => join(directory, name, 'index.mjs'));
  if (!bundles.every((path) => existsSync(path))) return true;
  const oldest = Math.min(...bundles.map((path) => statSync(path).mtimeMs));
  return inputs.some((input) => newest(fileURLToPath(new URL(input, root))) > oldest);
}

function newest(path: string): number {
  if (!statSync(path).isDirectory()) return statSync(path).mtimeMs;
  const files = readdirSync(path, { recursive: true, encoding: 'utf8' });
  return Math.max(0, ...files.map((name) => statSync(join(path, name)).mtimeMs));
}
