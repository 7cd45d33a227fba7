// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SqliteIndex } from '../../../src/evidence-index/sqlite-index.ts';
import { idOf, indexRecord, indexSegment } from '../../support/index-record.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aims-locate-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = () => SqliteIndex.open({ path: join(folder, 'index.sqlite'), isAiResource: () => false });
const segment = (name: string, from: number, to: number) =>
  indexSegment(
    name,
    Array.from({ length: to - from }, (_, n) => indexRecord({ name: `r${from + n}` })),
  );

describe('ids looked up in an index file', () => {
  it('are found where an earlier process stored them, asked for one by one or many at once', async () => {
    const first = open();
    await first.apply(segment('a', 0, 50));
    await first.close();
    const second = open();
    for (let n = 0; n < 60; n++) expect((await second.locate([idOf(`r${n}`)])).size).toBe(n < 50 ? 1 : 0);
    const many = await second.locate(Array.from({ length: 60 }, (_, n) => idOf(`r${n}`)));
    expect([...many.keys()].sort()).toEqual(Array.from({ length: 50 }, (_, n) => idOf(`r${n}`)).sort());
    expect(many.get(idOf('r7'))).toMatchObject({ line: 7 });
    await second.close();
  });

  it('are found when another process stores them meanwhile', async () => {
    const [one, other] = [open(), open()];
    await one.apply(segment('a', 0, 5));
    expect((await one.locate([idOf('r1'), idOf('r7')])).size).toBe(1);
    await other.apply(segment('b', 5, 10));
    expect((await one.locate([idOf('r1'), idOf('r7')])).size).toBe(2);
    await one.apply(segment('c', 5, 12));
    expect(await one.totals()).toMatchObject([{ records: 12 }]);
    await one.close();
    await other.close();
  });

  it('are not found where they are no ids', async () => {
    const index = open();
    await index.apply(segment('a', 0, 2));
    expect((await index.locate(['', 'x', idOf('r1').slice(0, 63), 'z'.repeat(64)])).size).toBe(0);
    await index.close();
  });
});
