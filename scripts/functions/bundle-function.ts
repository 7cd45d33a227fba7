// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { constants, zstdCompressSync } from 'node:zlib';
import { build } from 'esbuild';
import { type FunctionPackParts, functionPack, packFileName } from '../../src/runtime/aws/function-pack.ts';
import type { FunctionEntry } from './function-names.ts';
import { lambdaCredentials } from './lambda-credentials.ts';
import { shakeClients } from './shake-clients.ts';

const sources = fileURLToPath(new URL('../../src/sources/', import.meta.url));

/** What a bundle weighs, in bytes: code with its SDK clients, and the rules of its source. The source map loads only with an error. */
export interface BundleSize {
  readonly name: string;
  readonly codeBytes: number;
  readonly packBytes: number;
}

/** A function is loaded whole at every cold start: 1,100 KB, code and rules together. */
const mostBundleBytes = 1_100 * 1_024;

/** What all bundles of one build share. */
export interface BundleSettings {
  /** Folder of the folders of the bundles. */
  readonly directory: string;
  readonly parts: FunctionPackParts;
}

/** Bundles one function into a folder of its own: code, source map, and the part of the pack that it maps with. */
export async function bundleFunction(entry: FunctionEntry, settings: BundleSettings): Promise<BundleSize> {
  // Made beside its place and then put there: whoever reads bundles meanwhile finds a whole one.
  const made = join(settings.directory, `.${entry.name}-${process.pid}`);
  const place = join(settings.directory, entry.name);
  mkdirSync(made, { recursive: true });
  try {
    const packBytes = writePack(made, entry, settings.parts);
    const codeBytes = await writeCode(made, entry);
    rmSync(place, { recursive: true, force: true });
    renameSync(made, place);
    return { name: entry.name, codeBytes, packBytes };
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

function writePack(folder: string, { source }: FunctionEntry, parts: FunctionPackParts): number {
  const params = { [constants.ZSTD_c_compressionLevel]: 19 };
  const bytes = zstdCompressSync(JSON.stringify(functionPack(parts, source)), { params });
  writeFileSync(join(folder, packFileName), bytes);
  return bytes.length;
}

async function writeCode(folder: string, { path }: FunctionEntry): Promise<number> {
  const outfile = join(folder, 'index.mjs');
  await build({
    entryPoints: [path],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // ES modules first, of which only what is used is taken: 990 KB and not 1,600 KB with an SDK client.
    mainFields: ['module', 'main'],
    conditions: ['module', 'import', 'node'],
    plugins: [shakeClients(sources), lambdaCredentials],
    minify: true,
    // Errors are told by their class in logs.
    keepNames: true,
    legalComments: 'none',
    sourcemap: 'linked',
    sourcesContent: false,
    // CommonJS inside asks for Node's own modules by `require`, which an ES module does not have.
    banner: { js: "import{createRequire as aimsRequire}from'node:module';const require=aimsRequire(import.meta.url);" },
    logLevel: 'error',
  });
  return statSync(outfile).size;
}

/** Bundles that weigh too much, in words. */
export function tooLarge(sizes: readonly BundleSize[]): readonly string[] {
  return sizes
    .filter(({ codeBytes, packBytes }) => codeBytes + packBytes > mostBundleBytes)
    .map(
      ({ name, codeBytes, packBytes }) => `${name} weighs ${kilobytes(codeBytes + packBytes)} KB, at most ${kilobytes(mostBundleBytes)} KB`,
    );
}

/** Bytes in whole kilobytes of 1,024. */
export function kilobytes(bytes: number): number {
  return Math.ceil(bytes / 1_024);
}
