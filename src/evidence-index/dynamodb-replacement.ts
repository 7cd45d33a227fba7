// SPDX-License-Identifier: Apache-2.0
import { begunIn, DynamoDbGenerations, nextGeneration } from './dynamodb-generation.ts';
import { DynamoDbIndex, type DynamoDbIndexOptions } from './dynamodb-index.ts';
import { DynamoDbTable } from './dynamodb-table.ts';
import { IndexError } from './evidence-index.ts';

/**
 * Makes a new index beside the old one in the same table and puts it in its place once `fill` is done: the old one is never opened, and may be
 * damaged or of an older version. Where `fill` fails or is killed before that, the next call goes on with what was made: `fill` must pass over the
 * segments that are held, as `rebuildIndex` does.
 *
 * What was taken in meanwhile went to the old index, so `fill` is called once more, with `isInPlace`. The rebuild is over then whatever comes of
 * that: what is missing still is given by the next comparison with the vault, and the next call makes an index anew. Throws INDEX_UNAVAILABLE where
 * it fails. The ledger's head is not touched. The old items stay until `removeRetired`.
 */
export async function replaceDynamoDbIndex<Answer>(
  options: Omit<DynamoDbIndexOptions, 'generation'>,
  fill: (index: DynamoDbIndex, isInPlace: boolean) => Promise<Answer>,
): Promise<Answer> {
  const generations = new DynamoDbGenerations(new DynamoDbTable(options));
  const generation = await begun(generations);
  const index = await DynamoDbIndex.open({ ...options, generation });
  const answer = await fill(index, false);
  await putInPlace(generations, generation);
  await catchUp(options.table, () => fill(index, true));
  return answer;
}

/** The generation to fill: that of a rebuild which stopped, or a new one. */
async function begun(generations: DynamoDbGenerations): Promise<string> {
  const pointer = await generations.readAny();
  const unfinished = begunIn(pointer);
  if (unfinished !== null) return unfinished;
  const { generation, filling, retired } = pointer;
  // Begun by a program of an older version: no reader ever saw it, unless it took its place already.
  const given = filling === null || filling === generation ? [] : [filling];
  const next = nextGeneration(pointer);
  await generations.move(pointer, { generation, filling: next, retired: [...retired, ...given] });
  return next;
}

/** Moves the pointer, which may have changed during the hours of filling. Throws INDEX_UNAVAILABLE where this generation was given up meanwhile. */
async function putInPlace(generations: DynamoDbGenerations, generation: string): Promise<void> {
  const now = await generations.readAny();
  // Another call filled the same one and was first.
  if (now.generation === generation) return;
  const expected = { ...now, filling: generation };
  await generations.move(expected, { generation, filling: null, retired: [...now.retired, now.generation] });
}

/** Says of a failure that the rebuild is done all the same. */
async function catchUp(table: string, fill: () => Promise<unknown>): Promise<void> {
  try {
    await fill();
  } catch (cause) {
    const message = `the new index in table ${table} is in its place, and what was stored while it was made is missing from it until the next self-audit`;
    const reason = cause instanceof IndexError ? cause.words : Error.isError(cause) ? cause.message : String(cause);
    throw new IndexError('INDEX_UNAVAILABLE', `${message}: ${reason}`, { cause });
  }
}
