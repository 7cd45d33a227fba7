// SPDX-License-Identifier: Apache-2.0
import { type Checkpoint, openCheckpoint } from './checkpoint.ts';
import { type ProblemList, reasonOf } from './ledger-problem.ts';
import type { LedgerStore } from './ledger-store.ts';
import type { VerifierKey } from './note.ts';

/** A root that was signed, to be compared when the rebuilt tree has its size. */
export interface SignedRoot {
  readonly item: string;
  readonly checkpoint: Checkpoint;
}

/** Opens checkpoints of one log. What is wrong with the signature or form of one is a problem of its own. */
export class SignedRoots {
  readonly #keys: readonly VerifierKey[];
  readonly #problems: ProblemList;
  #origin: string | null = null;
  #kept = 0;

  constructor(keys: readonly VerifierKey[], problems: ProblemList) {
    this.#keys = keys;
    this.#problems = problems;
  }

  /** Checkpoints that `keptIn` came upon, good or not. */
  get kept(): number {
    return this.#kept;
  }

  /** The root that a note signs; null where it is not good, or of another log than those before it. */
  open(item: string, note: string): SignedRoot | null {
    try {
      const checkpoint = openCheckpoint(note, this.#keys);
      this.#origin ??= checkpoint.origin;
      if (checkpoint.origin === this.#origin) return { item, checkpoint };
      this.#problems.add('forked', item, `it is of the log ${checkpoint.origin}, not of ${this.#origin}`);
    } catch (error) {
      this.#problems.add('signature', item, reasonOf(error));
    }
    return null;
  }

  /** The good checkpoints that a ledger keeps, in order of size. */
  async *keptIn(store: LedgerStore): AsyncGenerator<SignedRoot> {
    try {
      for await (const { size, note } of store.listCheckpoints()) {
        const item = `checkpoint ${size}`;
        this.#kept += 1;
        const opened = this.open(item, note);
        if (opened === null) continue;
        if (opened.checkpoint.size === size) yield opened;
        else this.#problems.add('damaged', item, `it is kept for ${size} leaves and signed for ${opened.checkpoint.size}`);
      }
    } catch (error) {
      this.#problems.add('unreadable', 'checkpoints', reasonOf(error));
    }
  }
}
