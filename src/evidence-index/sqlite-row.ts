// SPDX-License-Identifier: Apache-2.0
import type { SQLOutputValue } from 'node:sqlite';
import { damaged } from './sqlite-failure.ts';

/** One row as node:sqlite gives it. */
export type Row = Record<string, SQLOutputValue>;

/** Reads a whole number out of a row. Throws INDEX_DAMAGED where the column holds something else. */
export function integerIn(row: Row | undefined, column: string): number {
  const value = row?.[column];
  if (typeof value !== 'number') throw damaged(`column ${column} holds no number`);
  return value;
}

/** Reads a text out of a row. Throws INDEX_DAMAGED where the column holds something else. */
export function textIn(row: Row | undefined, column: string): string {
  const value = row?.[column];
  if (typeof value !== 'string') throw damaged(`column ${column} holds no text`);
  return value;
}

/** Reads a text that may be absent. */
export function optionalTextIn(row: Row | undefined, column: string): string | null {
  const value = row?.[column];
  return value === null ? null : textIn(row, column);
}

/** Reads a record id as 64 hex digits. */
export function idIn(row: Row | undefined, column: string): string {
  const value = row?.[column];
  if (!(value instanceof Uint8Array)) throw damaged(`column ${column} holds no id`);
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex');
}
