// SPDX-License-Identifier: Apache-2.0
import { AimsError } from '../evidence/errors.ts';
import type { Disturbance } from '../vault/vault.ts';

/** Codes of ledger failures. */
export type LedgerErrorCode =
  | 'LEDGER_HEAD_MOVED'
  | 'LEDGER_TILE_TAKEN'
  | 'LEDGER_TILE_ABSENT'
  | 'LEDGER_DAMAGED'
  | 'LEDGER_KEY_WRONG'
  | 'LEDGER_KEY_UNREADABLE'
  | 'LEDGER_CHECKPOINT_INVALID'
  | 'LEDGER_ROLLED_BACK'
  | 'LEDGER_LEAF_ABSENT'
  | 'LEDGER_FULL'
  | 'LEDGER_UNAVAILABLE';

/** A ledger operation that could not be done, or evidence that the ledger is not what it was. */
export class LedgerError extends AimsError<LedgerErrorCode> {}

/** The one mutable item: size and root of the tree that was last committed to. `version` is opaque to callers. */
export interface LedgerHead {
  readonly size: number;
  /** Root hash, 64 hex digits. */
  readonly root: string;
  readonly version: string;
}

/**
 * Keeps tiles and checkpoints, append-only, and the head, changed only by compare-and-swap.
 * Every method throws LEDGER_UNAVAILABLE when the store cannot be read or written, and a write LEDGER_FULL when there is no room.
 */
export interface LedgerStore {
  /** The committed head, or null for a new ledger. */
  readHead(): Promise<LedgerHead | null>;
  /**
   * Moves the head from `expected` (null for a new ledger) to `next` in one step; resolves when durable.
   * Throws LEDGER_HEAD_MOVED when another sealer was first: read again and start over, sign nothing.
   * Throws LEDGER_ROLLED_BACK for a head that is not larger than `expected`.
   */
  swapHead(expected: LedgerHead | null, next: { readonly size: number; readonly root: string }): Promise<LedgerHead>;
  /**
   * Writes a tile or entry bundle at its C2SP path, or a proposal or day mark at its own. Equal bytes are accepted, others throw LEDGER_TILE_TAKEN:
   * of two writers at once exactly one is first. Durable when resolved.
   */
  putTile(path: string, bytes: Uint8Array): Promise<void>;
  /** Throws LEDGER_TILE_ABSENT where nothing was written. */
  getTile(path: string): Promise<Uint8Array>;
  /** Keeps a signed checkpoint for its tree size; durable when resolved. A second, different checkpoint for one size is kept beside it. */
  putCheckpoint(size: number, note: string): Promise<void>;
  /** Every kept checkpoint in order of tree size. */
  listCheckpoints(): AsyncIterable<{ readonly size: number; readonly note: string }>;
  /** The checkpoint with the largest tree size, or null. */
  newestCheckpoint(): Promise<{ readonly size: number; readonly note: string } | null>;
  /**
   * What somebody hid, covered or unprotected from outside without changing what is read here, and what could not be seen of that. Never
   * anything of a store that keeps one thing under a path. What lost its protection is known only of what was read before.
   */
  listDisturbed(): AsyncIterable<DisturbedPath>;
}

/** What was done to an object of the ledger. */
export interface DisturbedPath extends Disturbance {
  readonly path: string;
}
