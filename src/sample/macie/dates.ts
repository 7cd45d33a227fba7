// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';

/** Milliseconds of one day. */
export const dayMs = 86_400_000;

/** ISO 8601 UTC with milliseconds, as Macie writes times on the wire. */
export function wireTime(ms: number): string {
  return new Date(ms).toISOString();
}

/** A made-up id of 32 hex digits, the same for the same name. */
export function madeUpId(...name: readonly string[]): string {
  return hash('sha256', `aims-evidence sample macie ${name.join(' ')}`).slice(0, 32);
}

/** A number from 0 up to (not including) `below`, the same for the same name. */
export function madeUpNumber(below: number, ...name: readonly string[]): number {
  return Number.parseInt(madeUpId(...name).slice(0, 8), 16) % below;
}
