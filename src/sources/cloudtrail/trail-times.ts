// SPDX-License-Identifier: Apache-2.0
import type { Json } from '../../evidence/json.ts';

/** Milliseconds of a time as CloudTrail's answers write it: epoch seconds on the wire, ISO 8601 from other tools; null where there is none. */
export function instantOf(value: Json | undefined): number | null {
  if (typeof value === 'number') return value * 1000;
  if (typeof value !== 'string' || value === '') return null;
  const parsed = Date.parse(value);
  return Number.isNaN(parsed) ? null : parsed;
}
