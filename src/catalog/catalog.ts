// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { CatalogError } from './catalog-error.ts';
import { type Automation, annexFileSchema, clauseFileSchema, standardFileSchema } from './catalog-schema.ts';
import { type ControlId, parseControlId } from './control-id.ts';
import { annexControlIds, clauseLeafIds } from './control-ids.ts';
import { seedRowsFileSchema, seedServicesFileSchema } from './seed-schema.ts';

/** The compiled catalogue: every clause, section, objective and control, and the seed mapping. Written by `npm run gen`. */
const catalogSchema = z.strictObject({
  schema: z.literal('aims-evidence/catalog/1'),
  ...standardFileSchema.omit({ schema: true }).shape,
  clauses: clauseFileSchema.shape.clauses,
  sections: z.array(annexFileSchema.shape.section),
  objectives: annexFileSchema.shape.objectives,
  controls: annexFileSchema.shape.controls,
  seed: z.strictObject({
    ...seedRowsFileSchema.omit({ schema: true }).shape,
    ...seedServicesFileSchema.omit({ schema: true }).shape,
  }),
});
export type Catalog = z.infer<typeof catalogSchema>;

/** One thing that is assessed: a clause leaf or an Annex A control, with all the catalogue says of it. */
export type CatalogItem = Extract<Catalog['clauses'][number], { assessable: true }> | Catalog['controls'][number];

/** An assessable item in a list. */
export interface CatalogEntry {
  readonly id: ControlId;
  readonly kind: 'clause' | 'control';
  readonly title: string;
  readonly automation: Automation;
}

const catalogFile = new URL('../../mappings/catalog.json', import.meta.url);

/** Reads the compiled catalogue. Throws MAPPING_CATALOG_DAMAGED where it is absent or not in its form. */
export function loadCatalog(file: URL = catalogFile): Catalog {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new CatalogError('MAPPING_CATALOG_DAMAGED', `cannot read ${file.pathname}; run npm run gen, or install again`, { cause });
  }
  const parsed = catalogSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  throw new CatalogError('MAPPING_CATALOG_DAMAGED', `${file.pathname}: ${z.prettifyError(parsed.error)}`);
}

/** The 32 clauses and 38 controls that are assessed, in the order of the standard. */
export function catalogItems(catalog: Catalog = loadCatalog()): readonly CatalogEntry[] {
  const clauses = clauseLeafIds.map((id) => entryOf(catalog, id, 'clause'));
  return [...clauses, ...annexControlIds.map((id) => entryOf(catalog, id, 'control'))];
}

/** All the catalogue says of one assessable item. */
export function catalogItem(id: ControlId, catalog: Catalog = loadCatalog()): CatalogItem {
  const found = catalog.controls.find((c) => c.id === id) ?? catalog.clauses.find((c) => c.id === id);
  if (found?.assessable === true) return found;
  throw new CatalogError('MAPPING_CATALOG_DAMAGED', `catalog.json lacks ${id}; run npm run gen, or install again`);
}

function entryOf(catalog: Catalog, id: string, kind: CatalogEntry['kind']): CatalogEntry {
  const known = parseControlId(id);
  const { title, automation } = catalogItem(known, catalog);
  return { id: known, kind, title, automation };
}
