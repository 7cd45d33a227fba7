// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';

type Schema = z.core.JSONSchema.BaseSchema;

/** A member of an output: where it stands, what it is, what it means. */
export interface MemberRow {
  /** `runs[].id` */
  readonly path: string;
  readonly type: string;
  readonly meaning: string;
}

/** The members of a schema in the order in which it names them; those of `elsewhere` are not taken apart. */
export function memberRows(schema: z.ZodType, elsewhere: readonly string[] = []): readonly MemberRow[] {
  return rowsOf(z.toJSONSchema(schema), '', new Set(elsewhere));
}

function rowsOf(schema: Schema, at: string, elsewhere: ReadonlySet<string>): readonly MemberRow[] {
  if (elsewhere.has(at)) return [];
  const required = new Set(schema.required ?? []);
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    const path = at === '' ? name : `${at}.${name}`;
    const type = `${typeWords(objectOf(member))}${required.has(name) ? '' : ', may be absent'}`;
    return [{ path, type, meaning: meaningOf(objectOf(member)) }, ...rowsOf(objectOf(member), path, elsewhere)];
  });
  const inner: readonly (readonly [string, Schema])[] = [
    ...(schema.items === undefined || Array.isArray(schema.items) ? [] : [[`${at}[]`, objectOf(schema.items)] as const]),
    ...(isMap(schema) ? [[`${at}.NAME`, objectOf(schema.additionalProperties)] as const] : []),
    ...(schema.anyOf ?? []).map((one) => [at, objectOf(one)] as const),
  ];
  return [...own, ...inner.flatMap(([path, one]) => rowsOf(one, path, elsewhere))];
}

/** A schema may be `true` or absent: anything goes. */
function objectOf(schema: unknown): Schema {
  return isSchema(schema) ? schema : {};
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether an object has names that are not known before: loose objects, which may have more than they say, are not meant. */
function isMap({ type, properties, propertyNames }: Schema): boolean {
  return type === 'object' && properties === undefined && propertyNames !== undefined;
}

function meaningOf(schema: Schema): string {
  const inner = [...(schema.anyOf ?? []), schema.items].map(objectOf);
  return schema.description ?? inner.find(({ description }) => description !== undefined)?.description ?? '';
}

function typeWords(schema: Schema): string {
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(', ');
  if (schema.anyOf !== undefined) return schema.anyOf.map((one) => typeWords(objectOf(one))).join(' or ');
  if (schema.type === 'array') return `list of ${plural(typeWords(objectOf(schema.items)))}`;
  if (isMap(schema)) return `${plural(typeWords(objectOf(schema.additionalProperties)))} by name`;
  if (schema.type === undefined) return 'any JSON';
  return [schema.type]
    .flat()
    .map((type) => (type === 'null' ? 'null' : (named.get(schema.format ?? schema.pattern ?? type) ?? type)))
    .join(' or ');
}

const named: ReadonlyMap<string, string> = new Map([
  ['date-time', 'time'],
  ['date', 'day'],
  ['uri', 'address'],
  ['^[0-9a-f]{64}$', '64 hex digits'],
  ['integer', 'whole number'],
  ['boolean', '`true` or `false`'],
]);

const plurals: ReadonlyMap<string, string> = new Map([
  ['object', 'objects'],
  ['string', 'strings'],
  ['number', 'numbers'],
  ['whole number', 'whole numbers'],
]);

function plural(words: string): string {
  return plurals.get(words) ?? words;
}
