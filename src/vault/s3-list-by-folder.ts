// SPDX-License-Identifier: Apache-2.0
import { ReadAhead } from './read-ahead.ts';
import type { S3Place } from './s3-place.ts';
import { listChildren, listHistoryPages, type S3History } from './s3-versions.ts';

/** Folders that are listed at once: S3 takes some 100 ms for a page, and ten million segments make ten thousand. */
export const foldersAtOnce = 16;
/** Pages of a folder that are held before their turn: with a thousand keys in each some 20 MB for all folders. */
export const pagesAhead = 4;

/**
 * As `listHistories`, with what lies in the next folders (the days of a vault) asked for while one is taken. The order is the same; what is held
 * does not grow with the bucket. Costs a page for each folder and each thousand of folders more.
 */
export async function* listByFolder(place: S3Place, prefix: string): AsyncGenerator<S3History> {
  const children = listChildren(place, prefix);
  const waiting: (S3History | ReadAhead<readonly S3History[]>)[] = [];
  try {
    for (let isOver = false; ; ) {
      while (!isOver && waiting.length < foldersAtOnce) {
        const child = await children.next();
        isOver = child.done === true;
        if (child.done !== true) waiting.push('folder' in child.value ? listAhead(place, child.value.folder) : child.value);
      }
      const [next] = waiting;
      if (next === undefined) return;
      if (next instanceof ReadAhead) for await (const page of next.values()) yield* page;
      else yield next;
      waiting.shift();
    }
  } finally {
    await Promise.all(waiting.map((one) => (one instanceof ReadAhead ? one.close() : null)));
    await children.return(undefined);
  }
}

function listAhead(place: S3Place, folder: string): ReadAhead<readonly S3History[]> {
  return new ReadAhead(listHistoryPages(place, folder), pagesAhead);
}
