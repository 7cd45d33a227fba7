// SPDX-License-Identifier: Apache-2.0
import { FirstFew } from './first-few.ts';

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

/** How many problems of a kind there are beside those that are named. */
export interface UnnamedProblems {
  readonly kind: ProblemKind;
  readonly count: number;
}

/**
 * Problems as they are found: a check notes them and goes on. Of each kind the first are kept and the others counted, so that a flood of
 * one kind neither fills the memory nor pushes out another.
 */
export class ProblemList {
  readonly #named: Problem[] = [];
  readonly #kinds = new Map<ProblemKind, FirstFew<Problem>>();

  /** Those that are named, in the order they were found. */
  get all(): readonly Problem[] {
    return this.#named;
  }

  /** Those that are not, by kind. */
  get unnamed(): readonly UnnamedProblems[] {
    const counts = [...this.#kinds].map(([kind, { count, named }]) => ({ kind, count: count - named.length }));
    return counts.filter(({ count }) => count > 0);
  }

  add(kind: ProblemKind, item: string, reason: string): void {
    const found = this.#kinds.get(kind) ?? new FirstFew<Problem>();
    this.#kinds.set(kind, found);
    const problem = { kind, item, reason };
    found.add(problem);
    if (found.named.at(-1) === problem) this.#named.push(problem);
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
