// SPDX-License-Identifier: Apache-2.0
import type { Json } from '../../evidence/json.ts';

/** Milliseconds of one day. */
export const dayMs = 86_400_000;

// The wire has `2020-10-26T13:47:03.127Z`, EventBridge whole seconds, and answers saved by boto3 `2020-10-26 13:47:03.127000+00:00`.
const timeForm = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(\.\d+)?(Z|[+-]\d{2}:?\d{2})?$/;

/** Epoch milliseconds of a time as Macie's answers, events and saved files write it; `null` for anything else. No zone means UTC. */
export function instantOf(value: Json | undefined): number | null {
  if (typeof value !== 'string') return null;
  const [, day, time, fraction = '', zone = 'Z'] = timeForm.exec(value) ?? [];
  if (day === undefined || time === undefined) return null;
  const ms = Date.parse(`${day}T${time}${fraction.slice(0, 4)}${zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone}`);
  return Number.isNaN(ms) ? null : ms;
}

/** ISO 8601 UTC of epoch milliseconds; `null` stays `null`. */
export function isoOf(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

/** The latest of several times, `null` when none is known. */
export function latestOf(...times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.max(...known);
}
