// SPDX-License-Identifier: Apache-2.0
import { AimsError } from './errors.ts';
import type { Json, JsonObject } from './json.ts';
import { KeyOrders } from './key-order.ts';

/** A value that has no canonical JSON. */
export class CanonicalJsonError extends AimsError<'JSON_NOT_FINITE' | 'JSON_TOO_DEEP'> {}

/** Deeper values are kept as text: walking them would risk the stack. */
export const maxJsonDepth = 512;

/** Canonical text by RFC 8785: keys in UTF-16 order, shortest numbers and strings, no space. Throws JSON_NOT_FINITE and JSON_TOO_DEEP. */
export function canonicalJson(value: Json | object): string {
  return write(value, 0);
}

const plainOrders = new KeyOrders(() => false);

function write(value: Json | object, depth: number): string {
  switch (typeof value) {
    case 'string':
      return quoted(value);
    case 'number':
      return numberText(value);
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

/** Quotes, backslashes, control characters and surrogates need the slow writer; all else stands as it is. */
export const needsEscape = /["\\\u0000-\u001f\ud800-\udfff]/;

function quoted(text: string): string {
  return needsEscape.test(text) ? JSON.stringify(text) : `"${text}"`;
}

/** Canonical text of a number. Throws JSON_NOT_FINITE. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) throw new CanonicalJsonError('JSON_NOT_FINITE', `${value} has no JSON form; keep the text instead`);
  return value === 0 ? '0' : String(value);
}

/** Whether another JSON text that is no longer than this canonical one may name another number, or the same. */
export function isRiskyNumber(value: number, text: string): boolean {
  // Sixteen digits may stand for a neighbour; an exponent (1e3, 1e-3, and 43e21 for 4.3e+22) may be shorter than what we write.
  const size = Math.abs(value);
  const isExact = size <= Number.MAX_SAFE_INTEGER && text.length <= 15;
  return size !== 0 && (!isExact || size < 0.01 || (size >= 1000 && value % 1000 === 0));
}

/** What is thrown for a value too deep to walk. */
export function tooDeep(): CanonicalJsonError {
  return new CanonicalJsonError('JSON_TOO_DEEP', `nested deeper than ${maxJsonDepth} levels; keep the text instead`);
}
