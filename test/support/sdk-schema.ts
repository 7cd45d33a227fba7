// SPDX-License-Identifier: Apache-2.0

// The SDK's runtime schemas: `[3, namespace, name, traits, memberNames, memberSchemas]` for a structure, `[1, …, memberSchema]` for a list,
// `[2, …, keySchema, valueSchema]` for a map; a member schema may be wrapped as `[schema, traits]`, a function that gives it, or a number.
const kindNames = new Map<number, (value: unknown) => boolean>([
  [0, (value) => typeof value === 'string'],
  [1, (value) => typeof value === 'number'],
  [2, (value) => typeof value === 'boolean'],
  [4, isTime],
  [5, isTime],
  [6, isTime],
  [7, isTime],
  [15, () => true],
  [17, (value) => typeof value === 'number'],
  [19, (value) => typeof value === 'number'],
  [21, (value) => typeof value === 'string'],
]);

function isTime(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && !Number.isNaN(Date.parse(value)));
}

/** Where a JSON value does not fit a schema of the SDK: members it does not know, values of another type. Empty for a good fixture. */
export function deviationsFrom(schema: unknown, value: unknown, path = '$'): string[] {
  const plain = unwrapped(schema);
  if (value === null || value === undefined) return [];
  if (typeof plain === 'number') return deviationsOfNumber(plain, value, path);
  if (!Array.isArray(plain)) return [`${path}: no schema`];
  if (plain[0] === 1) return listDeviations(plain[4], value, path);
  if (plain[0] === 2) return mapDeviations(plain[5], value, path);
  if (plain[0] !== 3) return deviationsFrom(plain[4], value, path);
  if (typeof value !== 'object' || Array.isArray(value)) return [`${path}: not an object`];
  const names: string[] = plain[4] ?? [];
  return Object.entries(value).flatMap(([name, member]) => {
    const at = names.indexOf(name);
    return at < 0 ? [`${path}.${name}: unknown member`] : deviationsFrom(plain[5][at], member, `${path}.${name}`);
  });
}

function unwrapped(schema: unknown): unknown {
  if (typeof schema === 'function') return unwrapped(schema());
  // A pair of schema and traits; a static schema of its own starts with a number and has a namespace after it.
  if (Array.isArray(schema) && (schema.length === 2 || (schema.length === 1 && typeof schema[0] !== 'number'))) return unwrapped(schema[0]);
  return schema;
}

// 64 and 128 stand for a list and a map of the simple kind in the lower bits.
function deviationsOfNumber(kind: number, value: unknown, path: string): string[] {
  if (kind >= 128) return mapDeviations(kind - 128, value, path);
  if (kind >= 64) return listDeviations(kind - 64, value, path);
  return kindNames.get(kind)?.(value) === true ? [] : [`${path}: ${JSON.stringify(value)} is not of kind ${kind}`];
}

function listDeviations(member: unknown, value: unknown, path: string): string[] {
  if (!Array.isArray(value)) return [`${path}: not a list`];
  return value.flatMap((item, i) => deviationsFrom(member, item, `${path}[${i}]`));
}

function mapDeviations(member: unknown, value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path}: not a map`];
  return Object.entries(value).flatMap(([name, item]) => deviationsFrom(member, item, `${path}.${name}`));
}
