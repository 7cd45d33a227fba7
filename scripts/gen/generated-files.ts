// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from 'node:fs';
import type * as z from 'zod';
import { compileCatalog, compilePack, requireSound } from '../../src/catalog/compile-mappings.ts';
import { readMappingSource } from '../../src/catalog/mapping-source.ts';
import { packText, parsePack } from '../../src/catalog/pack-file.ts';
import { jsonSchemaFiles, jsonSchemaText } from './json-schemas.ts';
import { mappingTable } from './mapping-table.ts';
import { replaceRegion } from './region.ts';

/** Path, relative to the repository, and text of every generated file. The same input gives the same bytes. */
export async function generatedFiles(root: URL): Promise<ReadonlyMap<string, string>> {
  const source = readMappingSource(new URL('mappings/', root));
  requireSound(source);
  const pack = packText(compilePack(source));
  const catalog = compileCatalog(source);
  return new Map([
    ['mappings/pack.json', pack],
    ['mappings/catalog.json', `${JSON.stringify(catalog, null, 1)}\n`],
    ['docs/mapping.md', mappingTable(parsePack(pack), catalog)],
    ...jsonSchemaFiles(),
    ...(await recordSchemaDocument(root)),
  ]);
}

/** The record's JSON Schema inside `docs/evidence-format.md`; nothing as long as either file is missing. */
async function recordSchemaDocument(root: URL): Promise<readonly (readonly [string, string])[]> {
  const [module, path] = [new URL('src/evidence/record-schema.ts', root), 'docs/evidence-format.md'];
  if (!existsSync(module) || !existsSync(new URL(path, root))) return [];
  const { recordSchema }: { recordSchema: z.ZodType } = await import(module.href);
  const region = `\`\`\`json\n${jsonSchemaText(recordSchema)}\`\`\``;
  return [[path, replaceRegion(readFileSync(new URL(path, root), 'utf8'), 'record-schema', region)]];
}
