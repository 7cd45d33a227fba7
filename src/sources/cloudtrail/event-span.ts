// SPDX-License-Identifier: Apache-2.0
import { type Gap, gapMessage } from '../../evidence/gap.ts';
import type { Scope } from '../source.ts';

/** Half-open span of time, in epoch milliseconds. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const dayMs = 86_400_000;
/** Days that LookupEvents keeps. */
const retentionDays = 90;

/** The window of a scope. */
export function windowOf({ window }: Scope): Span {
  return { start: Date.parse(window.since), end: Date.parse(window.until) };
}

/** From when on LookupEvents still gives events; epoch milliseconds. */
export function keptSince({ sweptAt }: Scope): number {
  return Date.parse(sweptAt) - retentionDays * dayMs;
}

/** What of a span LookupEvents can still give; what is older is a gap. */
export function keptSpan(span: Span, scope: Scope): { readonly span: Span; readonly gap: Gap | null } {
  const { since } = scope.window;
  const kept = keptSince(scope);
  if (span.start >= kept || span.start >= span.end) return { span, gap: null };
  const message = gapMessage(
    `CloudTrail keeps ${retentionDays} days for LookupEvents.`,
    "read what is older from a trail's log files (--from FOLDER)",
  );
  const detail = {
    unreadFrom: span.start === Date.parse(since) ? since : new Date(span.start).toISOString(),
    unreadUntil: new Date(Math.min(kept, span.end)).toISOString(),
  };
  const what = 'cloudtrail:LookupEvents';
  return {
    span: { start: kept, end: span.end },
    gap: { reason: 'unsupported', extent: 'scope', what, message, code: 'OLDER_THAN_RETENTION', detail },
  };
}
