// SPDX-License-Identifier: Apache-2.0
// Writes what is derived from mappings/ and from zod schemas; with --check writes nothing and fails on files that are stale. With --examples it
// first runs every command on the sample account and keeps what they print, which differs in each home, for docs/command-output.md.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { AimsError } from '../src/evidence/errors.ts';
import { commandExamplesFile, commandSchemaFolder } from './gen/command-output.ts';
import { generatedFiles } from './gen/generated-files.ts';

const root = new URL('../', import.meta.url);
/** Folders that hold generated files and nothing else. */
const folders = ['mappings/schemas/', commandSchemaFolder];

function strayFiles(files: ReadonlyMap<string, string>): readonly string[] {
  const found = folders.filter((folder) => existsSync(new URL(folder, root)));
  const paths = found.flatMap((folder) => readdirSync(new URL(folder, root)).map((name) => `${folder}${name}`));
  return paths.filter((path) => !files.has(path));
}

function staleFiles(files: ReadonlyMap<string, string>): readonly string[] {
  const read = (path: string) => (existsSync(new URL(path, root)) ? readFileSync(new URL(path, root), 'utf8') : null);
  return [...files].filter(([path, text]) => read(path) !== text).map(([path]) => path);
}

try {
  if (process.argv.includes('--examples')) {
    const { recordExamples } = await import('./gen/record-examples.ts');
    writeFileSync(new URL(commandExamplesFile, root), await recordExamples());
  }
  const files = generatedFiles(root);
  const [stale, stray] = [staleFiles(files), strayFiles(files)];
  if (process.argv.includes('--check')) {
    for (const path of stale) console.error(`stale: ${path}; run npm run gen`);
    for (const path of stray) console.error(`nothing writes ${path}; delete it`);
    process.exitCode = stale.length + stray.length > 0 ? 1 : 0;
  } else {
    for (const folder of folders) mkdirSync(new URL(folder, root), { recursive: true });
    for (const path of stale) writeFileSync(new URL(path, root), files.get(path) ?? '');
    console.log(stale.length === 0 ? 'nothing to write' : stale.map((path) => `wrote ${path}`).join('\n'));
  }
} catch (error) {
  if (!(error instanceof AimsError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
