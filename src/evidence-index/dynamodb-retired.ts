// SPDX-License-Identifier: Apache-2.0
import { DynamoDbGenerations } from './dynamodb-generation.ts';
import type { DynamoDbIndexOptions } from './dynamodb-index.ts';
import { type Item, itemOf, type Key } from './dynamodb-item.ts';
import { DynamoDbTable } from './dynamodb-table.ts';

/** Beside the pointer and not in it: a rebuild that is about to move the pointer is not refused for it. */
const passKey = { pk: 'index', sk: 'removal' } as const;

/** A pass over the table for what is left of a retired generation. */
interface Pass {
  readonly generation: string;
  /** The item it came to; null where it begins. */
  readonly after: Key | null;
  readonly hasFound: boolean;
}

/**
 * Deletes the items of indexes that were replaced, while there is time; gives how many. Call it when nobody reads them any more: readers change
 * over within a minute. An `apply` that was under way may still write, so a generation is forgotten only after a whole pass over the table that
 * found nothing of it. Where time ends or the process is killed, the next call goes on after the last page that was done.
 */
export async function removeRetired(
  options: Omit<DynamoDbIndexOptions, 'generation'>,
  isTimeLeft: () => boolean = () => true,
): Promise<number> {
  const table = new DynamoDbTable(options);
  const generations = new DynamoDbGenerations(table);
  let removed = 0;
  for (;;) {
    const [generation] = (await generations.readAny()).retired;
    if (generation === undefined) return removed;
    for (let pass: Pass | null = await readPass(table, generation); pass !== null; ) {
      if (!isTimeLeft()) return removed;
      const { keys, next } = await table.keysAfter(pass.after, `${generation}/`);
      await table.deleteMany(keys);
      removed += keys.length;
      pass = passAfter({ generation, after: next, hasFound: pass.hasFound || keys.length > 0 });
      if (pass !== null) await table.putMany([itemOfPass(pass)]);
    }
    await forget(table, generations, generation);
  }
}

/** The same pass while it is under way, a new one after one that found something, null after one that found nothing. */
function passAfter(pass: Pass): Pass | null {
  if (pass.after !== null) return pass;
  return pass.hasFound ? { ...pass, hasFound: false } : null;
}

async function forget(table: DynamoDbTable, generations: DynamoDbGenerations, generation: string): Promise<void> {
  const pointer = await generations.readAny();
  await generations.move(pointer, { ...pointer, retired: pointer.retired.filter((name) => name !== generation) });
  await table.deleteMany([passKey]);
}

/** The pass to go on with; a new one, which costs no more than a scan, where the last was about another generation or cannot be read. */
async function readPass(table: DynamoDbTable, generation: string): Promise<Pass> {
  const { g, f, p, s } = (await table.get(passKey)) ?? {};
  if (g?.S !== generation || p?.S === undefined || s?.S === undefined) return { generation, after: null, hasFound: false };
  return { generation, after: { pk: p.S, sk: s.S }, hasFound: f?.S !== 'no' };
}

function itemOfPass({ generation, after, hasFound }: Pass): Item {
  return itemOf(passKey, { g: generation, f: hasFound ? 'yes' : 'no', p: after?.pk, s: after?.sk });
}
