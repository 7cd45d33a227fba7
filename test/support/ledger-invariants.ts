// SPDX-License-Identifier: Apache-2.0
import { type Checkpoint, openCheckpoint } from '../../src/ledger/checkpoint.ts';
import type { LedgerStore } from '../../src/ledger/ledger-store.ts';
import { emptyRoot, sameHash } from '../../src/ledger/merkle.ts';
import { verifyConsistency } from '../../src/ledger/merkle-proof.ts';
import { parseVerifierKey } from '../../src/ledger/note.ts';
import { TileReader } from '../../src/ledger/tile-reader.ts';

/** Every checkpoint that was ever seen signed, also by processes that died; a fork shows even where the store lost one. */
export class SignedHistory {
  readonly #roots = new Map<number, string>();
  readonly #verifierKey: string;

  constructor(verifierKey: string) {
    this.#verifierKey = verifierKey;
  }

  /** How many sizes were signed so far. */
  get size(): number {
    return this.#roots.size;
  }

  /**
   * Throws unless all that was signed is one history: one root for one size, each checkpoint provably a continuation of every earlier one,
   * and the committed head at least as large as the largest of them. To be called after each step of anything.
   */
  async check(store: LedgerStore): Promise<void> {
    const checkpoints: Checkpoint[] = [];
    for await (const { size, note } of store.listCheckpoints()) {
      const checkpoint = openCheckpoint(note, [parseVerifierKey(this.#verifierKey)]);
      if (checkpoint.size !== size) throw new Error(`checkpoint kept for ${size} is for ${checkpoint.size}`);
      this.#see(checkpoint);
      checkpoints.push(checkpoint);
    }
    const head = await store.readHead();
    for (const size of this.#roots.keys()) {
      if (size > (head?.size ?? 0)) throw new Error(`${size} leaves were signed, the head has ${head?.size ?? 0}`);
      if (!checkpoints.some((kept) => kept.size === size)) throw new Error(`the checkpoint of ${size} leaves was lost`);
    }
    for (const [index, newer] of checkpoints.entries()) {
      for (const older of checkpoints.slice(0, index)) await requireConsistent(store, older, newer);
    }
  }

  #see({ size, root }: Checkpoint): void {
    const hex = Buffer.from(root).toString('hex');
    const seen = this.#roots.get(size) ?? hex;
    if (seen !== hex) throw new Error(`two roots were signed for ${size} leaves`);
    this.#roots.set(size, hex);
  }
}

async function requireConsistent(store: LedgerStore, older: Checkpoint, newer: Checkpoint): Promise<void> {
  // Every tree continues the one without leaves; nothing can be proven of that.
  if (older.size === 0 && sameHash(older.root, emptyRoot)) return;
  const proof = await new TileReader(store, newer.size).proof({ start: 0, end: older.size });
  if (!verifyConsistency(older, newer, proof)) throw new Error(`${newer.size} leaves do not continue ${older.size}`);
}
