// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import { annexFileSchema, clauseFileSchema, standardFileSchema } from '../../src/catalog/catalog-schema.ts';
import { factFileSchema } from '../../src/catalog/facts-schema.ts';
import { ruleFileSchema } from '../../src/catalog/rules-schema.ts';
import { seedRowsFileSchema, seedServicesFileSchema } from '../../src/catalog/seed-schema.ts';

const schemas: Readonly<Record<string, z.ZodType>> = {
  'catalog-annex': annexFileSchema,
  'catalog-clauses': clauseFileSchema,
  'catalog-standard': standardFileSchema,
  facts: factFileSchema,
  rules: ruleFileSchema,
  'seed-rows': seedRowsFileSchema,
  'seed-services': seedServicesFileSchema,
};

/** JSON Schema (draft 2020-12) of what a person writes, so defaulted members may be left out. */
export function jsonSchemaText(schema: z.ZodType): string {
  return `${JSON.stringify(z.toJSONSchema(schema, { io: 'input' }), null, 2)}\n`;
}

/** Path and text of every file of `mappings/schemas/`. */
export function jsonSchemaFiles(): ReadonlyMap<string, string> {
  return new Map(Object.entries(schemas).map(([name, schema]) => [`mappings/schemas/${name}.json`, jsonSchemaText(schema)]));
}
