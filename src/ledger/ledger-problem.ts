// SPDX-License-Identifier: Apache-2.0

/**
 * What kind of thing a check found: `forked` (two histories), `rolled-back` (less than was signed), `signature`, `unsigned` (leaves after
 * the newest checkpoint), `missing`, `damaged`, `unsealed` (a segment that is no leaf yet), `foreign` (no segment at all), `disturbed` (its bytes are right,
 * but somebody hid, covered or unprotected it; of the ledger's own objects too), `unreadable`.
 */
export type ProblemKind =
  | 'forked'
  | 'rolled-back'
  | 'signature'
  | 'unsigned'
  | 'missing'
  | 'damaged'
  | 'unsealed'
  | 'foreign'
  | 'disturbed'
  | 'unreadable';

/** One thing that verification found wrong. */
export interface Problem {
  readonly kind: ProblemKind;
  /** What is wrong: a segment's key, a tile's path, `checkpoint 17`. */
  readonly item: string;
  /** Why, in one sentence. */
  readonly reason: string;
}

/** The words of an error, for a problem's reason. */
export function reasonOf(error: unknown): string {
  return Error.isError(error) ? error.message : String(error);
}

/** Problems as they are found: a check notes them and goes on. */
export class ProblemList {
  readonly all: Problem[] = [];

  add(kind: ProblemKind, item: string, reason: string): void {
    this.all.push({ kind, item, reason });
  }

  /** What could be read; null, and an `unreadable` problem, where it could not. */
  async attempt<T>(item: string, read: () => Promise<T>): Promise<T | null> {
    try {
      return await read();
    } catch (error) {
      this.add('unreadable', item, reasonOf(error));
      return null;
    }
  }
}
