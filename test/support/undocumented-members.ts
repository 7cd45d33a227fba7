// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';

type Schema = z.core.JSONSchema.BaseSchema;

const known = new WeakMap<z.ZodType, Schema>();

/** Paths of the members in a value that its schema does not name. Scripts may get more than is named, but what we print should be. */
export function undocumentedMembers(schema: z.ZodType, value: unknown): readonly string[] {
  const json = known.get(schema) ?? z.toJSONSchema(schema);
  known.set(schema, json);
  return [...new Set(unnamed([json], value, ''))];
}

function unnamed(schemas: readonly Schema[], value: unknown, path: string): readonly string[] {
  const all = schemas.flatMap(variants);
  // Anything goes: `{}`, and JSON of somebody else, which refers to itself.
  if (all.some(({ type, $ref, const: only, enum: some }) => $ref !== undefined || (type ?? only ?? some) === undefined)) return [];
  if (Array.isArray(value))
    return value.flatMap((item) =>
      unnamed(
        all.flatMap(({ items }) => inner(items)),
        item,
        `${path}[]`,
      ),
    );
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const at = path === '' ? name : `${path}.${name}`;
    const found = all.flatMap(({ properties, propertyNames, additionalProperties }) => [
      ...inner(properties?.[name]),
      ...(propertyNames === undefined ? [] : inner(additionalProperties)),
    ]);
    return found.length === 0 ? [at] : unnamed(found, member, at);
  });
}

function variants(schema: Schema): readonly Schema[] {
  const parts = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap(inner);
  return parts.length === 0 ? [schema] : parts.flatMap(variants);
}

function inner(schema: unknown): readonly Schema[] {
  return isSchema(schema) ? [schema] : [];
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
