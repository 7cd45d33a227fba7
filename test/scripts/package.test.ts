// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { rewriteWorkerUrls } from '../../scripts/package/emit-javascript.ts';

const entry = z.object({ types: z.string(), default: z.string() });
const manifest = z
  .object({
    main: z.string(),
    types: z.string(),
    exports: z.object({ '.': entry }),
    files: z.array(z.string()),
    bin: z.object({ aims: z.string() }),
  })
  .parse(JSON.parse(readFileSync('package.json', 'utf8')));

describe('the published package', () => {
  it('names files that the build makes of sources that exist', () => {
    const { main, types, exports, bin } = manifest;
    expect([`./${main}`, `./${types}`]).toEqual([exports['.'].default, exports['.'].types]);
    expect(existsSync(main.replace(/^dist\/(.*)\.js$/, '$1.ts'))).toBe(true);
    expect(existsSync(bin.aims)).toBe(true);
  });

  it('ships no sources, tests or fixtures', () => {
    expect(manifest.files).toContain('dist');
    expect(manifest.files.filter((name) => /^(src|lib|lambdas|test|scripts|mappings)/.test(name))).toEqual([]);
  });

  it('starts its workers from the compiled files', () => {
    const worker = "new Worker(new URL('./batch-worker.ts', import.meta.url), { workerData })";
    expect(rewriteWorkerUrls(worker)).toBe("new Worker(new URL('./batch-worker.js', import.meta.url), { workerData })");
    expect(rewriteWorkerUrls("['aims.config.ts', 'aims.config.json']")).toBe("['aims.config.ts', 'aims.config.json']");
  });
});
