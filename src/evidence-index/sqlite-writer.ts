// SPDX-License-Identifier: Apache-2.0
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { dayOf } from './day.ts';
import type { ProjectedSegment } from './evidence-index.ts';
import { type IsAiResource, isPreferred, type Projection, projectSegment } from './project-segment.ts';
import { BulkInsert } from './sqlite-bulk-insert.ts';
import { claimFacets, listedFacets } from './sqlite-facets.ts';
import { damaged } from './sqlite-failure.ts';
import { keyOf, type SqliteIdentities } from './sqlite-identities.ts';
import { families, type SqliteNames } from './sqlite-names.ts';
import type { SqliteRecords } from './sqlite-records.ts';
import { textIn } from './sqlite-row.ts';
import { SqliteSeries } from './sqlite-series.ts';
import { SqliteSweeps } from './sqlite-sweeps.ts';
import { SqliteTally } from './sqlite-tally.ts';

interface Posting {
  readonly at: number;
  readonly key: number;
  readonly seq: number;
}

/** The parts of an open index that the writer shares with the answers. */
export interface WriterParts {
  readonly db: DatabaseSync;
  readonly names: SqliteNames;
  readonly records: SqliteRecords;
  readonly identities: SqliteIdentities;
  readonly isAiResource: IsAiResource;
}

/** Takes segments in: all of one segment, its counts and its marker in one transaction, or nothing. */
export class SqliteWriter {
  private readonly parts: WriterParts;
  private readonly tally: SqliteTally;
  private readonly series: SqliteSeries;
  /** New postings by facet, so that each tree range is written in one go. */
  private readonly postings = new Map<number, Posting[]>();
  private readonly findMarker: StatementSync;
  private readonly addMarker: StatementSync;
  private readonly newPostings: BulkInsert;
  private readonly dropPosting: StatementSync;
  private readonly sweeps: SqliteSweeps;

  constructor(parts: WriterParts) {
    const { db, names } = parts;
    this.parts = parts;
    this.tally = new SqliteTally(db);
    this.series = new SqliteSeries(db, names);
    this.findMarker = db.prepare('SELECT sha256 FROM segment WHERE key = ?');
    this.addMarker = db.prepare('INSERT INTO segment (key, sha256) VALUES (?, ?)');
    this.newPostings = new BulkInsert(db, 'posting', ['facet', 'at', 'key', 'seq']);
    this.dropPosting = db.prepare('DELETE FROM posting WHERE facet = ? AND at = ? AND key = ? AND seq = ?');
    this.sweeps = new SqliteSweeps(db, names);
  }

  /** Whether the segment's marker is set. Throws INDEX_DAMAGED where it stands for other bytes. */
  isTaken(segment: Pick<ProjectedSegment, 'key' | 'sha256'>): boolean {
    const row = this.findMarker.get(segment.key);
    if (row === undefined) return false;
    if (textIn(row, 'sha256') !== segment.sha256) throw damaged(`segment ${segment.key} was taken in with other bytes`);
    return true;
  }

  apply(segment: ProjectedSegment): void {
    if (this.isTaken(segment)) return;
    const projections = projectSegment(segment, this.parts.isAiResource);
    const { db } = this.parts;
    db.exec('BEGIN IMMEDIATE');
    try {
      // Looked at again inside the transaction: another process may have taken it in meanwhile.
      if (!this.isTaken(segment)) this.takeIn(segment, projections);
      db.exec('COMMIT');
    } catch (error) {
      this.forget();
      // SQLite itself undoes the transaction on some failures, such as a full disk.
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  }

  private takeIn(segment: ProjectedSegment, projections: readonly Projection[]): void {
    const { records, identities } = this.parts;
    const marker = Number(this.addMarker.run(segment.key, segment.sha256).lastInsertRowid);
    let seq = records.lastSeq();
    const known = identities.locateAll(projections.map(({ entry }) => entry.id));
    for (const projection of projections) {
      const held = known.get(projection.entry.id);
      if (held !== undefined) {
        const other = records.projection(held.seq);
        if (!isPreferred(projection, other)) continue;
        this.remove(other, held.seq);
      }
      this.add(projection, ++seq, marker);
    }
    this.writePostings();
    this.series.settle(this.tally);
    this.tally.write();
    identities.settle(seq);
  }

  private add(projection: Projection, seq: number, marker: number): void {
    const { names, records, identities } = this.parts;
    const { entry, at } = projection;
    const claims = claimFacets(names, projection.counted, names.numbered(projection.entry.source));
    this.series.add(projection, seq);
    records.insert(seq, marker, projection);
    identities.add(entry.id, seq);
    const posting = { at, key: keyOf(entry.id), seq };
    for (const facet of listedFacets(names, projection, claims)) {
      const list = this.postings.get(facet);
      if (list === undefined) this.postings.set(facet, [posting]);
      else list.push(posting);
    }
    this.count(projection, claims, 1);
    this.sweeps.add(projection, seq);
  }

  private remove(projection: Projection, seq: number): void {
    const { names, records, identities } = this.parts;
    const { entry, at } = projection;
    const claims = claimFacets(names, projection.counted, names.numbered(projection.entry.source));
    this.series.remove(projection, seq);
    for (const facet of listedFacets(names, projection, claims)) this.dropPosting.run(facet, at, keyOf(entry.id), seq);
    this.count(projection, claims, -1);
    this.sweeps.remove(projection, seq);
    identities.remove(entry.id, seq);
    records.remove(seq);
  }

  private count(projection: Projection, claims: readonly number[], sign: 1 | -1): void {
    const { names } = this.parts;
    const { entry, at, isLasting, touchesAi } = projection;
    this.tally.count(names.facet(families.source, names.numbered(entry.source), names.numbered(entry.kind)), sign);
    if (touchesAi) this.tally.count(names.facet(families.aiAccount, names.numbered(entry.account)), sign);
    // What stays newest for a time is counted by its series; a one-off event counts for itself.
    const delta = { records: sign, findings: isLasting ? 0 : sign };
    for (const facet of claims) this.tally.claim(facet, dayOf(at), delta);
  }

  private writePostings(): void {
    // In the order of the tree: facets of resources are hashes, and each page is then visited once.
    for (const facet of [...this.postings.keys()].sort((one, other) => one - other)) {
      for (const { at, key, seq } of this.postings.get(facet) ?? []) this.newPostings.add(facet, at, key, seq);
    }
    this.newPostings.flush();
    this.postings.clear();
  }

  private forget(): void {
    this.postings.clear();
    this.newPostings.forget();
    this.tally.forget();
    this.series.forget();
    this.parts.names.forget();
    this.parts.identities.forget();
  }
}
