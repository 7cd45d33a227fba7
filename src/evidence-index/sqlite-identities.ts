// SPDX-License-Identifier: Apache-2.0
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { KeyFilter } from './key-filter.ts';
import { BulkInsert } from './sqlite-bulk-insert.ts';
import { idIn, integerIn, type Row } from './sqlite-row.ts';

/** Hex digits of an id that its key is made of: 52 bits are exact in a JavaScript number. */
const keyDigits = 13;
const fullId = /^[0-9a-f]{64}$/;
const idPrefix = /^[0-9a-f]{0,64}$/;

/** New keys move to the settled tree when they are this many, or a sixteenth of all where that is more. */
const leastToSettle = 50_000;

/** The filter is worth reading all keys held once an eighth of them was asked for: a small collection into a large home does without. */
const askedShare = 8;

/** Where the row of an id is, and what of it the caller needs most. */
export interface Found {
  readonly seq: number;
  readonly segment: number;
  readonly line: number;
}

/** The number that stands for an id in the trees; ids that share it are told apart by the record itself. */
export function keyOf(id: string): number {
  return Number.parseInt(id.slice(0, keyDigits), 16);
}

/** From record ids to rows. Hashes arrive in random order, so the tree over them is written in bulk. */
export class SqliteIdentities {
  private readonly find: StatementSync;
  private readonly findAll: StatementSync;
  private readonly newRecent: BulkInsert;
  private readonly dropRecent: StatementSync;
  private readonly dropSettled: StatementSync;
  private readonly range: StatementSync;
  private readonly db: DatabaseSync;
  /** Tells most ids that are not held without asking the trees; null until it is worth its making. */
  private filter: KeyFilter | null = null;
  private asked = 0;
  /** Changes when another connection writes: then the filter knows too little. */
  private dataVersion = -1;
  private readonly readVersion: StatementSync;
  /** How many keys are recent, as far as this connection knows; null until counted. */
  private recent: number | null = null;

  constructor(db: DatabaseSync) {
    this.db = db;
    this.find = db.prepare(`SELECT record.seq, record.segment, record.line FROM
      (SELECT seq FROM id_recent WHERE key = ?1 UNION ALL SELECT seq FROM id_settled WHERE key = ?1) AS held
      JOIN record ON record.seq = held.seq AND record.id = unhex(?2)`);
    this.findAll = db.prepare(`SELECT record.id, record.seq, record.segment, record.line FROM json_each(?) AS asked
      JOIN (SELECT key, seq FROM id_recent UNION ALL SELECT key, seq FROM id_settled) AS held ON held.key = asked.value
      JOIN record ON record.seq = held.seq`);
    this.readVersion = db.prepare('PRAGMA data_version');
    this.newRecent = new BulkInsert(db, 'id_recent', ['key', 'seq']);
    this.dropRecent = db.prepare('DELETE FROM id_recent WHERE key = ? AND seq = ?');
    this.dropSettled = db.prepare('DELETE FROM id_settled WHERE key = ? AND seq = ?');
    this.range = db.prepare(`SELECT record.id FROM
      (SELECT key, seq FROM (SELECT key, seq FROM id_recent WHERE key BETWEEN ?1 AND ?2 ORDER BY key LIMIT ?3)
      UNION ALL SELECT key, seq FROM (SELECT key, seq FROM id_settled WHERE key BETWEEN ?1 AND ?2 ORDER BY key LIMIT ?3)) AS held
      JOIN record ON record.seq = held.seq ORDER BY record.id LIMIT ?3`);
  }

  /** The row of an id, or null. What is no id is not held. */
  locate(id: string): Found | null {
    // An id of another form has no number, or one of which no record has all digits.
    if (id.length !== 64) return null;
    const row = this.find.get(keyOf(id), id);
    return row === undefined ? null : foundIn(row);
  }

  /** The rows of those ids that are held, asked for in one question. */
  locateAll(ids: readonly string[]): ReadonlyMap<string, Found> {
    const located = new Map<string, Found>();
    const filter = this.currentFilter(ids.length);
    const asked = new Map<number, string>();
    for (const id of ids) {
      const key = keyOf(id);
      if (id.length === 64 && (filter === null || filter.mayHold(key))) asked.set(key, id);
    }
    if (asked.size === 0) return located;
    const wanted = new Set(ids);
    for (const row of this.findAll.all(JSON.stringify([...asked.keys()]))) {
      const id = idIn(row, 'id');
      if (wanted.has(id)) located.set(id, foundIn(row));
    }
    return located;
  }

  /** Ids that start with these hex digits, in order. */
  withPrefix(prefix: string, limit: number): readonly string[] {
    if (!idPrefix.test(prefix)) return [];
    const head = prefix.slice(0, keyDigits);
    const first = Number.parseInt(head.padEnd(keyDigits, '0'), 16);
    const last = Number.parseInt(head.padEnd(keyDigits, 'f'), 16);
    // Ids that share all 52 bits are so rare that a limit raised by a few finds them all.
    const found = this.range.all(first, last, prefix.length > keyDigits ? limit + 8 : limit).map((row) => idIn(row, 'id'));
    return found.filter((id) => id.startsWith(prefix)).slice(0, limit);
  }

  /** Takes in the row of a new id; it is found after `settle`. */
  add(id: string, seq: number): void {
    if (!fullId.test(id)) throw new RangeError(`a record id has 64 hex digits, not ${JSON.stringify(id.slice(0, 80))}`);
    const key = keyOf(id);
    this.newRecent.add(key, seq);
    this.filter?.add(key);
    if (this.recent !== null) this.recent++;
  }

  /** Takes out the row of an id. */
  remove(id: string, seq: number): void {
    const key = keyOf(id);
    if (this.dropRecent.run(key, seq).changes === 0) this.dropSettled.run(key, seq);
  }

  /** Ends taking in: writes the new ids, and moves the recent keys over, in order, when they are many. `total` is the number of records held. */
  settle(total: number): void {
    this.newRecent.flush();
    this.recent ??= integerIn(this.db.prepare('SELECT count(*) AS n FROM id_recent').get(), 'n');
    if (this.recent < Math.max(leastToSettle, total / 16)) return;
    this.db.exec('INSERT INTO id_settled SELECT key, seq FROM id_recent ORDER BY key; DELETE FROM id_recent;');
    this.recent = 0;
  }

  private currentFilter(asks: number): KeyFilter | null {
    const version = integerIn(this.readVersion.get(), 'data_version');
    if (version !== this.dataVersion) {
      this.filter = null;
      this.asked = 0;
      this.dataVersion = version;
    }
    this.asked += asks;
    if (this.filter !== null) return this.filter;
    const held = integerIn(this.db.prepare('SELECT coalesce(max(seq), 0) AS n FROM record').get(), 'n');
    if (this.asked * askedShare < held) return null;
    const filter = new KeyFilter(held);
    for (const tree of ['id_recent', 'id_settled']) {
      for (const row of this.db.prepare(`SELECT key FROM ${tree}`).iterate()) filter.add(integerIn(row, 'key'));
    }
    this.filter = filter;
    return filter;
  }

  /** Counts anew, after a transaction was undone. */
  forget(): void {
    this.newRecent.forget();
    this.recent = null;
  }
}

function foundIn(row: Row): Found {
  return { seq: integerIn(row, 'seq'), segment: integerIn(row, 'segment'), line: integerIn(row, 'line') };
}
