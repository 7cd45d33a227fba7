// SPDX-License-Identifier: Apache-2.0
import type { DatabaseSync } from 'node:sqlite';
import { polarities, strengths } from '../evidence/claim.ts';
import { dayIn, dayText } from './day.ts';
import type { ControlCount, DayCount } from './evidence-index.ts';
import { compareTexts, mergeCounts } from './merge-counts.ts';
import { families, type SqliteNames } from './sqlite-names.ts';
import { SqlitePostings } from './sqlite-postings.ts';
import type { SqliteRecords } from './sqlite-records.ts';
import { integerIn, type Row } from './sqlite-row.ts';

const everything = { after: { at: 8.64e15, key: -1, seq: -1 }, since: -8.64e15 };
const farDay = 1e8;

type Counted = Omit<ControlCount, 'newest'>;

/** Answers how much there is: by control, by day, by source, by account. */
export class SqliteAnswers {
  private readonly db: DatabaseSync;
  private readonly names: SqliteNames;
  private readonly records: SqliteRecords;
  private readonly postings: SqlitePostings;

  constructor(db: DatabaseSync, names: SqliteNames, records: SqliteRecords) {
    this.db = db;
    this.names = names;
    this.records = records;
    this.postings = new SqlitePostings(db);
  }

  counts(): readonly ControlCount[] {
    const rows = this.db.prepare(`SELECT * FROM facet WHERE family = ${families.claim} AND records > 0`).all();
    const bySource = rows.map((row) => ({ ...this.counted(row), newest: this.newestIn(integerIn(row, 'id')) }));
    return mergeCounts(bySource, (one, other) => ({ newest: one.newest.at < other.newest.at ? other.newest : one.newest })).map(
      (count) => ({
        ...count,
        newest: count.newest.text,
      }),
    );
  }

  countsByDay(query: { readonly control?: string; readonly since?: string; readonly until?: string }): readonly DayCount[] {
    const control = query.control === undefined ? null : this.names.numberOf(query.control);
    if (control === null && query.control !== undefined) return [];
    const rows = this.db
      .prepare(`SELECT facet.a, facet.b, facet.c, daily.day, daily.records, daily.findings FROM facet
        JOIN daily ON daily.facet = facet.id AND daily.day BETWEEN ?2 AND ?3
        WHERE facet.family = ${families.claim} AND (?1 IS NULL OR facet.a = ?1) AND (daily.records > 0 OR daily.findings > 0)`)
      .all(control, query.since === undefined ? -farDay : dayIn(query.since), query.until === undefined ? farDay : dayIn(query.until));
    const bySource = rows.map((row) => ({ day: dayText(integerIn(row, 'day')), ...this.counted(row) }));
    return mergeCounts(bySource, () => ({}));
  }

  totals(): readonly { readonly source: string; readonly kind: string; readonly records: number }[] {
    const rows = this.db.prepare(`SELECT a, b, records FROM facet WHERE family = ${families.source} AND records > 0`).all();
    const name = (row: Row, column: string) => this.names.text(integerIn(row, column));
    return rows
      .map((row) => ({ source: name(row, 'a'), kind: name(row, 'b'), records: integerIn(row, 'records') }))
      .sort((one, other) => compareTexts(one.source, other.source) || compareTexts(one.kind, other.kind));
  }

  accountsWithAi(): ReadonlySet<string> {
    const rows = this.db.prepare(`SELECT a FROM facet WHERE family = ${families.aiAccount} AND records > 0`).all();
    return new Set(rows.map((row) => this.names.text(integerIn(row, 'a'))).sort(compareTexts));
  }

  private counted(row: Row): Counted {
    const word = (column: string) => this.names.text(integerIn(row, column));
    const [strength, polarity] = [word('b'), word('c')];
    return {
      control: word('a'),
      strength: strengths.find((known) => known === strength) ?? 'context',
      polarity: polarities.find((known) => known === polarity) ?? 'context',
      observations: integerIn(row, 'records'),
      findings: integerIn(row, 'findings'),
    };
  }

  private newestIn(facet: number): { readonly at: number; readonly text: string } {
    const position = this.postings.newest(facet, everything);
    if (position === null) return { at: everything.since, text: '' };
    const { occurredAt, collectedAt } = this.records.entry(position.seq);
    return { at: position.at, text: occurredAt ?? collectedAt };
  }
}
