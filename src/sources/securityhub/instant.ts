// SPDX-License-Identifier: Apache-2.0
import type { Json } from '../../evidence/json.ts';

const zoned = /(?:[zZ]|[+-]\d{2}:?\d{2})$/;
const withTime = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/;

/** Before this number an epoch is in seconds (to the year 5138); OCSF asks for milliseconds but real writers give seconds. */
const firstMilliseconds = 100_000_000_000;

/** A time of a finding as ISO 8601 UTC with milliseconds; null where it is none. Text without a zone is read as UTC. */
export function toInstant(value: Json | undefined): string | null {
  if (typeof value === 'number') return isoOf(value < firstMilliseconds ? value * 1000 : value);
  if (typeof value !== 'string' || !withTime.test(value)) return null;
  return isoOf(Date.parse(zoned.test(value) ? value : `${value}Z`));
}

function isoOf(milliseconds: number): string | null {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/** The first of several values that is a time. */
export function firstInstant(...values: readonly (Json | undefined)[]): string | null {
  for (const value of values) {
    const instant = toInstant(value);
    if (instant !== null) return instant;
  }
  return null;
}

/** The later of two instants; the one that is there where the other is null. */
export function laterOf(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a < b ? b : a;
}

/** Milliseconds from one instant to another. */
export function millisecondsBetween(from: string, to: string): number {
  return Date.parse(to) - Date.parse(from);
}

/** An instant moved by milliseconds. */
export function movedBy(instant: string, milliseconds: number): string {
  return new Date(Date.parse(instant) + milliseconds).toISOString();
}

export const dayMilliseconds = 86_400_000;
