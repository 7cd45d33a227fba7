// SPDX-License-Identifier: Apache-2.0
import { begunIn, DynamoDbGenerations, nextGeneration, type ReadPointer } from './dynamodb-generation.ts';
import { DynamoDbIndex, type DynamoDbIndexOptions } from './dynamodb-index.ts';
import { DynamoDbTable } from './dynamodb-table.ts';

/**
 * Makes a new index beside the old one in the same table and puts it in its place once `fill` is done: the old one is never opened, and may be
 * damaged or of an older version. What was taken in meanwhile went to the old index, so `fill` is called once more at the end. Where `fill` fails
 * or is killed, the first time or the second, the next call goes on where this one stopped and never begins anew: `fill` must pass over the
 * segments that are held, as `rebuildIndex` does. The ledger's head is not touched. The old items stay until `removeRetired`.
 */
export async function replaceDynamoDbIndex<Answer>(
  options: Omit<DynamoDbIndexOptions, 'generation'>,
  fill: (index: DynamoDbIndex) => Promise<Answer>,
): Promise<Answer> {
  const generations = new DynamoDbGenerations(new DynamoDbTable(options));
  const pointer = await begun(generations);
  const generation = pointer.filling ?? pointer.generation;
  const index = await DynamoDbIndex.open({ ...options, generation });
  if (pointer.generation === generation) return await catchUp(generations, pointer, () => fill(index));
  const answer = await fill(index);
  const replaced = { generation, filling: generation, retired: [...pointer.retired, pointer.generation] };
  await catchUp(generations, await generations.move(pointer, replaced), () => fill(index));
  return answer;
}

/** The pointer with the generation to fill: that of a rebuild which stopped, or a new one. */
async function begun(generations: DynamoDbGenerations): Promise<ReadPointer> {
  const pointer = await generations.readAny();
  if (begunIn(pointer) !== null) return pointer;
  const { generation, filling, retired } = pointer;
  // Begun by a program of an older version: no reader ever saw it, unless it took its place already.
  const given = filling === null || filling === generation ? [] : [filling];
  return await generations.move(pointer, { generation, filling: nextGeneration(pointer), retired: [...retired, ...given] });
}

/** Gives the generation that has taken its place what came to the one before it. Until that is done, the pointer says so. */
async function catchUp<Answer>(generations: DynamoDbGenerations, pointer: ReadPointer, fill: () => Promise<Answer>): Promise<Answer> {
  const answer = await fill();
  // `removeRetired` may have moved the pointer on, or another rebuild may have ended this one.
  const now = await generations.readAny();
  if (now.generation === pointer.generation && now.filling === now.generation) await generations.move(now, { ...now, filling: null });
  return answer;
}

/**
 * Deletes the items of indexes that were replaced, while there is time; gives how many. Call it when nobody reads them any more: readers change
 * over within a minute. An `apply` that was under way may still write, so a generation is forgotten only after a pass over the table that found
 * nothing of it. Where time ends or the process is killed, the next call goes on.
 */
export async function removeRetired(
  options: Omit<DynamoDbIndexOptions, 'generation'>,
  isTimeLeft: () => boolean = () => true,
): Promise<number> {
  const table = new DynamoDbTable(options);
  const generations = new DynamoDbGenerations(table);
  let removed = 0;
  for (;;) {
    const pointer = await generations.readAny();
    const [first, ...others] = pointer.retired;
    if (first === undefined) return removed;
    let found = 0;
    for await (const keys of table.keysIn(`${first}/`)) {
      if (!isTimeLeft()) return removed + found;
      await table.deleteMany(keys);
      found += keys.length;
    }
    removed += found;
    if (found === 0) await generations.move(pointer, { ...pointer, retired: others });
  }
}
