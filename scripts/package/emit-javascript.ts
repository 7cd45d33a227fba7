// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Compiles `bin`, `lib` and `src` to JavaScript with types in `target`, a folder laid out as the checkout is. Node.js strips types only outside
 * `node_modules`, so an installed package must not need it: https://nodejs.org/api/typescript.html#type-stripping-in-dependencies.
 * Returns false where the compiler refused; it has said why.
 */
export function emitJavaScript(root: URL, target: URL): boolean {
  const compiler = fileURLToPath(new URL('node_modules/typescript/bin/tsc', root));
  const project = fileURLToPath(new URL('scripts/package/tsconfig.json', root));
  const { status } = spawnSync(process.execPath, [compiler, '--project', project, '--outDir', fileURLToPath(target)], { stdio: 'inherit' });
  if (status !== 0) return false;
  for (const path of javaScriptFiles(fileURLToPath(target))) {
    const text = readFileSync(path, 'utf8');
    const rewritten = rewriteWorkerUrls(text);
    if (rewritten !== text) writeFileSync(path, rewritten);
  }
  return true;
}

/** `new URL('./x.ts', import.meta.url)` is a path that the compiler does not know as one: here it becomes `./x.js`. */
export function rewriteWorkerUrls(text: string): string {
  return text.replaceAll(/(new URL\('\.{1,2}\/[^']+)\.ts(', import\.meta\.url\))/g, '$1.js$2');
}

function javaScriptFiles(folder: string): readonly string[] {
  const names = ['bin', 'lib', 'src'].flatMap((part) =>
    readdirSync(join(folder, part), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, part, name)),
  );
  return names.filter((name) => name.endsWith('.js'));
}
