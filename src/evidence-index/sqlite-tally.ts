// SPDX-License-Identifier: Apache-2.0
import type { DatabaseSync, StatementSync } from 'node:sqlite';

interface Change {
  records: number;
  findings: number;
}

/** Gathers what one segment adds to and takes from the counts, and writes it in one go. */
export class SqliteTally {
  private readonly totals = new Map<number, Change>();
  /** By facet, then day. */
  private readonly days = new Map<number, Map<number, Change>>();
  private readonly writeTotal: StatementSync;
  private readonly writeDay: StatementSync;

  constructor(db: DatabaseSync) {
    this.writeTotal = db.prepare('UPDATE facet SET records = records + ?, findings = findings + ? WHERE id = ?');
    this.writeDay = db.prepare(`INSERT INTO daily (facet, day, records, findings) VALUES (?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET records = records + excluded.records, findings = findings + excluded.findings`);
  }

  /** Counts records of a facet that has no days. */
  count(facet: number, records: number): void {
    changeOf(this.totals, facet).records += records;
  }

  /** Counts a claim: of records, and of findings in their newest state. */
  claim(facet: number, day: number, delta: { readonly records: number; readonly findings: number }): void {
    let days = this.days.get(facet);
    if (days === undefined) {
      days = new Map();
      this.days.set(facet, days);
    }
    for (const change of [changeOf(this.totals, facet), changeOf(days, day)]) {
      change.records += delta.records;
      change.findings += delta.findings;
    }
  }

  /** Writes all changes, inside the segment's transaction, and starts anew. */
  write(): void {
    for (const [facet, { records, findings }] of this.totals) {
      if (records !== 0 || findings !== 0) this.writeTotal.run(records, findings, facet);
    }
    for (const [facet, days] of this.days) {
      for (const [day, { records, findings }] of days) {
        if (records !== 0 || findings !== 0) this.writeDay.run(facet, day, records, findings);
      }
    }
    this.forget();
  }

  /** Drops what was gathered. */
  forget(): void {
    this.totals.clear();
    this.days.clear();
  }
}

function changeOf(changes: Map<number, Change>, key: number): Change {
  let change = changes.get(key);
  if (change === undefined) {
    change = { records: 0, findings: 0 };
    changes.set(key, change);
  }
  return change;
}
