// SPDX-License-Identifier: Apache-2.0
import type { Polarity, Strength } from '../evidence/claim.ts';
import { AimsError } from '../evidence/errors.ts';
import type { GapReason } from '../evidence/gap.ts';
import type { RecordForIndex } from '../evidence/record.ts';
import type { SeriesEntry } from '../sources/source.ts';

/** Codes of evidence index failures. `INDEX_LOST`: the vault holds segments, and the index is not there or knows none. */
export type IndexErrorCode = 'INDEX_LOST' | 'INDEX_DAMAGED' | 'INDEX_NEWER' | 'INDEX_FULL' | 'INDEX_UNAVAILABLE' | 'INDEX_CURSOR_INVALID';

/** An evidence index operation that could not be done. The vault is not touched: `aims index rebuild` makes a new index. */
export class IndexError extends AimsError<IndexErrorCode> {}

/** One line of the evidence list: enough to judge which record to open. */
export interface IndexEntry {
  readonly id: string;
  readonly kind: string;
  readonly source: string;
  readonly account: string;
  readonly region: string;
  readonly occurredAt: string | null;
  readonly collectedAt: string;
  readonly severity: string | null;
  readonly title: string;
  readonly aiSystems: readonly string[];
  readonly resources: readonly { readonly arn: string; readonly type: string }[];
  readonly controls: readonly {
    readonly control: string;
    readonly rule: string;
    readonly strength: Strength;
    readonly polarity: Polarity;
  }[];
  readonly run: string;
  readonly findingKey: string | null;
  /** Where the record lies: the segment's key and the line in it, from 0. */
  readonly segment: string;
  readonly line: number;
}

/**
 * What the evidence list is narrowed to. Times are ISO 8601 UTC; `since` is inclusive, `until` exclusive.
 * Control, strength and polarity narrow to the claim that is counted: a record's strongest one per control.
 */
export interface EvidenceQuery {
  readonly control?: string;
  readonly strength?: Strength;
  readonly source?: string;
  readonly aiSystem?: string;
  readonly resource?: string;
  readonly run?: string;
  readonly kind?: string;
  readonly polarity?: Polarity;
  readonly since?: string;
  readonly until?: string;
  readonly limit: number;
  readonly cursor?: string;
}

/** Records of a control by strength and polarity; observations and distinct findings in their newest state stand side by side. */
export interface ControlCount {
  readonly control: string;
  readonly strength: Strength;
  readonly polarity: Polarity;
  /** Every record that claims this. */
  readonly observations: number;
  /** Distinct findings whose newest state claims this; one-off events count each. */
  readonly findings: number;
  /** `occurredAt`, else `collectedAt`, of the newest; ISO 8601 UTC. */
  readonly newest: string;
}

/** What of `ControlCount` falls on one day (UTC) of `occurredAt`, else `collectedAt`. */
export interface DayCount extends Omit<ControlCount, 'newest'> {
  /** `YYYY-MM-DD` */
  readonly day: string;
}

/** Something we could not see when we last looked, and no later run has seen. */
export interface OpenGap {
  /** Id of the newest gap record about it. */
  readonly id: string;
  readonly source: string;
  readonly account: string;
  readonly region: string;
  readonly reason: GapReason;
  readonly extent: 'item' | 'scope';
  readonly what: string;
  readonly message: string;
  readonly run: string;
  readonly collectedAt: string;
}

/** One segment handed to the projection, records in the order of its lines; read once, so they may be decoded as they are asked for. */
export interface ProjectedSegment {
  readonly key: string;
  readonly sha256: string;
  readonly records: Iterable<RecordForIndex>;
}

/**
 * Query store over the vault, filled only by `projectSegment`. A record id stored twice is one entry:
 * the copy with the smallest (`collectedAt`, segment key) wins, whatever the order of arrival.
 */
export interface EvidenceIndex {
  /** Takes in one segment in one transaction with its marker; a segment already taken in changes nothing. */
  apply(segment: ProjectedSegment): Promise<void>;
  /** Whether a segment was taken in. */
  hasSegment(key: string): Promise<boolean>;
  /** Keys of the segments taken in, in order. */
  segments(): AsyncIterable<string>;
  /** For each id that is held: the segment that holds it. Ids not held are absent from the answer. */
  locate(ids: readonly string[]): Promise<ReadonlyMap<string, { readonly segment: string; readonly line: number }>>;
  /**
   * Newest first by `occurredAt`, else `collectedAt`, then by id. Ends where the cursor is null; where several filters meet, a page may
   * be short of `limit` though more follow: so the cost of a page does not depend on how much evidence there is. Throws INDEX_CURSOR_INVALID.
   */
  list(query: EvidenceQuery): Promise<{ readonly records: readonly IndexEntry[]; readonly cursor: string | null }>;
  /** The entry of one id, or null where the index does not hold it. */
  entry(id: string): Promise<IndexEntry | null>;
  /** Ids that start with this prefix (lower-case hex), in order, at most `limit`. */
  idsWithPrefix(prefix: string, limit: number): Promise<readonly string[]>;
  /** Records of one finding key at or before a time, newest first. */
  series(findingKey: string, options: { readonly before: string; readonly limit: number }): Promise<readonly SeriesEntry[]>;
  /** Claims per control, strength and polarity; ordered by these. */
  counts(): Promise<readonly ControlCount[]>;
  /** The same per day, of one control or all, `since` and `until` being days (`YYYY-MM-DD`), both inclusive. */
  countsByDay(query: { readonly control?: string; readonly since?: string; readonly until?: string }): Promise<readonly DayCount[]>;
  /** Counts of records per source and kind. */
  totals(): Promise<readonly { readonly source: string; readonly kind: string; readonly records: number }[]>;
  /** Accounts in which a record of an AI system or an AI resource was seen. */
  accountsWithAi(): Promise<ReadonlySet<string>>;
  /**
   * Gaps that still stand: of each source, account, region and `what` the newest gap. It is closed by the receipt of a later run of the
   * same source, account and region that does not name it, read from the same place and covers the window of the gap's run (the last
   * two where both runs say; an empty window covers none). What a closed gap hid stays on record: `list({ kind: 'gap' })` has every gap.
   */
  openGaps(): Promise<readonly OpenGap[]>;
  /** Plans whose run has neither a receipt nor an `interrupted` gap for the same source, account and region: under way, or killed. */
  unfinishedPlans(): Promise<readonly IndexEntry[]>;
  /** Lets go of the store; no other call may follow. */
  close(): Promise<void>;
}
