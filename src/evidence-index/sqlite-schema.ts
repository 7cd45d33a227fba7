// SPDX-License-Identifier: Apache-2.0
import { DatabaseSync } from 'node:sqlite';
import { IndexError } from './evidence-index.ts';
import { damaged } from './sqlite-failure.ts';
import { integerIn } from './sqlite-row.ts';

/** Raise it with every change of the tables or of what the projection makes: an older index is rebuilt, never converted. */
const indexVersion = 1;

/** Marks the file as ours ("AIMS"). */
const applicationId = 0x41494d53;

const pageBytes = 4096;
const cacheKibibytes = 8 * 1024;
/** Pages the log may grow to before it is merged; a longer log writes a page that changed often only once. */
const logPages = 8192;
/** Milliseconds to wait for another process. */
const busyTimeout = 10_000;

/**
 * Texts are held once in `word`. Facets are what the list is asked by; `posting` orders the records of each by time, so that every
 * page is one range of one tree. `id_settled` is the tree over ids (52 bits of each; the record holds all): since hashes arrive in
 * random order, new ones gather in the small `id_recent` and move over in bulk, or each segment would rewrite the whole tree.
 */
const tables = `
CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE segment (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, sha256 TEXT NOT NULL) STRICT;
CREATE TABLE record (
  seq INTEGER PRIMARY KEY, id BLOB NOT NULL, segment INTEGER NOT NULL, line INTEGER NOT NULL, kind INTEGER NOT NULL,
  source INTEGER NOT NULL, account INTEGER NOT NULL, region INTEGER NOT NULL, run INTEGER NOT NULL, severity INTEGER,
  collected_at INTEGER NOT NULL, controls INTEGER NOT NULL, ai_systems INTEGER NOT NULL, touches_ai INTEGER NOT NULL,
  occurred_at TEXT, title TEXT NOT NULL, finding_key TEXT, resources TEXT NOT NULL, facts TEXT, note TEXT
) STRICT;
CREATE TABLE id_recent (key INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (key, seq)) STRICT, WITHOUT ROWID;
CREATE TABLE id_settled (key INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (key, seq)) STRICT, WITHOUT ROWID;
CREATE TABLE facet (
  id INTEGER PRIMARY KEY, family INTEGER NOT NULL, a INTEGER NOT NULL, b INTEGER NOT NULL, c INTEGER NOT NULL, d INTEGER NOT NULL,
  records INTEGER NOT NULL DEFAULT 0, findings INTEGER NOT NULL DEFAULT 0, UNIQUE (family, a, b, c, d)
) STRICT;
CREATE TABLE posting (
  facet INTEGER NOT NULL, at INTEGER NOT NULL, key INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (facet, at, key, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE daily (
  facet INTEGER NOT NULL, day INTEGER NOT NULL, records INTEGER NOT NULL, findings INTEGER NOT NULL, PRIMARY KEY (facet, day)
) STRICT, WITHOUT ROWID;
CREATE TABLE series (
  finding BLOB NOT NULL, lasting INTEGER NOT NULL, at INTEGER NOT NULL, collected INTEGER NOT NULL, key INTEGER NOT NULL,
  seq INTEGER NOT NULL, controls INTEGER NOT NULL, source INTEGER NOT NULL,
  PRIMARY KEY (finding, lasting, at, collected, key, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE sweep (
  seq INTEGER PRIMARY KEY, about TEXT NOT NULL, scope INTEGER NOT NULL, run INTEGER NOT NULL, collected INTEGER NOT NULL,
  place TEXT, since INTEGER, until INTEGER
) STRICT;
CREATE TABLE named_gap (receipt INTEGER NOT NULL, key INTEGER NOT NULL, PRIMARY KEY (receipt, key)) STRICT, WITHOUT ROWID;
CREATE INDEX sweep_by_scope ON sweep (scope, about, collected);
CREATE INDEX sweep_by_run ON sweep (run, scope, about);
CREATE INDEX sweep_by_kind ON sweep (about, collected);
`;

/** How an index file is opened. */
export interface OpenOptions {
  /** Path of the file, or `:memory:`. */
  readonly path: string;
  /** Largest size of the file in bytes; INDEX_FULL beyond it. */
  readonly maxBytes?: number;
}

/** Opens an index, making its tables where the file is new. Throws INDEX_NEWER, INDEX_DAMAGED, INDEX_FULL, INDEX_UNAVAILABLE. */
export function openIndexDatabase(options: OpenOptions): DatabaseSync {
  const db = new DatabaseSync(options.path, { timeout: busyTimeout, enableForeignKeyConstraints: false });
  try {
    // A write-ahead log with `normal`: a transaction survives a killed process; a power cut may lose the last ones, markers with them,
    // and the vault gives them again. Nothing is ever half there.
    db.exec(`PRAGMA page_size = ${pageBytes}; PRAGMA cache_size = -${cacheKibibytes}; PRAGMA temp_store = memory;`);
    checkVersion(db, options.path);
    db.exec(`PRAGMA journal_mode = wal; PRAGMA synchronous = normal; PRAGMA wal_autocheckpoint = ${logPages};`);
    if (options.maxBytes !== undefined) db.exec(`PRAGMA max_page_count = ${Math.ceil(options.maxBytes / pageBytes)}`);
    createTables(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function checkVersion(db: DatabaseSync, path: string): void {
  const version = integerIn(db.prepare('PRAGMA user_version').get(), 'user_version');
  const application = integerIn(db.prepare('PRAGMA application_id').get(), 'application_id');
  const isEmpty = db.prepare('SELECT name FROM sqlite_schema LIMIT 1').get() === undefined;
  if (isEmpty && version === 0) return;
  if (application !== applicationId) throw damaged(`${path} is another program's database`);
  if (version > indexVersion) {
    const message = `${path} was made by a newer version of aims (index ${version}, known up to ${indexVersion}): use that version, or remove the file and run \`aims index rebuild\``;
    throw new IndexError('INDEX_NEWER', message);
  }
  if (version < indexVersion) throw damaged(`${path} was made by an older version of aims`);
}

function createTables(db: DatabaseSync): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    // Looked at again inside the transaction: another process may have made them meanwhile.
    if (db.prepare("SELECT name FROM sqlite_schema WHERE name = 'record'").get() === undefined) {
      db.exec(`${tables} PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${indexVersion};`);
    }
    db.exec('COMMIT');
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}
