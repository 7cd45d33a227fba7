// SPDX-License-Identifier: Apache-2.0

/** How many of a kind are named one by one. */
export const mostNamed = 100;

/** Keeps the first of what is found and counts all of it: whoever may write to a bucket may put millions of objects there. */
export class FirstFew<Item> {
  readonly #named: Item[] = [];
  #count = 0;

  /** The first ones, at most `mostNamed`. */
  get named(): readonly Item[] {
    return this.#named;
  }

  /** All of them. */
  get count(): number {
    return this.#count;
  }

  add(item: Item): void {
    this.#count++;
    if (this.#named.length < mostNamed) this.#named.push(item);
  }
}

/** At most so many of each kind, in the order given. */
export function firstOfEach<Item>(items: readonly Item[], kindOf: (item: Item) => string, most: number): readonly Item[] {
  const counts = new Map<string, number>();
  return items.filter((item) => {
    const count = (counts.get(kindOf(item)) ?? 0) + 1;
    counts.set(kindOf(item), count);
    return count <= most;
  });
}
