// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { catalogItem, catalogItems, loadCatalog } from '../../src/catalog/catalog.ts';
import { clauseFileSchema } from '../../src/catalog/catalog-schema.ts';
import { readMappingSource } from '../../src/catalog/mapping-source.ts';
import { loadPack } from '../../src/catalog/pack-file.ts';
import type { Json } from '../../src/evidence/json.ts';

const catalog = loadCatalog();

/** Every text in a value, with the path to it. */
function texts(value: Json | undefined, path: string): readonly (readonly [string, string])[] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => texts(inner as Json, `${path}.${name}`));
}

describe('no text of the mapping data grows into a quotation', () => {
  it('in the catalogue: no text has more than 260 characters, and one item with all its texts no more than 1,700', () => {
    const told = texts(JSON.parse(JSON.stringify(catalog)), 'catalog');
    expect(told.length).toBeGreaterThan(1_000);
    expect(told.filter(([, text]) => text.length > 260)).toEqual([]);
    const items = catalogItems(catalog).map(({ id }) => [id, JSON.stringify(catalogItem(id, catalog)).length] as const);
    expect(items.filter(([, length]) => length > 1_700)).toEqual([]);
  });

  it('in the catalogue: what an item asks is one or two sentences, never a list of requirements', () => {
    const asks = catalogItems(catalog).map(({ id }) => catalogItem(id, catalog).asks);
    expect(asks).toHaveLength(70);
    expect(asks.filter((text) => text.split(/[.;] /).length > 3 || /\b(shall|should)\b/.test(text))).toEqual([]);
  });

  it('in the rules: a title fits a line and a reason two', () => {
    const { rules } = loadPack();
    expect(rules.length).toBeGreaterThan(0);
    expect(rules.filter((rule) => rule.title.length > 80 || rule.why.length > 240).map((rule) => rule.id)).toEqual([]);
  });

  it('in a file: the schema refuses a longer one', () => {
    const file = readMappingSource().clauses[0]?.content;
    expect(clauseFileSchema.safeParse(file).success).toBe(true);
    const long = {
      ...file,
      clauses: file?.clauses.map((clause) => (clause.assessable ? { ...clause, asks: 'word '.repeat(80).trim() } : clause)),
    };
    expect(clauseFileSchema.safeParse(long).success).toBe(false);
  });
});
