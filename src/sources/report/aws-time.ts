// SPDX-License-Identifier: Apache-2.0
import type { Json } from '../../evidence/json.ts';

/** A time as AWS writes it (epoch seconds on the wire of JSON protocols, ISO 8601 in the CLI's output) as ISO 8601 UTC; null where it is none. */
export function isoTime(value: Json | undefined): string | null {
  if (typeof value !== 'number' && typeof value !== 'string') return null;
  const time = new Date(typeof value === 'number' ? value * 1000 : value);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}

/** Hours from one ISO time to another, rounded to hundredths. */
export function hoursBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 36_000) / 100;
}

/** The later of two times; null counts as none. */
export function laterOf(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a < b ? b : a;
}

/** The earlier of two times. */
export function earlierOf(a: string, b: string): string {
  return [a, b].toSorted()[0] ?? a;
}

/** A time of an answer as a part of a version key; empty where there is none. */
export function timePart(value: Json | undefined): string {
  return isoTime(value) ?? '';
}
