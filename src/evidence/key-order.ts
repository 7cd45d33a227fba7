// SPDX-License-Identifier: Apache-2.0

/** One name of an object in canonical order, with the text that stands before its value. */
export interface OrderedName {
  readonly name: string;
  /** `{"name":`, where it is written first. */
  readonly first: string;
  /** `,"name":`, where another member stands before it. */
  readonly next: string;
  /** `next` as UTF-8. */
  readonly bytes: Uint8Array;
  /** Whether the member needs a look before it is written. */
  readonly isWatched: boolean;
}

interface Node {
  readonly children: Map<string, Node>;
  /** The child that was met last and its name: objects of one shape come in rows, and comparing two names costs less than a look into a map. */
  lastName: string;
  last: Node | null;
  order: readonly OrderedName[] | null;
}

// Bounded, so that answers with endless new names cannot fill memory.
const maxNodes = 20_000;
const newNode = (): Node => ({ children: new Map(), lastName: '', last: null, order: null });

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
    let node: Node = this.#root;
    // Not `Object.keys`, which makes a list each time. Nothing that is written here inherits enumerable names.
    for (const name in object) {
      if (node.last === null || node.lastName !== name) {
        const child = this.#childOf(node, name);
        if (child === null) return this.#sorted(Object.keys(object));
        node.lastName = name;
        node.last = child;
      }
      node = node.last;
    }
    node.order ??= this.#sorted(Object.keys(object));
    return node.order;
  }

  /** The child of a name, made where there is none; null where there are too many. */
  #childOf(node: Node, name: string): Node | null {
    const known = node.children.get(name);
    if (known !== undefined) return known;
    if (this.#nodes >= maxNodes) return null;
    this.#nodes++;
    const child = newNode();
    node.children.set(name, child);
    return child;
  }

  #sorted(names: readonly string[]): readonly OrderedName[] {
    const sorted = [...names].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    return sorted.map((name) => {
      const text = `${JSON.stringify(name)}:`;
      return { name, first: `{${text}`, next: `,${text}`, bytes: Buffer.from(`,${text}`), isWatched: this.#isWatched(name) };
    });
  }
}
