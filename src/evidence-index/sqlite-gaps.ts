// SPDX-License-Identifier: Apache-2.0
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { IndexEntry, OpenGap } from './evidence-index.ts';
import { compareOpenGaps, openGapOf } from './open-gap.ts';
import type { Projection } from './project-segment.ts';
import { damaged } from './sqlite-failure.ts';
import { families, type SqliteNames } from './sqlite-names.ts';
import { SqlitePostings } from './sqlite-postings.ts';
import type { SqliteRecords } from './sqlite-records.ts';
import { integerIn } from './sqlite-row.ts';

const everything = { after: { at: 8.64e15, key: -1, seq: -1 }, since: -8.64e15 };

/** Answers what could not be seen and which runs did not end. */
export class SqliteGaps {
  private readonly names: SqliteNames;
  private readonly records: SqliteRecords;
  private readonly postings: SqlitePostings;
  private readonly gapFacets: StatementSync;
  private readonly gapKeys: StatementSync;
  private readonly later: StatementSync;
  private readonly namedBy: StatementSync;
  private readonly unfinished: StatementSync;

  constructor(db: DatabaseSync, names: SqliteNames, records: SqliteRecords) {
    this.names = names;
    this.records = records;
    this.postings = new SqlitePostings(db);
    this.gapFacets = db.prepare(`SELECT gap.id, scope.id AS scope FROM facet AS gap LEFT JOIN facet AS scope
      ON scope.family = ${families.scope} AND scope.a = gap.a AND scope.b = gap.b AND scope.c = gap.c AND scope.d = 0
      WHERE gap.family = ${families.gap}`);
    this.gapKeys = db.prepare('SELECT DISTINCT key FROM posting WHERE facet = ?');
    // Receipts of later runs that nothing which the two runs say of themselves speaks against: where from, and over which window. An empty window, as
    // of a part that another one continues, covers nothing: not even the moment that it stands at.
    this.later = db.prepare(`SELECT seq FROM sweep AS receipt WHERE receipt.scope = ?1 AND receipt.about = 'receipt'
      AND receipt.collected > ?2 AND receipt.run <> ?3 AND NOT EXISTS (
        SELECT 1 FROM sweep AS own JOIN sweep AS theirs ON theirs.run = receipt.run AND theirs.scope = ?1
        WHERE own.run = ?3 AND own.scope = ?1
        AND (own.place <> theirs.place OR own.since < theirs.since OR own.until > theirs.until
          OR (own.since IS NOT NULL AND theirs.since = theirs.until)))
      ORDER BY receipt.collected`);
    this.namedBy = db.prepare('SELECT key FROM named_gap WHERE receipt = ?');
    this.unfinished = db.prepare(`SELECT seq FROM sweep AS plan WHERE about = 'plan' AND NOT EXISTS (
      SELECT 1 FROM sweep AS ended WHERE ended.run = plan.run AND ended.scope = plan.scope AND ended.about IN ('receipt', 'interrupted'))
      ORDER BY collected, seq`);
  }

  openGaps(): readonly OpenGap[] {
    const open: OpenGap[] = [];
    for (const row of this.gapFacets.all()) {
      const position = this.postings.newest(integerIn(row, 'id'), everything);
      if (position === null) continue;
      const gap = this.records.projection(position.seq);
      if (row['scope'] !== null && this.isClosed(gap, { facet: integerIn(row, 'id'), scope: integerIn(row, 'scope') })) continue;
      open.push(toldOf(gap));
    }
    return open.sort(compareOpenGaps);
  }

  unfinishedPlans(): readonly IndexEntry[] {
    return this.unfinished.all().map((row) => this.records.entry(integerIn(row, 'seq')));
  }

  /** Whether a later run looked again and did not name the gap, or an earlier one of the same kind. */
  private isClosed(gap: Projection, { facet, scope }: { readonly facet: number; readonly scope: number }): boolean {
    const run = this.names.numberOf(gap.entry.run) ?? 0;
    let known: ReadonlySet<number> | null = null;
    for (const row of this.later.iterate(scope, gap.collected, run)) {
      known ??= new Set(this.gapKeys.all(facet).map((posting) => integerIn(posting, 'key')));
      const named = this.namedBy.all(integerIn(row, 'seq'));
      if (!named.some((one) => known?.has(integerIn(one, 'key')))) return true;
    }
    return false;
  }
}

function toldOf(gap: Projection): OpenGap {
  const told = openGapOf(gap);
  if (told === null) throw damaged(`gap record ${gap.entry.id} has no note`);
  return told;
}
