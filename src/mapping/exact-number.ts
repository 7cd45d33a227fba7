// SPDX-License-Identifier: Apache-2.0
import type { Json, JsonObject } from '../evidence/json.ts';

const digits = Symbol('digits');

/** A whole number that a double cannot hold: it is compared by its digits and by nothing else. No string key can forge one. */
export interface ExactNumber extends JsonObject {
  readonly [digits]: string;
}

/** True for an `ExactNumber`, which is a scalar though it is kept as an object. */
export function isExactNumber(value: unknown): value is ExactNumber {
  return typeof value === 'object' && value !== null && digits in value;
}

/** The digits of an `ExactNumber`. */
export function digitsOf(value: ExactNumber): string {
  return value[digits];
}

// Shorter numbers fit: 2^53 has 16 digits.
const mayNotFit = /\d{16}/;

/** True where the number that a double gives back is written with the same digits. */
function fits(text: string, value: number): boolean {
  return Number.isSafeInteger(value) || BigInt(text) === decimalOf(value);
}

/** The whole number that a double's shortest decimal form names: event-ruler compares with that form, not with the double's exact value. */
function decimalOf(value: number): bigint {
  const [mantissa = '', exponent = '0'] = value.toString().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  return BigInt(whole + fraction) * 10n ** BigInt(Math.max(0, Number(exponent) - fraction.length));
}

/** Parses JSON text; whole numbers that a double would change become `ExactNumber`s. */
export function parseJsonExactly(text: string): Json {
  if (!mayNotFit.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_key: string, value: Json, context?: { readonly source?: string }) => {
    const source = context?.source;
    if (typeof value !== 'number' || source === undefined || !/^-?\d+$/.test(source) || fits(source, value)) return value;
    return Object.freeze({ [digits]: source }) satisfies ExactNumber;
  });
}
