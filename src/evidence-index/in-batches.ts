// SPDX-License-Identifier: Apache-2.0

/** Batches worked on at a time: fewer than the connections that the SDK keeps open (50). */
const atOnce = 32;

/** Does work on batches of a list, several at a time, and gives the answers in order. After a failure nothing more is begun. */
export async function inBatches<One, Answer>(
  list: readonly One[],
  size: number,
  work: (batch: readonly One[]) => Promise<Answer>,
): Promise<readonly Answer[]> {
  const batches = Array.from({ length: Math.ceil(list.length / size) }, (_, n) => list.slice(n * size, (n + 1) * size));
  const answers = new Map<number, Answer>();
  const waiting = batches.entries();
  let hasFailed = false;
  // The workers share one iterator: each takes the next batch as soon as it is free.
  const worker = async () => {
    for (const [n, batch] of waiting) {
      if (hasFailed) return;
      try {
        answers.set(n, await work(batch));
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, batches.length) }, worker));
  return [...answers].sort(([one], [other]) => one - other).map(([, answer]) => answer);
}

/** The same, one by one. */
export async function forEach<One, Answer>(list: readonly One[], work: (one: One) => Promise<Answer>): Promise<readonly Answer[]> {
  return inBatches(list, 1, ([one]) => {
    if (one === undefined) throw new RangeError('a batch of one holds one');
    return work(one);
  });
}
