// SPDX-License-Identifier: Apache-2.0
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { matchesFilter } from './entry-filter.ts';
import type { EvidenceQuery, IndexEntry } from './evidence-index.ts';
import { cursorOf, type Position, positionOf } from './position.ts';
import { instantOf } from './project-segment.ts';
import { resourceFacet } from './sqlite-facets.ts';
import { families, type SqliteNames } from './sqlite-names.ts';
import { type Span, SqlitePostings } from './sqlite-postings.ts';
import type { SqliteRecords } from './sqlite-records.ts';
import { integerIn } from './sqlite-row.ts';

/** Rows looked at for one page at most; where several filters leave fewer, the page is short and the cursor goes on. */
const mostScanned = 5_000;
/** Rows counted of each way to answer, to choose the shortest. */
const mostWeighed = 20_000;

/** Before the newest and after the oldest instant that a record can have. */
const newest = 8.64e15;
const oldest = -8.64e15;

/** Answers the evidence list: walks the facets of the narrowest filter in order of time and looks at the rest in the entry. */
export class SqliteList {
  private readonly names: SqliteNames;
  private readonly records: SqliteRecords;
  private readonly postings: SqlitePostings;
  private readonly findClaims: StatementSync;
  private readonly findSources: StatementSync;
  private readonly findRuns: StatementSync;

  constructor(db: DatabaseSync, names: SqliteNames, records: SqliteRecords) {
    this.names = names;
    this.records = records;
    this.postings = new SqlitePostings(db);
    this.findClaims = db.prepare(`SELECT id FROM facet WHERE family = ${families.claim} AND (?1 IS NULL OR a = ?1)
      AND (?2 IS NULL OR b = ?2) AND (?3 IS NULL OR c = ?3) AND (?4 IS NULL OR d = ?4)`);
    this.findSources = db.prepare(
      `SELECT id FROM facet WHERE family = ${families.source} AND (?1 IS NULL OR a = ?1) AND (?2 IS NULL OR b = ?2)`,
    );
    // Runs are many: the number of the run comes first and is always given, so that the index of facets is used.
    this.findRuns = db.prepare(`SELECT id FROM facet WHERE family = ${families.run} AND a = ?1 AND (?2 IS NULL OR b = ?2)`);
  }

  /** One page. Throws INDEX_CURSOR_INVALID. */
  page(query: EvidenceQuery): { readonly records: readonly IndexEntry[]; readonly cursor: string | null } {
    const limit = Math.max(1, Math.floor(query.limit));
    const span = spanOf(query);
    const found: IndexEntry[] = [];
    let last: Position | null = null;
    let scanned = 0;
    for (const position of this.postings.merged(this.narrowest(query, span), span)) {
      // One more is there: the page ends before it, with a cursor.
      if (last !== null && (found.length >= limit || scanned >= mostScanned)) return { records: found, cursor: cursorOf(last) };
      scanned++;
      last = position;
      const entry = this.records.entry(position.seq);
      if (matchesFilter(entry, query)) found.push(entry);
    }
    return { records: found, cursor: null };
  }

  /** The facets of that filter which leaves the fewest records. */
  private narrowest(query: EvidenceQuery, span: Span): readonly number[] {
    const ways = this.ways(query);
    const [only, ...others] = ways;
    if (only === undefined || others.length === 0) return only ?? [];
    const weights = ways.map((facets) => this.postings.weigh(facets, span, mostWeighed));
    return ways[weights.indexOf(Math.min(...weights))] ?? [];
  }

  private ways(query: EvidenceQuery): readonly (readonly number[])[] {
    const { control, strength, polarity, source, aiSystem, resource, run, kind } = query;
    const ways: (readonly number[])[] = [];
    if (control !== undefined || strength !== undefined || polarity !== undefined) {
      ways.push(this.facets(this.findClaims, [control, strength, polarity, source]));
    }
    if (resource !== undefined) ways.push([resourceFacet(resource)]);
    if (run !== undefined) ways.push(this.facets(this.findRuns, [run, kind]));
    if (aiSystem !== undefined) {
      const name = this.names.numberOf(aiSystem);
      const facet = name === null ? null : this.names.facetOf(families.aiSystem, name);
      ways.push(facet === null ? [] : [facet]);
    }
    if (ways.length === 0) ways.push(this.facets(this.findSources, [source, kind]));
    return ways;
  }

  /** Facets whose parts are these texts, any where undefined; none where a text is not held at all. */
  private facets(find: StatementSync, parts: readonly (string | undefined)[]): readonly number[] {
    const numbers = parts.map((part) => (part === undefined ? null : (this.names.numberOf(part) ?? Number.NaN)));
    if (numbers.some(Number.isNaN)) return [];
    return find.all(...numbers).map((row) => integerIn(row, 'id'));
  }
}

function spanOf(query: EvidenceQuery): Span {
  const end: Position = { at: query.until === undefined ? newest : boundOf(query.until), key: -1, seq: -1 };
  const cursor = query.cursor === undefined ? null : positionOf(query.cursor);
  return {
    after: cursor !== null && cursor.at < end.at ? cursor : end,
    since: query.since === undefined ? oldest : boundOf(query.since),
  };
}

function boundOf(time: string): number {
  const instant = instantOf(time);
  if (instant === null) throw new RangeError(`not an ISO 8601 time: ${JSON.stringify(time)}`);
  return instant;
}
