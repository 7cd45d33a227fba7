// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';

const slotBytes = 16;
const fillLimit = 0.75;
const firstSlots = 1_024;

/**
 * A set of keys in 16 bytes each (of their SHA-256), so that a million segments cost some 40 MB and no pressure on the collector.
 * Two keys that agree in 128 bits of SHA-256 would count as one: nobody can find such a pair, much less one to a key that exists.
 */
export class KeySet {
  #slots = Buffer.alloc(firstSlots * slotBytes);
  #used = 0;

  /** Memory of a set of so many keys, in MiB; while it grows to that, half as much again. */
  static megabytesFor(keys: number): number {
    let slots = firstSlots;
    while (keys > slots * fillLimit) slots *= 2;
    return (slots * slotBytes) / 2 ** 20;
  }

  /** Keys held. */
  get size(): number {
    return this.#used;
  }

  /** True where the key was not held before. */
  add(key: string): boolean {
    if ((this.#used + 1) * slotBytes > this.#slots.length * fillLimit) this.#grow();
    const print = fingerprint(key);
    const at = this.#find(print);
    if (!this.#isFree(at)) return false;
    print.copy(this.#slots, at);
    this.#used += 1;
    return true;
  }

  /** Whether the key is held. */
  has(key: string): boolean {
    return !this.#isFree(this.#find(fingerprint(key)));
  }

  /** Offset of the slot that holds the fingerprint, or of the free one where it would go. */
  #find(print: Buffer): number {
    const slots = this.#slots.length / slotBytes;
    for (let slot = print.readUInt32LE(0) % slots; ; slot = (slot + 1) % slots) {
      const at = slot * slotBytes;
      if (this.#isFree(at) || this.#slots.compare(print, 0, slotBytes, at, at + slotBytes) === 0) return at;
    }
  }

  #isFree(at: number): boolean {
    return this.#slots[at + slotBytes - 1] === 0;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = Buffer.alloc(old.length * 2);
    for (let at = 0; at < old.length; at += slotBytes) {
      if (old[at + slotBytes - 1] !== 0) old.copy(this.#slots, this.#find(old.subarray(at, at + slotBytes)), at, at + slotBytes);
    }
  }
}

function fingerprint(key: string): Buffer {
  const print = Buffer.from(hash('sha256', key, 'binary'), 'binary').subarray(0, slotBytes);
  // The last byte marks a used slot, so it is never 0; 120 bits and the rest of the last byte still tell keys apart.
  print[slotBytes - 1] = (print[slotBytes - 1] ?? 0) | 1;
  return print;
}
