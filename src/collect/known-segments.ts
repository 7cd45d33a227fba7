// SPDX-License-Identifier: Apache-2.0
import { KeySet } from '../ledger/key-set.ts';
import type { Vault } from '../vault/vault.ts';
import { type SegmentFault, segmentFault } from './segment-fault.ts';

/**
 * Confirms segments by their bytes, each once in a run however many of its records are met: about a millisecond a segment (0.7 MB as a rule), and
 * 16 bytes of memory. For vaults whose objects can change under their key, as files can.
 */
export class KnownSegments {
  readonly #vault: Pick<Vault, 'get'>;
  readonly #intact = new KeySet();
  readonly #faults = new Map<string, SegmentFault>();

  constructor(vault: Pick<Vault, 'get'>) {
    this.#vault = vault;
  }

  /** Those that could not be confirmed so far. */
  get faults(): readonly SegmentFault[] {
    return [...this.#faults.values()];
  }

  /** Whether a segment is what its key says. Throws VAULT_UNAVAILABLE. */
  async confirm(key: string): Promise<boolean> {
    if (this.#intact.has(key)) return true;
    if (this.#faults.has(key)) return false;
    const fault = await segmentFault(this.#vault, key);
    if (fault === null) this.#intact.add(key);
    else this.#faults.set(key, fault);
    return fault === null;
  }
}
