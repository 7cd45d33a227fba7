// SPDX-License-Identifier: Apache-2.0

/** Runs up to `width` tasks at once and gives their results in the order of the items: a year of hourly runs is many small calls. */
export async function* inOrder<Item, Result>(
  items: Iterable<Item>,
  width: number,
  task: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const running: Promise<Result>[] = [];
  for (const item of items) {
    const started = task(item);
    // A failure is thrown when its turn comes; until then it must not count as unhandled.
    started.catch(() => undefined);
    running.push(started);
    const first = running.length < width ? undefined : running.shift();
    if (first !== undefined) yield await first;
  }
  for (const rest of running) yield await rest;
}

/** Calls in flight at once. SageMaker's rates are not published; the SDK slows down where AWS says so. */
export const callsAtOnce = 4;

/** Everything that a generator gives, and what it returns. */
export async function gather<Item, Result>(
  generator: AsyncGenerator<Item, Result>,
): Promise<{ readonly items: readonly Item[]; readonly result: Result }> {
  const items: Item[] = [];
  for (;;) {
    const next = await generator.next();
    if (next.done === true) return { items, result: next.value };
    items.push(next.value);
  }
}
