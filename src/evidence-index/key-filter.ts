// SPDX-License-Identifier: Apache-2.0

/** Probes a key and bits a key: of keys that were never added, one in four hundred looks as if it had been. */
const probes = 4;
const bitsPerKey = 16;
const firstKeys = 64 * 1024;

interface Layer {
  readonly bits: Uint32Array;
  readonly mask: number;
  readonly most: number;
  keys: number;
}

/**
 * Says of a key that was not added that it was not, nearly always, and never so of one that was (a Bloom filter). Keys are numbers of 52 bits of a
 * hash. It grows by layers, each twice as large as the one before, so that no key need be read again.
 */
export class KeyFilter {
  readonly #layers: Layer[] = [];

  /** Room for this many keys in the first layer. */
  constructor(expected = 0) {
    this.#layers.push(newLayer(Math.max(expected, firstKeys)));
  }

  add(key: number): void {
    let layer = this.#layers[this.#layers.length - 1];
    if (layer === undefined || layer.keys >= layer.most) {
      layer = newLayer(2 * (layer?.most ?? firstKeys));
      this.#layers.push(layer);
    }
    layer.keys++;
    let bit = firstProbe(key);
    const step = stepOf(key);
    for (let probe = 0; probe < probes; probe++, bit += step) {
      const at = (bit & layer.mask) >>> 5;
      layer.bits[at] = (layer.bits[at] ?? 0) | (1 << (bit & 31));
    }
  }

  mayHold(key: number): boolean {
    for (const layer of this.#layers) if (isIn(layer, key)) return true;
    return false;
  }
}

function newLayer(keys: number): Layer {
  const bits = 2 ** Math.ceil(Math.log2(keys * bitsPerKey));
  return { bits: new Uint32Array(bits / 32), mask: bits - 1, most: bits / bitsPerKey, keys: 0 };
}

function isIn({ bits, mask }: Layer, key: number): boolean {
  let bit = firstProbe(key);
  const step = stepOf(key);
  for (let probe = 0; probe < probes; probe++, bit += step) {
    if (((bits[(bit & mask) >>> 5] ?? 0) & (1 << (bit & 31))) === 0) return false;
  }
  return true;
}

// The low 32 bits and the 20 above them; an odd step reaches every bit. Both are bits of a hash, so nothing need be mixed.
function firstProbe(key: number): number {
  return key >>> 0;
}

function stepOf(key: number): number {
  return Math.floor(key / 2 ** 32) * 2 + 1;
}
