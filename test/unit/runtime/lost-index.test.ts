// SPDX-License-Identifier: Apache-2.0
import { expect, it } from '@jest/globals';
import { SqliteIndex } from '../../../src/evidence-index/sqlite-index.ts';
import { isAiResourceType } from '../../../src/mapping/ai-resource-type.ts';
import { isIndexLost } from '../../../src/runtime/lost-index.ts';
import { MemoryVault } from '../../support/memory-vault.ts';
import { numberedSegment } from '../../support/numbered-segment.ts';
import { segmentOf } from '../../support/sealed-lines.ts';

it('an index is lost where it holds nothing and the vault holds a segment, and the vault is asked only then', async () => {
  const index = SqliteIndex.open({ path: ':memory:', isAiResource: isAiResourceType });
  const vault = new MemoryVault();
  expect(await isIndexLost({ index, vault })).toBe(false);
  await vault.put('note.txt', Buffer.from('no segment'));
  expect(await isIndexLost({ index, vault })).toBe(false);
  const { key, bytes } = await segmentOf('a');
  await vault.put(key, bytes);
  expect(await isIndexLost({ index, vault })).toBe(true);
  await index.apply(numberedSegment(0));
  vault.list = () => {
    throw new Error('the vault was asked');
  };
  expect(await isIndexLost({ index, vault })).toBe(false);
  await index.close();
});
