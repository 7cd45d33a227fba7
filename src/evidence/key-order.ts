// SPDX-License-Identifier: Apache-2.0

/** One name of an object in canonical order, with the text that stands before its value. */
export interface OrderedName {
  readonly name: string;
  /** `{"name":`, where it is written first. */
  readonly first: string;
  /** `,"name":`, where another member stands before it. */
  readonly next: string;
  /** Whether the member needs a look before it is written. */
  readonly isWatched: boolean;
}

interface Node {
  readonly children: Map<string, Node>;
  order: readonly OrderedName[] | null;
}

// Bounded, so that answers with endless new names cannot fill memory.
const maxNodes = 20_000;
const newNode = (): Node => ({ children: new Map(), order: null });

/**
 * Canonical orders of the shapes of objects. AWS answers repeat a few hundred shapes: a tree over names in their order of arrival finds the sorted
 * order without sorting, and what is to be known of a name is asked once a shape.
 */
export class KeyOrders {
  readonly #isWatched: (name: string) => boolean;
  readonly #root = newNode();
  #nodes = 0;

  constructor(isWatched: (name: string) => boolean) {
    this.#isWatched = isWatched;
  }

  /** The canonical order (RFC 8785: UTF-16 code units) of an object's own names. */
  of(object: object): readonly OrderedName[] {
    const names = Object.keys(object);
    let node = this.#root;
    for (const name of names) {
      let child = node.children.get(name);
      if (child === undefined) {
        if (this.#nodes >= maxNodes) return this.#sorted(names);
        this.#nodes++;
        child = newNode();
        node.children.set(name, child);
      }
      node = child;
    }
    node.order ??= this.#sorted(names);
    return node.order;
  }

  #sorted(names: readonly string[]): readonly OrderedName[] {
    const sorted = [...names].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    return sorted.map((name) => {
      const text = `${JSON.stringify(name)}:`;
      return { name, first: `{${text}`, next: `,${text}`, isWatched: this.#isWatched(name) };
    });
  }
}
