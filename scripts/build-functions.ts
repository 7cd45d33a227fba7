// SPDX-License-Identifier: Apache-2.0
// Bundles every function of lambdas/ into dist/functions. `--if-stale` builds only what changed sources ask for, `--json` prints sizes as JSON,
// `--out DIR` builds elsewhere.
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadPack } from '../src/catalog/pack-file.ts';
import { noDeclarations } from '../src/evidence/scope-file.ts';
import { collectorName } from '../src/runtime/version.ts';
import { createSources } from '../src/sources/registry.ts';
import { type BundleSize, bundleFunction, kilobytes, tooLarge } from './functions/bundle-function.ts';
import { functionEntries } from './functions/function-names.ts';
import { isStale } from './functions/is-stale.ts';

const { values: options } = parseArgs({
  options: { 'if-stale': { type: 'boolean', default: false }, json: { type: 'boolean', default: false }, out: { type: 'string' } },
});
const root = new URL('../', import.meta.url);
const directory = options.out === undefined ? fileURLToPath(new URL('dist/functions/', root)) : resolve(options.out);
const entries = functionEntries(root);

if (
  !options['if-stale'] ||
  isStale(
    root,
    directory,
    entries.map(({ name }) => name),
  )
) {
  const pack = loadPack();
  const sources = createSources({ tables: pack.tables, declarations: noDeclarations }).values();
  const settings = { directory, parts: { pack, sources: [...sources], collector: collectorName() } };
  const sizes: BundleSize[] = [];
  for (const entry of entries) sizes.push(await bundleFunction(entry, settings));
  if (options.json) console.log(JSON.stringify(sizes));
  else
    for (const { name, codeBytes, packBytes } of sizes)
      console.log(`${name}: ${kilobytes(codeBytes)} KB code, ${kilobytes(packBytes)} KB rules`);
  const problems = tooLarge(sizes);
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
