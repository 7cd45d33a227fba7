// SPDX-License-Identifier: Apache-2.0

/** How long the process may still work. */
export interface TimeLeft {
  /** Milliseconds until the process is stopped. */
  remainingMs(): number;
}

/** Time kept back at the end. */
export interface TimeReserve {
  /** Below this, reading stops at the next mark. */
  readonly markMs: number;
  /** Below this, reading stops wherever it stands: what is left is for sealing, storing and telling the queue. */
  readonly stopMs: number;
}

/** What `soon` is resolved to, or `late` where time comes to `reserveMs` first: a source may wait for minutes on a service that throttles it. */
export async function orLate<T>(soon: Promise<T>, time: TimeLeft, reserveMs: number): Promise<T | 'late'> {
  const waitMs = time.remainingMs() - reserveMs;
  if (!Number.isFinite(waitMs)) return await soon;
  if (waitMs <= 0) {
    ignoreLater(soon);
    return 'late';
  }
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), waitMs);
  });
  try {
    return await Promise.race([soon, late]);
  } finally {
    clearTimeout(timer);
    ignoreLater(soon);
  }
}

// A read that was given up may still fail: nobody waits for it, and the run's receipt says that it was given up.
function ignoreLater(promise: Promise<unknown>): void {
  promise.then(
    () => undefined,
    () => undefined,
  );
}
