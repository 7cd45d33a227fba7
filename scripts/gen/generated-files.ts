// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from 'node:fs';
import { compileCatalog, compilePack, requireSound } from '../../src/catalog/compile-mappings.ts';
import { readMappingSource } from '../../src/catalog/mapping-source.ts';
import { packText, parsePack } from '../../src/catalog/pack-file.ts';
import { recordSchema } from '../../src/evidence/record-schema.ts';
import { commandOutputFiles } from './command-output.ts';
import { configurationTable } from './configuration-table.ts';
import { jsonSchemaFiles, jsonSchemaText } from './json-schemas.ts';
import { mappingTable } from './mapping-table.ts';
import { planExamples } from './plan-examples.ts';
import { recordCostTable } from './record-cost-table.ts';
import { replaceRegion } from './region.ts';

/** Path, relative to the repository, and text of every generated file. The same input gives the same bytes. */
export function generatedFiles(root: URL): ReadonlyMap<string, string> {
  const source = readMappingSource(new URL('mappings/', root));
  requireSound(source);
  const pack = packText(compilePack(source));
  const catalog = compileCatalog(source);
  return new Map([
    ['mappings/pack.json', pack],
    ['mappings/catalog.json', `${JSON.stringify(catalog, null, 1)}\n`],
    ['docs/mapping.md', mappingTable(parsePack(pack), catalog)],
    ...jsonSchemaFiles(),
    ...commandOutputFiles(root),
    ...recordSchemaDocument(root),
    ...planExamples(root),
    ...operationsDocument(root),
  ]);
}

/** The tables inside `docs/operations.md`. */
function operationsDocument(root: URL): readonly (readonly [string, string])[] {
  const path = 'docs/operations.md';
  const withSettings = replaceRegion(readFileSync(new URL(path, root), 'utf8'), 'configuration', configurationTable());
  return [[path, replaceRegion(withSettings, 'record-costs', recordCostTable())]];
}

/** The record's JSON Schema inside `docs/evidence-format.md`; nothing as long as that is not written. */
function recordSchemaDocument(root: URL): readonly (readonly [string, string])[] {
  const path = 'docs/evidence-format.md';
  if (!existsSync(new URL(path, root))) return [];
  const region = `\`\`\`json\n${jsonSchemaText(recordSchema)}\`\`\``;
  return [[path, replaceRegion(readFileSync(new URL(path, root), 'utf8'), 'record-schema', region)]];
}
