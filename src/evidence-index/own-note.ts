// SPDX-License-Identifier: Apache-2.0
import { type GapReason, gapReasons } from '../evidence/gap.ts';
import { arrayAt, at, type Json, stringAt } from '../evidence/json.ts';

/** What the index keeps of a gap record. */
export interface GapNote {
  readonly about: 'gap';
  readonly reason: GapReason;
  readonly extent: 'item' | 'scope';
  readonly what: string;
  readonly message: string;
}

/** What the index keeps of a plan or receipt: where the run read from and its window, null where it does not say. */
export interface SweepNote {
  readonly about: 'plan' | 'receipt';
  readonly from: string | null;
  readonly since: string | null;
  readonly until: string | null;
  /** Ids of the gaps that a receipt names. A gap seen again is the same record, so its entry alone cannot tell. */
  readonly gaps: readonly string[];
}

/** The part of our own records that questions about gaps and runs need. */
export type OwnNote = GapNote | SweepNote;

/** Reads the note of a gap, plan or receipt out of its detail; null for observations. */
export function ownNote(kind: string, detail: Json): OwnNote | null {
  switch (kind) {
    case 'gap':
      return gapNote(detail);
    case 'plan':
    case 'receipt':
      return {
        about: kind,
        from: stringAt(detail, 'from') ?? null,
        since: stringAt(detail, 'window', 'since') ?? null,
        until: stringAt(detail, 'window', 'until') ?? null,
        gaps: arrayAt(detail, 'gaps').filter((id) => typeof id === 'string'),
      };
    default:
      return null;
  }
}

function gapNote(detail: Json): GapNote {
  const reason = at(detail, 'reason');
  return {
    about: 'gap',
    // A reason that is not ours means that what was written cannot be read: that is the nearest word for it.
    reason: gapReasons.find((known) => known === reason) ?? 'malformed',
    extent: at(detail, 'extent') === 'item' ? 'item' : 'scope',
    what: stringAt(detail, 'what') ?? '',
    message: stringAt(detail, 'message') ?? '',
  };
}
