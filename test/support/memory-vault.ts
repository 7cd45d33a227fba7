// SPDX-License-Identifier: Apache-2.0
import { type Vault, type VaultEntry, VaultError } from '../../src/vault/vault.ts';
import { parseVaultKey } from '../../src/vault/vault-key.ts';

/** A vault in memory: fast enough for property tests. It keeps the port's contract like any other. */
export class MemoryVault implements Vault {
  readonly objects: Map<string, Uint8Array>;

  constructor(objects = new Map<string, Uint8Array>()) {
    this.objects = objects;
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    parseVaultKey(key);
    const held = this.objects.get(key);
    if (held !== undefined && Buffer.compare(held, bytes) !== 0) throw new VaultError('VAULT_KEY_TAKEN', key);
    this.objects.set(key, Buffer.from(bytes));
  }

  async get(key: string): Promise<Uint8Array> {
    parseVaultKey(key);
    const held = this.objects.get(key);
    if (held === undefined) throw new VaultError('VAULT_KEY_ABSENT', key);
    // A reader may hand the bytes over to a thread.
    return Uint8Array.from(held);
  }

  async has(key: string): Promise<boolean> {
    parseVaultKey(key);
    return this.objects.has(key);
  }

  async *list(prefix: string): AsyncGenerator<VaultEntry> {
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix)).sort();
    for (const key of keys) yield { key, bytes: this.objects.get(key)?.length ?? 0 };
  }
}
