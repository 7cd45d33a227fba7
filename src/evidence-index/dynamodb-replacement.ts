// SPDX-License-Identifier: Apache-2.0
import { canGoOnFilling, DynamoDbGenerations, nextGeneration } from './dynamodb-generation.ts';
import { DynamoDbIndex, type DynamoDbIndexOptions } from './dynamodb-index.ts';
import { DynamoDbTable } from './dynamodb-table.ts';

/**
 * Makes a new index beside the old one in the same table and puts it in its place once `fill` is done: the old one is never opened, and may be
 * damaged or of an older version. Where `fill` fails or is killed, the old index stays, and the next call goes on where this one stopped:
 * `fill` must pass over the segments that are held, as `rebuildIndex` does. What was taken in meanwhile went to the old index: `fill` is
 * called once more at the end. The ledger's head is not touched. The old items stay until `removeRetired`.
 */
export async function replaceDynamoDbIndex<Answer>(
  options: Omit<DynamoDbIndexOptions, 'generation'>,
  fill: (index: DynamoDbIndex) => Promise<Answer>,
): Promise<Answer> {
  const generations = new DynamoDbGenerations(new DynamoDbTable(options));
  let pointer = await generations.readAny();
  const begun = pointer.filling;
  if (begun === null || !canGoOnFilling(begun)) {
    const retired = begun === null ? pointer.retired : [...pointer.retired, begun];
    pointer = await generations.move(pointer, { generation: pointer.generation, filling: nextGeneration(pointer), retired });
  }
  const generation = pointer.filling ?? pointer.generation;
  const index = await DynamoDbIndex.open({ ...options, generation });
  const answer = await fill(index);
  await generations.move(pointer, { generation, filling: null, retired: [...pointer.retired, pointer.generation] });
  await fill(index);
  return answer;
}

/**
 * Deletes the items of indexes that were replaced; gives how many. Call it when nobody reads them any more: readers change over within a minute,
 * and an `apply` that is under way ends with its function. Killed half way, the next call goes on.
 */
export async function removeRetired(options: Omit<DynamoDbIndexOptions, 'generation'>): Promise<number> {
  const table = new DynamoDbTable(options);
  const generations = new DynamoDbGenerations(table);
  let removed = 0;
  for (;;) {
    const pointer = await generations.readAny();
    const [first, ...others] = pointer.retired;
    if (first === undefined) return removed;
    for await (const keys of table.keysIn(`${first}/`)) {
      await table.deleteMany(keys);
      removed += keys.length;
    }
    await generations.move(pointer, { ...pointer, retired: others });
  }
}
