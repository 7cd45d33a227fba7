// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from './json.ts';

/** Why we could not see something. */
export const gapReasons = [
  'denied',
  'off',
  'unavailable',
  'throttled',
  'malformed',
  'unsupported',
  'not-configured',
  'interrupted',
] as const;
export type GapReason = (typeof gapReasons)[number];

const standingReasons: ReadonlySet<GapReason> = new Set(['denied', 'off', 'unsupported', 'not-configured']);

/**
 * What we could not see, and why. Stored as a record like any evidence.
 * An `item` gap stands for one item that could not be read; a `scope` gap for a call, a file, a region or a window.
 */
export interface Gap {
  readonly reason: GapReason;
  readonly extent: 'item' | 'scope';
  /** What was looked at, such as `macie2:GetMacieSession` or `logs/a.json.gz`. */
  readonly what: string;
  /** What happened, and what to do about it: made with `gapMessage` where the reason stands until somebody changes something. */
  readonly message: string;
  /** AWS's error code, or ours, where there was one. */
  readonly code: string | null;
  /** Further facts: the request id, the byte offset, the SHA-256 of bytes that could not be read. */
  readonly detail: JsonObject;
}

/** The words of a gap: what happened, and what closes it. A person who reads only the end knows what to do. */
export function gapMessage(happened: string, remedy: string): string {
  const said = happened.trim();
  return `${said}${/[.!?]$/.test(said) ? '' : '.'} ${closingWords} ${remedy.replace(/\.?$/, '.')}`;
}

/** What every remedy in a gap's message begins with. */
export const closingWords = 'To close it:';

/** Whether a gap stands until somebody changes something: looking again at once shows the same. The others, expired credentials too, pass. */
export function isStanding({ reason, code }: Pick<Gap, 'reason' | 'code'>): boolean {
  return standingReasons.has(reason) && !/^(Request)?Expired/.test(code ?? '');
}
