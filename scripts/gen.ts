// SPDX-License-Identifier: Apache-2.0
// Writes what is derived from mappings/ and from zod schemas; with --check writes nothing and fails on files that are stale.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { AimsError } from '../src/evidence/errors.ts';
import { generatedFiles } from './gen/generated-files.ts';

const root = new URL('../', import.meta.url);
const schemas = 'mappings/schemas/';

function strayFiles(files: ReadonlyMap<string, string>): readonly string[] {
  const found = existsSync(new URL(schemas, root)) ? readdirSync(new URL(schemas, root)) : [];
  return found.map((name) => `${schemas}${name}`).filter((path) => !files.has(path));
}

function staleFiles(files: ReadonlyMap<string, string>): readonly string[] {
  const read = (path: string) => (existsSync(new URL(path, root)) ? readFileSync(new URL(path, root), 'utf8') : null);
  return [...files].filter(([path, text]) => read(path) !== text).map(([path]) => path);
}

try {
  const files = generatedFiles(root);
  const [stale, stray] = [staleFiles(files), strayFiles(files)];
  if (process.argv.includes('--check')) {
    for (const path of stale) console.error(`stale: ${path}; run npm run gen`);
    for (const path of stray) console.error(`nothing writes ${path}; delete it`);
    process.exitCode = stale.length + stray.length > 0 ? 1 : 0;
  } else {
    mkdirSync(new URL(schemas, root), { recursive: true });
    for (const path of stale) writeFileSync(new URL(path, root), files.get(path) ?? '');
    console.log(stale.length === 0 ? 'nothing to write' : stale.map((path) => `wrote ${path}`).join('\n'));
  }
} catch (error) {
  if (!(error instanceof AimsError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
