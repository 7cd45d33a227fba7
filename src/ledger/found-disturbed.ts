// SPDX-License-Identifier: Apache-2.0
import type { Disturbance } from '../vault/vault.ts';
import { FirstFew } from './first-few.ts';

/** What somebody did to an object; what could only not be seen accuses nobody. */
export type Disturbed = Exclude<Disturbance['what'], 'unseen'>;

/** From what needs the most rights to do to what anybody can who may put an object. */
const worst = ['unprotected', 'hidden', 'covered'] as const satisfies readonly Disturbed[];

/** The first of each thing that can be done, each counted for itself: a flood of covers, cheap to make, pushes out nothing worse. */
export class FoundDisturbed<Item> {
  readonly #found = new Map(worst.map((what) => [what, new FirstFew<Item & { readonly what: Disturbed }>()] as const));

  /** The first ones of each, the worst first. */
  get named(): readonly (Item & { readonly what: Disturbed })[] {
    return [...this.#found.values()].flatMap(({ named }) => named);
  }

  /** All of them. */
  get count(): number {
    return [...this.#found.values()].reduce((sum, { count }) => sum + count, 0);
  }

  add(what: Disturbed, item: Item): void {
    this.#found.get(what)?.add({ ...item, what });
  }
}

/** The same things with the worst disturbances before the others; what is none of them stays where it was, before all. */
export function worstFirst<Item extends { readonly what?: Disturbed }>(items: readonly Item[]): readonly Item[] {
  const rankOf = ({ what }: Item) => (what === undefined ? -1 : worst.indexOf(what));
  return items.toSorted((one, other) => rankOf(one) - rankOf(other));
}
