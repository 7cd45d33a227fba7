// SPDX-License-Identifier: Apache-2.0
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { damaged } from './sqlite-failure.ts';
import { integerIn, type Row, textIn } from './sqlite-row.ts';

/** What the list can be asked by, and what is counted. The numbers stand in the file: never reuse one. */
export const families = {
  /** source, kind: every record */
  source: 1,
  /** run, kind: every record */
  run: 2,
  /** control, strength, polarity, source: every counted claim */
  claim: 3,
  /** AI system: records that claim something */
  aiSystem: 4,
  /** account: records that touch AI; counted only */
  aiAccount: 5,
  /** source, account, region, what: gap records */
  gap: 6,
  /** source, account, region: names a scope; neither counted nor listed */
  scope: 7,
} as const;

/** Entries each memory of names may hold before it starts anew; bounds memory at about 10 MB. */
const maxRemembered = 20_000;

/** Numbers for texts, facets and segments, remembered while the index is open. Forget them when a transaction is undone. */
export class SqliteNames {
  private readonly numbers = new Map<string, number>();
  private readonly texts = new Map<number, string>();
  /** By the first three parts, then by the others: texts for all of them together cost more than the rest of a look-up. */
  private readonly facets = new Map<number, Map<number, number>>();
  private facetsHeld = 0;
  private readonly segmentKeys = new Map<number, string>();
  private readonly findWord: StatementSync;
  private readonly addWord: StatementSync;
  private readonly readWord: StatementSync;
  private readonly findFacet: StatementSync;
  private readonly addFacet: StatementSync;
  private readonly readSegment: StatementSync;

  constructor(db: DatabaseSync) {
    this.findWord = db.prepare('SELECT id FROM word WHERE text = ?');
    this.addWord = db.prepare('INSERT INTO word (text) VALUES (?)');
    this.readWord = db.prepare('SELECT text FROM word WHERE id = ?');
    this.findFacet = db.prepare('SELECT id FROM facet WHERE family = ? AND a = ? AND b = ? AND c = ? AND d = ?');
    this.addFacet = db.prepare('INSERT INTO facet (family, a, b, c, d) VALUES (?, ?, ?, ?, ?)');
    this.readSegment = db.prepare('SELECT key FROM segment WHERE id = ?');
  }

  /** The number of a text that is held, else null. */
  numberOf(text: string): number | null {
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    const row = this.findWord.get(text);
    if (row === undefined) return null;
    return remember(this.numbers, text, integerIn(row, 'id'));
  }

  /** The number of a text, given now if it has none. Only inside a transaction. */
  numbered(text: string): number {
    return this.numberOf(text) ?? remember(this.numbers, text, Number(this.addWord.run(text).lastInsertRowid));
  }

  /** The text of a number. Throws INDEX_DAMAGED where there is none. */
  text(number: number): string {
    const known = this.texts.get(number);
    if (known !== undefined) return known;
    return remember(this.texts, number, textIn(required(this.readWord.get(number), 'word'), 'text'));
  }

  /** The number of a facet that is held, else null. Unused parts are 0. */
  facetOf(family: number, ...parts: readonly number[]): number | null {
    const [a = 0, b = 0, c = 0, d = 0] = parts;
    if (fitInPairs(a, b, c, d)) {
      const known = this.facets.get(pairOf(a, b))?.get(pairOf(c * familiesAtMost + family, d));
      if (known !== undefined) return known;
    }
    const row = this.findFacet.get(family, a, b, c, d);
    return row === undefined ? null : this.rememberFacet([family, a, b, c, d], integerIn(row, 'id'));
  }

  /** The number of a facet, given now if it has none. Only inside a transaction. */
  facet(family: number, ...parts: readonly number[]): number {
    const known = this.facetOf(family, ...parts);
    if (known !== null) return known;
    const [a = 0, b = 0, c = 0, d = 0] = parts;
    return this.rememberFacet([family, a, b, c, d], Number(this.addFacet.run(family, a, b, c, d).lastInsertRowid));
  }

  /** The key of a segment. Throws INDEX_DAMAGED where there is none. */
  segmentKey(number: number): string {
    const known = this.segmentKeys.get(number);
    if (known !== undefined) return known;
    return remember(this.segmentKeys, number, textIn(required(this.readSegment.get(number), 'segment'), 'key'));
  }

  /** Forgets everything remembered: numbers given in an undone transaction would be given again to other names. */
  forget(): void {
    for (const memory of [this.numbers, this.texts, this.facets, this.segmentKeys]) memory.clear();
    this.facetsHeld = 0;
  }

  private rememberFacet([family, a, b, c, d]: readonly [number, number, number, number, number], id: number): number {
    // Others are looked up each time.
    if (!fitInPairs(a, b, c, d)) return id;
    if (this.facetsHeld++ >= maxRemembered) {
      this.facets.clear();
      this.facetsHeld = 1;
    }
    const first = pairOf(a, b);
    const others = this.facets.get(first) ?? new Map<number, number>();
    this.facets.set(first, others);
    others.set(pairOf(c * familiesAtMost + family, d), id);
    return id;
  }
}

/** More than there are families. */
const familiesAtMost = 8;
const pairBase = 2 ** 26;

function fitInPairs(a: number, b: number, c: number, d: number): boolean {
  return a < pairBase && b < pairBase && c < pairBase / familiesAtMost && d < pairBase;
}

/** Two numbers below 2^26 as one, which a double holds exactly. */
function pairOf(one: number, other: number): number {
  return one * pairBase + other;
}

function remember<Key, Value>(memory: Map<Key, Value>, key: Key, value: Value): Value {
  if (memory.size >= maxRemembered) memory.clear();
  memory.set(key, value);
  return value;
}

function required(row: Row | undefined, table: string): Row {
  if (row === undefined) throw damaged(`a number points at no row of ${table}`);
  return row;
}
