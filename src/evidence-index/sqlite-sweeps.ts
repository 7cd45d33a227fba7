// SPDX-License-Identifier: Apache-2.0
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { instantOf, type Projection } from './project-segment.ts';
import { keyOf } from './sqlite-identities.ts';
import { families, type SqliteNames } from './sqlite-names.ts';

/** Keeps what plans, receipts and `interrupted` gaps say of their runs, for questions about gaps and runs. */
export class SqliteSweeps {
  private readonly names: SqliteNames;
  private readonly insertRow: StatementSync;
  private readonly deleteRow: StatementSync;
  private readonly addNamed: StatementSync;
  private readonly dropNamed: StatementSync;

  constructor(db: DatabaseSync, names: SqliteNames) {
    this.names = names;
    this.insertRow = db.prepare(
      'INSERT INTO sweep (seq, about, scope, run, collected, place, since, until) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    );
    this.deleteRow = db.prepare('DELETE FROM sweep WHERE seq = ?');
    this.addNamed = db.prepare('INSERT OR IGNORE INTO named_gap (receipt, key) VALUES (?, ?)');
    this.dropNamed = db.prepare('DELETE FROM named_gap WHERE receipt = ?');
  }

  /** Takes in the row of a plan, receipt or gap; any other record has nothing to say here. */
  add({ entry, note, collected }: Projection, seq: number): void {
    if (note === null) return;
    const { names } = this;
    const account = names.numbered(entry.account);
    const scope = names.facet(families.scope, names.numbered(entry.source), account, names.numbered(entry.region));
    const run = names.numbered(entry.run);
    if (note.about === 'gap') {
      if (note.reason === 'interrupted') this.insertRow.run(seq, 'interrupted', scope, run, collected, null, null, null);
      return;
    }
    this.insertRow.run(seq, note.about, scope, run, collected, note.from, bound(note.since), bound(note.until));
    for (const id of note.gaps) this.addNamed.run(seq, keyOf(id));
  }

  /** Takes the row of a record out again. */
  remove({ note }: Projection, seq: number): void {
    if (note === null) return;
    this.deleteRow.run(seq);
    this.dropNamed.run(seq);
  }
}

function bound(time: string | null): number | null {
  return time === null ? null : instantOf(time);
}
