// SPDX-License-Identifier: Apache-2.0
import { expect, it } from '@jest/globals';
import { listAll } from '../../../src/cli/evidence.ts';
import { SqliteIndex } from '../../../src/evidence-index/sqlite-index.ts';
import { isAiResourceType } from '../../../src/mapping/ai-resource-type.ts';
import { numberedSegment } from '../../support/numbered-segment.ts';

it('a list without a limit goes on page by page until nothing is left, and one with a limit ends there', async () => {
  const index = SqliteIndex.open({ path: ':memory:', isAiResource: isAiResourceType });
  for (const number of [0, 1, 2, 3, 4, 5, 6]) await index.apply(numberedSegment(number));
  const all = await listAll(index, { limit: 100_000 });
  const paged = await listAll(index, { limit: Number.POSITIVE_INFINITY }, 2);
  expect(paged).toEqual({ records: all.records, cursor: null });
  expect(paged.records.length).toBeGreaterThan(6);
  const some = await listAll(index, { limit: 3 }, 2);
  expect(some.records).toEqual(all.records.slice(0, 3));
  expect(some.cursor).not.toBeNull();
  await index.close();
});
