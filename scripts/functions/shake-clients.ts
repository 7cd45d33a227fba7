// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';

const loaded = /await import\('(@aws-sdk\/client-[\w-]+)'\)/g;
// What a client is used for has one of these endings; whatever else is taken from a namespace is named right behind it.
const named = /\b(?:[A-Z]\w*(?:Client|Command|Error|Exception)|paginate[A-Z]\w*)\b/g;
const taken = /\b(?:sdk|s3)\.([A-Za-z]\w*)/g;

/**
 * Sources load their SDK client with `await import(…)`, so that a laptop loads only what it reads. esbuild takes all of what is loaded so: 466 KB
 * of SageMaker for 19 calls. A function always needs its client, so here each such expression becomes a namespace, imported as others are, of
 * only those names that our sources spell.
 */
export function shakeClients(sources: string): Plugin {
  return {
    name: 'shake-clients',
    setup(build) {
      const spelled = spelledNames(sources);
      build.onLoad({ filter: /\.ts$/ }, ({ path }) =>
        path.startsWith(sources) ? { contents: withStaticImports(readFileSync(path, 'utf8')), loader: 'ts' } : null,
      );
      build.onResolve({ filter: /^shaken:/ }, ({ path, resolveDir }) => ({
        path: path.slice('shaken:'.length),
        namespace: 'shaken',
        pluginData: { resolveDir },
        sideEffects: false,
      }));
      build.onLoad({ filter: /.*/, namespace: 'shaken' }, async ({ path, pluginData: { resolveDir } }) => {
        const used = Object.keys(await import(path)).filter((name) => spelled.has(name));
        return { contents: `export { ${used.join(', ')} } from '${path}';`, resolveDir, loader: 'js' };
      });
    },
  };
}

/** On the first line, which is a comment, so that lines keep their numbers. */
function withStaticImports(text: string): string {
  const clients = [...new Set([...text.matchAll(loaded)].map(([, client = '']) => client))];
  const imports = clients.map((client) => `import * as ${nameOf(client)} from 'shaken:${client}';`);
  return imports.join('') + text.replaceAll(loaded, (_expression, client: string) => nameOf(client));
}

function nameOf(client: string): string {
  return `shaken_${client.replaceAll(/\W/g, '_')}`;
}

/** Names of SDK members that stand anywhere in a folder's sources: a few too many do no harm. */
function spelledNames(folder: string): ReadonlySet<string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const texts = files.map((name) => readFileSync(join(folder, name), 'utf8'));
  const classes = texts.flatMap((text) => [...text.matchAll(named)].map(([name]) => name));
  const members = texts.flatMap((text) => [...text.matchAll(taken)].map(([, name = '']) => name));
  return new Set([...classes, ...members]);
}
