// SPDX-License-Identifier: Apache-2.0

/** Opens a thing when it is first asked for and then keeps it. A failure is not kept: the next call tries again. */
export function lazily<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | null = null;
  return () => {
    opened ??= started(open).catch((error: unknown) => {
      opened = null;
      throw error;
    });
    return opened;
  };
}

/** What `open` throws before its first await is a rejection too. */
async function started<T>(open: () => Promise<T>): Promise<T> {
  return await open();
}
