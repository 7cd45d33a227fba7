// SPDX-License-Identifier: Apache-2.0
// A process that takes segments into an index until it is killed: `node index-writer.ts <path>`; says each number on stdout.
import { SqliteIndex } from '../../src/evidence-index/sqlite-index.ts';
import { numberedSegment } from './numbered-segment.ts';

const index = SqliteIndex.open({ path: process.argv[2] ?? '', isAiResource: () => false });
for (let n = 0; n < 10_000; n++) {
  await index.apply(numberedSegment(n));
  process.stdout.write(`${n}\n`);
}
