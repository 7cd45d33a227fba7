// SPDX-License-Identifier: Apache-2.0
// Makes dist/, which the published package holds in place of the sources: JavaScript with types, the rules, and the bundled functions.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { emitJavaScript } from './package/emit-javascript.ts';

const root = new URL('../', import.meta.url);
const dist = new URL('dist/', root);
const manifest = z.object({ name: z.string(), version: z.string() }).parse(JSON.parse(readFileSync(new URL('package.json', root), 'utf8')));

// What an earlier version left behind must not be shipped.
for (const part of ['bin', 'lib', 'src', 'mappings', 'package.json']) rmSync(new URL(part, dist), { recursive: true, force: true });
const isBuilt = emitJavaScript(root, dist) && bundleFunctions();
if (isBuilt) copyData();
console.log(isBuilt ? `built dist/ of ${manifest.name} ${manifest.version}` : 'dist/ is not whole: nothing to pack');
process.exitCode = isBuilt ? 0 : 1;

function bundleFunctions(): boolean {
  const script = fileURLToPath(new URL('scripts/build-functions.ts', root));
  return spawnSync(process.execPath, [script], { stdio: 'inherit' }).status === 0;
}

function copyData(): void {
  mkdirSync(new URL('mappings/', dist), { recursive: true });
  for (const name of ['pack.json', 'catalog.json']) cpSync(new URL(`mappings/${name}`, root), new URL(`mappings/${name}`, dist));
  // Read for the collector's name, and by Node.js to know that these files are ES modules.
  writeFileSync(new URL('package.json', dist), `${JSON.stringify({ ...manifest, type: 'module', private: true }, null, 2)}\n`);
}
