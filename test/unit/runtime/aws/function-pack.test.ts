// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { loadPack } from '../../../../src/catalog/pack-file.ts';
import { noDeclarations } from '../../../../src/evidence/scope-file.ts';
import { createMapper } from '../../../../src/mapping/mapper.ts';
import { functionPack, packFileName, readFunctionPack } from '../../../../src/runtime/aws/function-pack.ts';
import { readDeployment } from '../../../../src/runtime/aws/function-settings.ts';
import { createSources } from '../../../../src/sources/registry.ts';
import { temporaryDirectories } from '../../../support/temporary-directory.ts';

const directory = temporaryDirectories('function-pack');
const pack = loadPack();
const sources = [...createSources({ tables: pack.tables, declarations: noDeclarations }).values()];
const parts = { pack, sources, collector: 'aims-evidence/1.2.3' };

function writePack(at: string, value: unknown): void {
  writeFileSync(join(at, packFileName), zstdCompressSync(JSON.stringify(value)));
}

describe('the pack beside a function', () => {
  it('holds the rules and tables of one source under the id and digest of the whole pack', () => {
    const own = functionPack(parts, 'macie');
    expect([own.id, own.digest]).toEqual([pack.id, pack.digest]);
    expect(own.rules.length).toBeGreaterThan(10);
    expect(own.rules.length).toBe(pack.rules.filter(({ source }) => source === 'macie').length);
    expect(Object.keys(functionPack(parts, 'securityhub').tables).length).toBeGreaterThan(0);
    expect(Object.keys(own.tables).filter((name) => !name.startsWith('macie.'))).toEqual([]);
  });

  it('holds no rule for a function that maps nothing, and when each source is read', () => {
    const own = functionPack(parts, null);
    expect(own.rules).toEqual([]);
    expect(own.timings.map(({ id }) => id).sort()).toEqual(sources.map(({ id }) => id).sort());
  });

  it.each(['macie', null] as const)('comes back from its file as it was, ready to map with (%s)', async (source) => {
    const at = await directory();
    const own = functionPack(parts, source);
    writePack(at, own);
    expect(readFunctionPack(at)).toEqual(own);
    expect(() => createMapper(readFunctionPack(at), noDeclarations)).not.toThrow();
  });

  it('is refused by name where it is missing, and where it is something else', async () => {
    const at = await directory();
    expect(() => readFunctionPack(at)).toThrow(expect.objectContaining({ code: 'FUNCTION_INCOMPLETE' }));
    writePack(at, {});
    expect(() => readFunctionPack(at)).toThrow(expect.objectContaining({ name: 'ZodError' }));
  });
});

describe('the deployment file beside a function', () => {
  it('is the configuration with its defaults, and the dated files', async () => {
    const at = await directory();
    const written = { configuration: { reportLocations: ['s3://reports/a'] }, declarations: noDeclarations };
    writeFileSync(join(at, 'deployment.json'), JSON.stringify(written));
    const { configuration, declarations } = readDeployment(at);
    expect(configuration.reportLocations).toEqual([{ location: 's3://reports/a' }]);
    expect(declarations).toEqual(noDeclarations);
    // What a deployment writes has its defaults filled in already.
    writeFileSync(join(at, 'deployment.json'), JSON.stringify({ configuration, declarations }));
    expect(readDeployment(at)).toEqual({ configuration, declarations });
  });

  it('is refused where it is missing', async () => {
    const at = await directory();
    expect(() => readDeployment(at)).toThrow(expect.objectContaining({ code: 'FUNCTION_INCOMPLETE' }));
  });
});
