// SPDX-License-Identifier: Apache-2.0
import { AimsError } from '../evidence/errors.ts';

/** Codes of vault failures. */
export type VaultErrorCode =
  | 'VAULT_KEY_TAKEN'
  | 'VAULT_KEY_ABSENT'
  | 'VAULT_KEY_INVALID'
  | 'VAULT_UNREADABLE'
  | 'VAULT_FULL'
  | 'VAULT_UNAVAILABLE';

/** A vault operation that could not be done. */
export class VaultError extends AimsError<VaultErrorCode> {}

/**
 * What somebody did to an object from outside, without changing its bytes: `hidden` behind a delete marker, `covered` by a newer version,
 * `unprotected` (its retention is shorter or weaker than when it was written; known only of objects that were read before). And, which accuses
 * nobody, `unseen`: whether it is still protected could not be seen, most often for want of the right to ask.
 */
export interface Disturbance {
  readonly what: 'hidden' | 'covered' | 'unprotected' | 'unseen';
  readonly reason: string;
}

/** One object of the vault as a listing tells it. */
export interface VaultEntry {
  readonly key: string;
  readonly bytes: number;
  /** Absent where nothing was done to it, and from stores in which nothing can be. */
  readonly disturbances?: readonly Disturbance[];
}

/** Append-only evidence store. The vault is the truth; everything else can be made again from it. */
export interface Vault {
  /**
   * Resolves once the bytes would survive a power cut.
   * Equal bytes under a used key are accepted; other bytes throw VAULT_KEY_TAKEN.
   * Throws VAULT_KEY_INVALID for a key that is not a clean relative path, VAULT_FULL when there is no room.
   */
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** Throws VAULT_KEY_ABSENT when the key was never written, VAULT_UNREADABLE when the bytes cannot be had. */
  get(key: string): Promise<Uint8Array>;
  /** Whether a key is held. */
  has(key: string): Promise<boolean>;
  /** Every entry whose key starts with `prefix`, in order of key. Pages as it goes: memory does not grow with the vault. */
  list(prefix: string): AsyncIterable<VaultEntry>;
}
