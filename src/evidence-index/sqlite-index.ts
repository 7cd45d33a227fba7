// SPDX-License-Identifier: Apache-2.0
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { sourceIds } from '../evidence/observation.ts';
import type { SeriesEntry } from '../sources/source.ts';
import type { ControlCount, DayCount, EvidenceIndex, EvidenceQuery, IndexEntry, OpenGap, ProjectedSegment } from './evidence-index.ts';
import { type IsAiResource, instantOf, type Projection } from './project-segment.ts';
import { SqliteAnswers } from './sqlite-answers.ts';
import { findingOf } from './sqlite-facets.ts';
import { damaged, guarded } from './sqlite-failure.ts';
import { SqliteGaps } from './sqlite-gaps.ts';
import { SqliteIdentities } from './sqlite-identities.ts';
import { SqliteList } from './sqlite-list.ts';
import { SqliteNames } from './sqlite-names.ts';
import { SqliteRecords } from './sqlite-records.ts';
import { integerIn, textIn } from './sqlite-row.ts';
import { type OpenOptions, openIndexDatabase } from './sqlite-schema.ts';
import { SqliteWriter } from './sqlite-writer.ts';

/** Keys read at a time while all are walked. */
const keysPerPage = 1_000;

/** How a SQLite index is opened, and how the projection tells an AI resource. */
export interface SqliteIndexOptions extends OpenOptions {
  readonly isAiResource: IsAiResource;
}

/**
 * The evidence index in one SQLite file. Several processes may read while one writes.
 * Every method may throw INDEX_DAMAGED or INDEX_UNAVAILABLE; `apply` also INDEX_FULL, and then nothing of the segment is taken in.
 */
export class SqliteIndex implements EvidenceIndex {
  private readonly path: string;
  private readonly db: DatabaseSync;
  private readonly names: SqliteNames;
  private readonly records: SqliteRecords;
  private readonly identities: SqliteIdentities;
  private readonly writer: SqliteWriter;
  private readonly lists: SqliteList;
  private readonly answers: SqliteAnswers;
  private readonly gaps: SqliteGaps;
  private readonly findMarker: StatementSync;
  private readonly markersAfter: StatementSync;
  private readonly seriesBefore: StatementSync;

  private constructor(db: DatabaseSync, { path, isAiResource }: SqliteIndexOptions) {
    this.path = path;
    this.db = db;
    this.names = new SqliteNames(db);
    this.records = new SqliteRecords(db, this.names);
    this.identities = new SqliteIdentities(db);
    const { names, records, identities } = this;
    this.writer = new SqliteWriter({ db, names, records, identities, isAiResource });
    this.lists = new SqliteList(db, names, records);
    this.answers = new SqliteAnswers(db, names, records);
    this.gaps = new SqliteGaps(db, names, records);
    this.findMarker = db.prepare('SELECT 1 FROM segment WHERE key = ?');
    this.markersAfter = db.prepare('SELECT key FROM segment WHERE key > ? ORDER BY key LIMIT ?');
    this.seriesBefore = db.prepare(`SELECT seq FROM (
      SELECT * FROM (SELECT at, collected, key, seq FROM series WHERE finding = ?1 AND lasting = 0 AND at <= ?2
        ORDER BY at DESC, collected DESC, key DESC, seq DESC LIMIT ?3)
      UNION ALL SELECT * FROM (SELECT at, collected, key, seq FROM series WHERE finding = ?1 AND lasting = 1 AND at <= ?2
        ORDER BY at DESC, collected DESC, key DESC, seq DESC LIMIT ?3))
      ORDER BY at DESC, collected DESC, key DESC, seq DESC LIMIT ?3`);
  }

  /** Opens the index, making it where the file is new. Throws INDEX_NEWER, INDEX_DAMAGED, INDEX_FULL, INDEX_UNAVAILABLE. */
  static open(options: SqliteIndexOptions): SqliteIndex {
    return guarded(options.path, () => {
      const db = openIndexDatabase(options);
      try {
        return new SqliteIndex(db, options);
      } catch (error) {
        db.close();
        throw error;
      }
    });
  }

  async apply(segment: ProjectedSegment): Promise<void> {
    guarded(this.path, () => this.writer.apply(segment));
  }

  async hasSegment(key: string): Promise<boolean> {
    return this.answer(() => this.findMarker.get(key) !== undefined);
  }

  async *segments(): AsyncIterable<string> {
    let last = '';
    for (;;) {
      const keys = guarded(this.path, () => this.markersAfter.all(last, keysPerPage).map((row) => textIn(row, 'key')));
      yield* keys;
      last = keys.at(-1) ?? last;
      if (keys.length < keysPerPage) return;
    }
  }

  async locate(ids: readonly string[]): Promise<ReadonlyMap<string, { readonly segment: string; readonly line: number }>> {
    return this.answer(() => {
      const located = new Map<string, { readonly segment: string; readonly line: number }>();
      for (const [id, found] of this.identities.locateAll(ids))
        located.set(id, { segment: this.names.segmentKey(found.segment), line: found.line });
      return located;
    });
  }

  async list(query: EvidenceQuery): Promise<{ readonly records: readonly IndexEntry[]; readonly cursor: string | null }> {
    return this.answer(() => this.lists.page(query));
  }

  async entry(id: string): Promise<IndexEntry | null> {
    return this.answer(() => {
      const found = this.identities.locate(id);
      return found === null ? null : this.records.entry(found.seq);
    });
  }

  async idsWithPrefix(prefix: string, limit: number): Promise<readonly string[]> {
    return this.answer(() => this.identities.withPrefix(prefix, limit));
  }

  async series(findingKey: string, options: { readonly before: string; readonly limit: number }): Promise<readonly SeriesEntry[]> {
    const before = instantOf(options.before);
    if (before === null) throw new RangeError(`not an ISO 8601 time: ${JSON.stringify(options.before)}`);
    return this.answer(() =>
      this.seriesBefore
        .all(Buffer.from(findingOf(findingKey), 'hex'), before, options.limit)
        .map((row) => seriesEntryOf(this.records.projection(integerIn(row, 'seq')))),
    );
  }

  async counts(): Promise<readonly ControlCount[]> {
    return this.answer(() => this.answers.counts());
  }

  async countsByDay(query: { readonly control?: string; readonly since?: string; readonly until?: string }): Promise<readonly DayCount[]> {
    return this.answer(() => this.answers.countsByDay(query));
  }

  async totals(): Promise<readonly { readonly source: string; readonly kind: string; readonly records: number }[]> {
    return this.answer(() => this.answers.totals());
  }

  async accountsWithAi(): Promise<ReadonlySet<string>> {
    return this.answer(() => this.answers.accountsWithAi());
  }

  async openGaps(): Promise<readonly OpenGap[]> {
    return this.answer(() => this.gaps.openGaps());
  }

  async unfinishedPlans(): Promise<readonly IndexEntry[]> {
    return this.answer(() => this.gaps.unfinishedPlans());
  }

  /** Reads at one moment: what another process commits meanwhile is seen wholly or not at all. */
  private answer<Answer>(read: () => Answer): Answer {
    return guarded(this.path, () => {
      this.db.exec('BEGIN');
      try {
        return read();
      } finally {
        if (this.db.isTransaction) this.db.exec('COMMIT');
      }
    });
  }

  /** Closing again does nothing. */
  async close(): Promise<void> {
    guarded(this.path, () => {
      if (this.db.isOpen) this.db.close();
    });
  }
}

function seriesEntryOf({ entry, facts }: Projection): SeriesEntry {
  const source = sourceIds.find((known) => known === entry.source);
  if (source === undefined || facts === null) throw damaged(`record ${entry.id} stands in a series without a source or facts`);
  return {
    recordId: entry.id,
    source,
    occurredAt: entry.occurredAt ?? entry.collectedAt,
    facts: JSON.parse(facts) as SeriesEntry['facts'],
  };
}
