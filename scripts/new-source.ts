// SPDX-License-Identifier: Apache-2.0
// Writes what a new source consists of and registers it: `npm run new:source -- <id>`. The two halves are then yours to write.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { AimsError } from '../src/evidence/errors.ts';
import { fillTemplate } from './scaffold/fill-template.ts';
import { ScaffoldError } from './scaffold/scaffold-error.ts';
import { sourceFiles, sourceNames, withMaker, withSourceId } from './scaffold/source-files.ts';

const root = new URL('../', import.meta.url);
const at = (path: string) => new URL(path, root);
const observation = 'src/evidence/observation.ts';
const registry = 'src/sources/registry.ts';

/** Writes the files and gives their paths. Nothing is written where anything of that name exists. */
function writeSource(names: ReturnType<typeof sourceNames>): readonly string[] {
  const paths = sourceFiles(names.id);
  const taken = [...paths.values()].filter((path) => existsSync(at(path)));
  if (taken.length > 0) throw new ScaffoldError('SCAFFOLD_EXISTS', `refusing to overwrite ${taken.join(', ')}`);
  const texts = new Map(
    [...paths].map(([template, path]) => [
      path,
      fillTemplate(readFileSync(new URL(`templates/source/${template}.template`, import.meta.url), 'utf8'), names),
    ]),
  );
  texts.set(observation, withSourceId(readFileSync(at(observation), 'utf8'), names.id));
  texts.set(registry, withMaker(readFileSync(at(registry), 'utf8'), names));
  for (const [path, text] of texts) {
    mkdirSync(new URL('.', at(path)), { recursive: true });
    writeFileSync(at(path), text);
  }
  return [...texts.keys()];
}

try {
  const [id, ...more] = process.argv.slice(2);
  if (id === undefined || more.length > 0) throw new ScaffoldError('SCAFFOLD_USAGE', 'usage: npm run new:source -- <id>');
  const written = writeSource(sourceNames(id));
  const run = (program: string, ...args: string[]) => execFileSync(program, args, { cwd: root, stdio: 'pipe' });
  run('node_modules/.bin/biome', 'check', '--write', ...written.filter((path) => path.endsWith('.ts')));
  run(process.execPath, 'scripts/gen.ts');
  console.log(written.map((path) => `wrote ${path}`).join('\n'));
  console.log(`next: write read-${id}.ts and interpret-${id}.ts, name the IAM actions, write rules, teach`);
  console.log('src/sources/intake/recognise-item.ts what its files look like; then npm run gen and npm test');
} catch (error) {
  if (!(error instanceof AimsError)) throw error;
  console.error(error.message);
  process.exitCode = error.code === 'SCAFFOLD_USAGE' ? 2 : 1;
}
