// SPDX-License-Identifier: Apache-2.0
import { FirstFew } from './first-few.ts';
import type { Disturbed } from './found-disturbed.ts';

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
  /** What was done, where it was `disturbed`. */
  readonly what?: Disturbed;
}

/** The words of an error, for a problem's reason. */
export function reasonOf(error: unknown): string {
  return Error.isError(error) ? error.message : String(error);
}

/** How many problems of a kind there are beside those that are named. */
export interface UnnamedProblems {
  readonly kind: ProblemKind;
  /** What was done, where they were `disturbed`. */
  readonly what?: Disturbed;
  readonly count: number;
}

/**
 * Problems as they are found: a check notes them and goes on. Of each kind, and of each thing that can be done to an object, the first are kept
 * and the others counted, so that a flood of one neither fills the memory nor pushes out another.
 */
export class ProblemList {
  readonly #named: Problem[] = [];
  readonly #kinds = new Map<ProblemKind | Disturbed, FirstFew<Problem>>();

  /** Those that are named, in the order they were found. */
  get all(): readonly Problem[] {
    return this.#named;
  }

  /** Those that are not, by kind and by what was done. */
  get unnamed(): readonly UnnamedProblems[] {
    return [...this.#kinds.values()].flatMap(({ count, named }) => {
      const [first] = named;
      if (first === undefined || count === named.length) return [];
      return [{ kind: first.kind, ...(first.what === undefined ? {} : { what: first.what }), count: count - named.length }];
    });
  }

  add(kind: Exclude<ProblemKind, 'disturbed'>, item: string, reason: string): void {
    this.#add(kind, { kind, item, reason });
  }

  addDisturbed(what: Disturbed, item: string, reason: string): void {
    this.#add(what, { kind: 'disturbed', item, reason, what });
  }

  #add(kind: ProblemKind | Disturbed, problem: Problem): void {
    const found = this.#kinds.get(kind) ?? new FirstFew<Problem>();
    this.#kinds.set(kind, found);
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
