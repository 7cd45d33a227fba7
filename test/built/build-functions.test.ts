// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { isStale } from '../../scripts/functions/is-stale.ts';
import { loadPack } from '../../src/catalog/pack-file.ts';
import type { Pack } from '../../src/mapping/pack.ts';
import { readFunctionPack } from '../../src/runtime/aws/function-pack.ts';
import { configurationSchema } from '../../src/runtime/deployment/configuration-schema.ts';
import { deployedSources } from '../../src/runtime/deployment/source-declarations.ts';
import { functionNames } from '../support/deployed-stack.ts';
import { temporaryDirectories } from '../support/temporary-directory.ts';

const run = promisify(execFile);
const root = new URL('../../', import.meta.url);
const script = fileURLToPath(new URL('scripts/build-functions.ts', root));
const newDirectory = temporaryDirectories('functions');
const sizesSchema = z.array(z.object({ name: z.string(), codeBytes: z.number(), packBytes: z.number() }));
const mostKilobytes = 1_100;

describe('the bundles of the functions', () => {
  let directory = '';
  let sizes: z.infer<typeof sizesSchema> = [];

  beforeAll(async () => {
    directory = await newDirectory();
    sizes = sizesSchema.parse(JSON.parse((await run(process.execPath, [script, '--json', '--out', directory])).stdout));
  }, 600_000);

  it('are one for each function, code and rules together at most 1,100 KB', () => {
    expect(sizes.map(({ name }) => name).sort()).toEqual([...functionNames].sort());
    for (const { codeBytes, packBytes } of sizes) {
      expect(codeBytes).toBeGreaterThan(50 * 1_024);
      expect((codeBytes + packBytes) / 1_024).toBeLessThanOrEqual(mostKilobytes);
    }
  });

  it('hold code, its source map and the pack, and nothing else', async () => {
    for (const name of functionNames) {
      expect((await readdir(join(directory, name))).sort()).toEqual(['index.mjs', 'index.mjs.map', 'pack.json.zst']);
    }
  });

  it('map with the rules of their own source, without examples, under the digest of the whole pack', () => {
    const whole = loadPack();
    const packOf = (name: string) => readFunctionPack(join(directory, name));
    const macie = packOf('collect-macie');
    expect(macie).toMatchObject({ id: whole.id, digest: whole.digest });
    const patterns = (pack: Pick<Pack, 'rules'>) => pack.rules.map(({ id, pattern, controls }) => ({ id, pattern, controls }));
    expect(patterns(macie)).toEqual(patterns({ rules: whole.rules.filter(({ source }) => source === 'macie') }));
    expect(macie.rules.length).toBeGreaterThan(10);
    expect(JSON.stringify(macie)).not.toContain('"matches"');
    expect(packOf('seal')).toMatchObject({ digest: whole.digest, rules: [] });
  });

  it.each(deployedSources(configurationSchema.parse({})))(
    'hold every call that $id declares: none was shaken off',
    async ({ id, actions }) => {
      const code = await readFile(join(directory, `collect-${id}`, 'index.mjs'), 'utf8');
      const calls = actions.filter((action) => !/^(s3|kms):/.test(action)).map((action) => action.split(':')[1] ?? '');
      expect(calls.length).toBeGreaterThan(4);
      expect(calls.filter((call) => !code.includes(`"${call}"`))).toEqual([]);
      expect(code).not.toContain('"DeleteModel"');
    },
  );

  it.each(functionNames)('load as Lambda loads them and hand over a handler: %s', async (name) => {
    const module = pathToFileURL(join(directory, name, 'index.mjs')).href;
    const { stdout } = await run(process.execPath, ['-e', `import('${module}').then(({ handler }) => console.log(typeof handler))`]);
    expect(stdout).toBe('function\n');
  });
});

describe('bundles that are there already', () => {
  it('are stale where one is missing, or older than a source', async () => {
    const directory = await newDirectory();
    const bundle = join(directory, 'plan', 'index.mjs');
    expect(isStale(root, directory, ['plan'])).toBe(true);
    await mkdir(join(directory, 'plan'));
    await writeFile(bundle, '');
    const at = async (year: number) => {
      await utimes(bundle, new Date(`${year}-01-01T00:00:00Z`), new Date(`${year}-01-01T00:00:00Z`));
      return isStale(root, directory, ['plan']);
    };
    expect(await at(2400)).toBe(false);
    expect(await at(1990)).toBe(true);
  });
});
