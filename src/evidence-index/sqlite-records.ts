// SPDX-License-Identifier: Apache-2.0
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { IndexEntry } from './evidence-index.ts';
import type { OwnNote } from './own-note.ts';
import { type Projection, projectEntry } from './project-segment.ts';
import { damaged } from './sqlite-failure.ts';
import type { SqliteNames } from './sqlite-names.ts';
import { idIn, integerIn, optionalTextIn, type Row, textIn } from './sqlite-row.ts';

/** The rows of entries: writes them, reads them back. Lists of claims and AI systems repeat, so each is held once as a word. */
export class SqliteRecords {
  private readonly names: SqliteNames;
  private readonly insertRow: StatementSync;
  private readonly deleteRow: StatementSync;
  private readonly readRow: StatementSync;
  private readonly newest: StatementSync;

  constructor(db: DatabaseSync, names: SqliteNames) {
    this.names = names;
    this.insertRow = db.prepare(`INSERT INTO record (seq, id, segment, line, kind, source, account, region, run, severity, collected_at,
      controls, ai_systems, touches_ai, occurred_at, title, finding_key, resources, facts, note)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.deleteRow = db.prepare('DELETE FROM record WHERE seq = ?');
    this.readRow = db.prepare('SELECT * FROM record WHERE seq = ?');
    this.newest = db.prepare('SELECT coalesce(max(seq), 0) AS seq FROM record');
  }

  /** The largest row number in use, 0 where there is none. */
  lastSeq(): number {
    return integerIn(this.newest.get(), 'seq');
  }

  /** Writes the row of a new entry. */
  insert(seq: number, segment: number, projection: Projection): void {
    const { names } = this;
    const { entry, facts, note } = projection;
    this.insertRow.run(
      seq,
      Buffer.from(entry.id, 'hex'),
      segment,
      entry.line,
      names.numbered(entry.kind),
      names.numbered(entry.source),
      names.numbered(entry.account),
      names.numbered(entry.region),
      names.numbered(entry.run),
      entry.severity === null ? null : names.numbered(entry.severity),
      names.numbered(entry.collectedAt),
      names.numbered(listText(entry.controls)),
      names.numbered(listText(entry.aiSystems)),
      projection.touchesAi ? 1 : 0,
      entry.occurredAt,
      entry.title,
      entry.findingKey,
      listText(entry.resources),
      facts,
      note === null ? null : JSON.stringify(note),
    );
  }

  /** Deletes a row. */
  remove(seq: number): void {
    this.deleteRow.run(seq);
  }

  /** The entry of a row. Throws INDEX_DAMAGED where a tree points at no row. */
  entry(seq: number): IndexEntry {
    return this.entryOf(this.row(seq));
  }

  /** What was projected when the row was written. */
  projection(seq: number): Projection {
    const row = this.row(seq);
    const note = optionalTextIn(row, 'note');
    return projectEntry(this.entryOf(row), {
      touchesAi: integerIn(row, 'touches_ai') === 1,
      facts: optionalTextIn(row, 'facts'),
      note: note === null ? null : (parsed(note) as OwnNote),
    });
  }

  private row(seq: number): Row {
    const row = this.readRow.get(seq);
    if (row === undefined) throw damaged(`no record ${seq}`);
    return row;
  }

  private entryOf(row: Row): IndexEntry {
    const word = (column: string) => this.names.text(integerIn(row, column));
    return {
      id: idIn(row, 'id'),
      kind: word('kind'),
      source: word('source'),
      account: word('account'),
      region: word('region'),
      occurredAt: optionalTextIn(row, 'occurred_at'),
      collectedAt: word('collected_at'),
      severity: row['severity'] === null ? null : word('severity'),
      title: textIn(row, 'title'),
      aiSystems: parsed(word('ai_systems')) as IndexEntry['aiSystems'],
      resources: parsed(textIn(row, 'resources')) as IndexEntry['resources'],
      controls: controlsIn(word('controls')),
      run: word('run'),
      findingKey: optionalTextIn(row, 'finding_key'),
      segment: this.names.segmentKey(integerIn(row, 'segment')),
      line: integerIn(row, 'line'),
    };
  }
}

/** Text under which a list is held. */
export function listText(list: readonly unknown[]): string {
  return list.length === 0 ? '[]' : JSON.stringify(list);
}

/** Claims that `listText` wrote. */
export function controlsIn(text: string): IndexEntry['controls'] {
  return text === '[]' ? [] : (parsed(text) as IndexEntry['controls']);
}

// Text that this file wrote: its shape is known, and what is no JSON is damage.
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw damaged(`a list cannot be read (${String(cause)})`);
  }
}
