// SPDX-License-Identifier: Apache-2.0
import { AimsError } from './errors.ts';
import { isJsonObject, type Json, type JsonObject } from './json.ts';
import { KeyOrders } from './key-order.ts';

/** A value that has no canonical JSON. */
export class CanonicalJsonError extends AimsError<'JSON_NOT_FINITE' | 'JSON_TOO_DEEP'> {}

/** Deeper values are kept as text: walking them would risk the stack. */
export const maxJsonDepth = 512;

/** Sees each object member before it is written; returns what to write in its place. */
export interface MemberFilter {
  /** Orders that say which names need a look. One for all filters of a kind: it remembers the shapes of objects. */
  readonly orders: KeyOrders;
  replace(name: string, value: Json, path: readonly string[]): Json;
}

/** Canonical text by RFC 8785: keys in UTF-16 order, shortest numbers and strings, no space. Throws JSON_NOT_FINITE and JSON_TOO_DEEP. */
export function canonicalJson(value: Json | object): string {
  return write(value, 0);
}

/** Canonical text, and whether it holds a number or string that may stand for other JSON text of the same length. */
export interface WatchedText {
  readonly text: string;
  readonly isRisky: boolean;
}

/**
 * As `canonicalJson`, with a filter on object members, so that redaction costs no walk of its own.
 * What the filter replaces is replaced in `value` too: the caller's object and the text stay the same thing.
 *
 * Where `isRisky` is false, no value's canonical text is longer than any JSON text of that value, and none of equal length means another
 * value. So compact JSON text that is as long as the canonical text lost nothing on its way: no digit, no duplicate name.
 */
export function canonicalJsonFiltered(value: Json, filter: MemberFilter): WatchedText {
  met.risk = false;
  const text = writeFiltered(value, filter, []);
  return { text, isRisky: met.risk };
}

// Set while one value is written; writing is synchronous, so no two writes meet here.
const met = { risk: false };

const plainOrders = new KeyOrders(() => false);

function write(value: Json | object, depth: number): string {
  switch (typeof value) {
    case 'string':
      return quoted(value);
    case 'number':
      return number(value);
    case 'boolean':
      return value ? 'true' : 'false';
    default:
      if (value === null) return 'null';
      if (depth >= maxJsonDepth) throw tooDeep();
      return Array.isArray(value) ? writeArray(value, depth + 1) : writeObject(value, depth + 1);
  }
}

function writeArray(values: readonly Json[], depth: number): string {
  let out = '[';
  let first = true;
  for (const value of values) {
    if (first) first = false;
    else out += ',';
    out += write(value, depth);
  }
  return `${out}]`;
}

function writeObject(object: object, depth: number): string {
  const members = object as JsonObject;
  let out = '';
  for (const member of plainOrders.of(object)) {
    const value = members[member.name];
    if (value === undefined) continue;
    out += out === '' ? member.first : member.next;
    out += write(value, depth);
  }
  return out === '' ? '{}' : `${out}}`;
}

function writeFiltered(value: Json, filter: MemberFilter, path: string[]): string {
  if (typeof value !== 'object' || value === null) return write(value, 0);
  if (path.length >= maxJsonDepth) throw tooDeep();
  if (isJsonObject(value)) return writeFilteredObject(value, filter, path);
  let out = '[';
  let index = 0;
  for (const element of value) {
    path.push(String(index));
    if (index++ > 0) out += ',';
    out += writeFiltered(element, filter, path);
    path.pop();
  }
  return `${out}]`;
}

function writeFilteredObject(object: { [name: string]: Json | undefined }, filter: MemberFilter, path: string[]): string {
  let out = '';
  for (const member of filter.orders.of(object)) {
    const { name } = member;
    let value = object[name];
    if (value === undefined) continue;
    out += out === '' ? member.first : member.next;
    if (member.isWatched) {
      value = filter.replace(name, value, path);
      if (value !== object[name]) object[name] = value;
    }
    if (typeof value === 'object' && value !== null) {
      path.push(name);
      out += writeFiltered(value, filter, path);
      path.pop();
    } else out += write(value, 0);
  }
  return out === '' ? '{}' : `${out}}`;
}

// Quotes, backslashes, control characters and surrogates need the slow writer; all else stands as it is.
const needsEscape = /["\\\u0000-\u001f\ud800-\udfff]/;

function quoted(text: string): string {
  if (!needsEscape.test(text)) return `"${text}"`;
  if (!text.isWellFormed()) met.risk = true;
  return JSON.stringify(text);
}

function number(value: number): string {
  if (!Number.isFinite(value)) throw new CanonicalJsonError('JSON_NOT_FINITE', `${value} has no JSON form; keep the text instead`);
  if (value === 0) return '0';
  const text = String(value);
  // Sixteen digits may stand for a neighbour; an exponent (1e3, 1e-3) may be shorter than what we write.
  const size = Math.abs(value);
  if (text.length > 15 || size < 0.01 || (size >= 1000 && value % 1000 === 0)) met.risk = true;
  return text;
}

function tooDeep(): CanonicalJsonError {
  return new CanonicalJsonError('JSON_TOO_DEEP', `nested deeper than ${maxJsonDepth} levels; keep the text instead`);
}
