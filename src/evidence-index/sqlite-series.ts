// SPDX-License-Identifier: Apache-2.0
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { dayOf } from './day.ts';
import type { Projection } from './project-segment.ts';
import { claimFacets, findingOf } from './sqlite-facets.ts';
import { keyOf } from './sqlite-identities.ts';
import type { SqliteNames } from './sqlite-names.ts';
import { controlsIn, listText } from './sqlite-records.ts';
import { integerIn } from './sqlite-row.ts';
import type { SqliteTally } from './sqlite-tally.ts';

interface Change {
  readonly statement: StatementSync;
  readonly projection: Projection;
  readonly seq: number;
}

/** What the newest state of a finding counts for. */
interface State {
  readonly seq: number;
  readonly claims: readonly number[];
  readonly day: number;
}

/** Sets of claims remembered before the memory starts anew. */
const maxRemembered = 20_000;

/**
 * Records of each finding key in order of time, and with them which one is the newest state. Whatever comes, in whatever order,
 * the finding counts of a touched key are those of its newest state afterwards less those of its newest state before.
 * A row names the claims itself, so that no record far back needs to be read.
 */
export class SqliteSeries {
  private readonly changes = new Map<string, Change[]>();
  private readonly facets = new Map<string, readonly number[]>();
  private readonly insertRow: StatementSync;
  private readonly deleteRow: StatementSync;
  private readonly newest: StatementSync;
  private readonly names: SqliteNames;

  constructor(db: DatabaseSync, names: SqliteNames) {
    this.names = names;
    this.insertRow = db.prepare(`INSERT INTO series (finding, lasting, at, collected, key, seq, controls, source)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)`);
    this.deleteRow = db.prepare(`DELETE FROM series WHERE finding = ?1 AND lasting = ?2 AND at = ?3 AND collected = ?4
      AND key = ?5 AND seq = ?6 AND controls = ?7 AND source = ?8`);
    this.newest = db.prepare(`SELECT seq, at, controls, source FROM series WHERE finding = ? AND lasting = 1
      ORDER BY at DESC, collected DESC, key DESC, seq DESC LIMIT 1`);
  }

  /** Puts a record into its series, when all is settled. */
  add(projection: Projection, seq: number): void {
    this.note(this.insertRow, projection, seq);
  }

  /** Takes a record out of its series, when all is settled. */
  remove(projection: Projection, seq: number): void {
    this.note(this.deleteRow, projection, seq);
  }

  /** Writes the changes and hands those of newest states to the tally. */
  settle(tally: SqliteTally): void {
    // In the order of the tree: keys are hashes, and each page is then visited once.
    for (const finding of [...this.changes.keys()].sort()) {
      const bytes = Buffer.from(finding, 'hex');
      const before = this.stateOf(bytes);
      for (const change of this.changes.get(finding) ?? []) this.write(change, bytes);
      const after = this.stateOf(bytes);
      if (after?.seq === before?.seq) continue;
      for (const facet of before?.claims ?? []) tally.claim(facet, before?.day ?? 0, { records: 0, findings: -1 });
      for (const facet of after?.claims ?? []) tally.claim(facet, after?.day ?? 0, { records: 0, findings: 1 });
    }
    this.changes.clear();
  }

  /** Drops what was gathered, and what was remembered of an undone transaction. */
  forget(): void {
    this.changes.clear();
    this.facets.clear();
  }

  private note(statement: StatementSync, projection: Projection, seq: number): void {
    const { findingKey } = projection.entry;
    if (findingKey === null) return;
    const finding = findingOf(findingKey);
    const list = this.changes.get(finding);
    if (list === undefined) this.changes.set(finding, [{ statement, projection, seq }]);
    else list.push({ statement, projection, seq });
  }

  private write({ statement, projection, seq }: Change, finding: Uint8Array): void {
    const { entry, at, collected, isLasting } = projection;
    const controls = this.names.numbered(listText(entry.controls));
    statement.run(finding, isLasting ? 1 : 0, at, collected, keyOf(entry.id), seq, controls, this.names.numbered(entry.source));
  }

  private stateOf(finding: Uint8Array): State | null {
    const row = this.newest.get(finding);
    if (row === undefined) return null;
    const claims = this.facetsOf(integerIn(row, 'controls'), integerIn(row, 'source'));
    return { seq: integerIn(row, 'seq'), claims, day: dayOf(integerIn(row, 'at')) };
  }

  private facetsOf(controls: number, source: number): readonly number[] {
    const name = `${controls} ${source}`;
    let facets = this.facets.get(name);
    if (facets === undefined) {
      facets = claimFacets(this.names, controlsIn(this.names.text(controls)), source);
      if (this.facets.size >= maxRemembered) this.facets.clear();
      this.facets.set(name, facets);
    }
    return facets;
  }
}
