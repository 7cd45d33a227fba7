// SPDX-License-Identifier: Apache-2.0

/** One name of an object in canonical order, with the text that stands before its value. */
export interface OrderedName {
  readonly name: string;
  /** `{"name":`, where it is written first. */
  readonly first: string;
  /** `,"name":`, where another member stands before it. */
  readonly next: string;
}

interface Node {
  readonly children: Map<string, Node>;
  order: readonly OrderedName[] | null;
}

// AWS answers repeat a few hundred shapes: a tree over names in their order of arrival finds the sorted order without sorting.
// Bounded, so that answers with endless new names cannot fill memory.
const maxNodes = 20_000;
const newNode = (): Node => ({ children: new Map(), order: null });
const root = newNode();
let nodes = 0;

/** The canonical order (RFC 8785: UTF-16 code units) of an object's own names. */
export function keyOrder(object: object): readonly OrderedName[] {
  const names = Object.keys(object);
  let node = root;
  for (const name of names) {
    let child = node.children.get(name);
    if (child === undefined) {
      if (nodes >= maxNodes) return sortedOrder(names);
      nodes++;
      child = newNode();
      node.children.set(name, child);
    }
    node = child;
  }
  node.order ??= sortedOrder(names);
  return node.order;
}

function sortedOrder(names: readonly string[]): readonly OrderedName[] {
  const sorted = [...names].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return sorted.map((name) => ({ name, first: `{${JSON.stringify(name)}:`, next: `,${JSON.stringify(name)}:` }));
}
