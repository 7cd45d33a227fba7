// SPDX-License-Identifier: Apache-2.0
import type { ProjectedSegment } from '../../src/evidence-index/evidence-index.ts';
import { SqliteIndex } from '../../src/evidence-index/sqlite-index.ts';
import { everyAnswer } from './dynamodb-answers.ts';
import { isEndpoint } from './dynamodb-tables.ts';

/** What SQLite answers after these segments, each once and in order of their keys. */
export async function expectedAnswers(segments: readonly ProjectedSegment[]): Promise<unknown> {
  const index = SqliteIndex.open({ path: ':memory:', isAiResource: isEndpoint });
  for (const segment of [...segments].sort((one, other) => (one.key < other.key ? -1 : 1))) await index.apply(segment);
  const answers = await everyAnswer(index);
  await index.close();
  return answers;
}
