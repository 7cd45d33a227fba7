// SPDX-License-Identifier: Apache-2.0
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { IndexError } from './evidence-index.ts';

/** The two key attributes of the table. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** One item, as the SDK takes and gives it. */
export type Item = Record<string, AttributeValue>;

/** Makes an item of a key and plain values; what is undefined is left out. */
export function itemOf({ pk, sk }: Key, values: Readonly<Record<string, string | number | Uint8Array | undefined>> = {}): Item {
  const item: Item = { pk: { S: pk }, sk: { S: sk } };
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) item[name] = attributeOf(value);
  }
  return item;
}

/** One value as the SDK takes it. */
export function attributeOf(value: string | number | Uint8Array): AttributeValue {
  if (typeof value === 'string') return { S: value };
  return typeof value === 'number' ? { N: String(value) } : { B: value };
}

/** The key of an item. */
export function keyOfItem(item: Item): Key {
  return { pk: textIn(item, 'pk'), sk: textIn(item, 'sk') };
}

/** Reads a text. Throws INDEX_DAMAGED where the item holds something else. */
export function textIn(item: Item, name: string): string {
  const value = item[name]?.S;
  if (value === undefined) throw damagedItem(item, `attribute ${name} holds no text`);
  return value;
}

/** Reads a text that may be absent. */
export function optionalTextIn(item: Item, name: string): string | null {
  return item[name] === undefined ? null : textIn(item, name);
}

/** Reads a whole number. Throws INDEX_DAMAGED where the item holds something else. */
export function integerIn(item: Item, name: string): number {
  const value = Number(item[name]?.N);
  if (!Number.isSafeInteger(value)) throw damagedItem(item, `attribute ${name} holds no whole number`);
  return value;
}

/** Reads bytes. Throws INDEX_DAMAGED where the item holds something else. */
export function bytesIn(item: Item, name: string): Uint8Array {
  const value = item[name]?.B;
  if (value === undefined) throw damagedItem(item, `attribute ${name} holds no bytes`);
  return value;
}

/** The error for content of the table that makes no sense. */
export function damagedTable(what: string, cause?: unknown): IndexError {
  const message = `${what}: the vault is not touched; make a new index with \`aims index rebuild\``;
  return new IndexError('INDEX_DAMAGED', message, { cause });
}

function damagedItem(item: Item, what: string): IndexError {
  return damagedTable(`item ${JSON.stringify([item['pk']?.S, item['sk']?.S])}: ${what}`);
}
