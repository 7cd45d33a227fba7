// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { EvidenceIndex } from '../../src/evidence-index/evidence-index.ts';
import { SqliteIndex } from '../../src/evidence-index/sqlite-index.ts';
import { replaceSqliteIndex } from '../../src/evidence-index/sqlite-replacement.ts';
import { idOf, indexRecord, indexSegment } from '../support/index-record.ts';
import { countLines, dayLines, listAll } from '../support/index-views.ts';
import { numberedSegment } from '../support/numbered-segment.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aims-index-'));
  path = join(folder, 'index.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true }));

const isAiResource = () => false;
const open = (more: { maxBytes?: number; path?: string } = {}) => SqliteIndex.open({ path, isAiResource, ...more });

async function everything(index: EvidenceIndex): Promise<unknown> {
  return {
    list: await listAll(index, {}, 500),
    counts: await countLines(index),
    days: await dayLines(index),
    totals: await index.totals(),
  };
}

async function withIndex(work: (index: SqliteIndex) => Promise<unknown>): Promise<void> {
  const index = open();
  await work(index);
  await index.close();
}

describe('the file of a SQLite index', () => {
  it('keeps what was taken in when it is closed and opened again', async () => {
    await withIndex((index) => index.apply(numberedSegment(0)));
    await withIndex(async (index) => expect((await listAll(index, {}, 500)).length).toBe(200));
  });

  it('refuses an index of a newer version and opens it again once it is known', async () => {
    await withIndex((index) => index.apply(numberedSegment(0)));
    const stamp = (version: number) => {
      const db = new DatabaseSync(path);
      db.exec(`PRAGMA user_version = ${version}`);
      db.close();
    };
    stamp(99);
    expect(() => open()).toThrow(expect.objectContaining({ code: 'INDEX_NEWER' }));
    stamp(1);
    await withIndex(async (index) => expect(await index.totals()).not.toEqual([]));
  });

  it('refuses a file that is no database and one of another program, and says what to do', () => {
    writeFileSync(path, 'not a database, and long enough to be looked at as one '.repeat(100));
    expect(() => open()).toThrow(
      expect.objectContaining({ code: 'INDEX_DAMAGED', message: expect.stringContaining('aims index rebuild') }),
    );
    const other = join(folder, 'other.sqlite');
    const db = new DatabaseSync(other);
    db.exec('CREATE TABLE notes (text TEXT)');
    db.close();
    expect(() => open({ path: other })).toThrow(expect.objectContaining({ code: 'INDEX_DAMAGED' }));
  });

  it('refuses a file that cannot be opened', () => {
    expect(() => open({ path: join(folder, 'absent', 'index.sqlite') })).toThrow(expect.objectContaining({ code: 'INDEX_UNAVAILABLE' }));
  });

  it('says that it is damaged when pages were overwritten', async () => {
    await withIndex(async (index) => {
      for (let n = 0; n < 5; n++) await index.apply(numberedSegment(n));
    });
    const bytes = readFileSync(path);
    // The first page, with version and schema, stays whole.
    bytes.fill(0xa5, 4096 * 2);
    writeFileSync(path, bytes);
    const index = open();
    await expect(everything(index)).rejects.toMatchObject({ code: 'INDEX_DAMAGED' });
    await expect(index.apply(numberedSegment(9))).rejects.toMatchObject({ code: 'INDEX_DAMAGED' });
    await index.close();
  });

  it('takes in nothing of a segment for which there is no room, and all of it once there is', async () => {
    const small = open({ maxBytes: 400_000 });
    let taken = 0;
    const fill = async () => {
      for (; taken < 100; taken++) await small.apply(numberedSegment(taken));
    };
    await expect(fill()).rejects.toMatchObject({ code: 'INDEX_FULL' });
    expect(taken).toBeGreaterThan(0);
    expect(await small.hasSegment(numberedSegment(taken - 1).key)).toBe(true);
    expect(await small.hasSegment(numberedSegment(taken).key)).toBe(false);
    await small.close();
    const fresh = open({ path: ':memory:' });
    for (let n = 0; n < taken; n++) await fresh.apply(numberedSegment(n));
    await withIndex(async (index) => {
      expect(await everything(index)).toEqual(await everything(fresh));
      for (const one of [index, fresh]) await one.apply(numberedSegment(taken));
      expect(await everything(index)).toEqual(await everything(fresh));
    });
    await fresh.close();
  });

  it('takes in nothing of a segment that fails half way', async () => {
    await withIndex(async (index) => {
      await index.apply(numberedSegment(0));
      const before = await everything(index);
      const good = indexRecord({ name: 'good', run: 'a new run', account: 'a new account' });
      const bad = indexRecord({ name: 'bad' });
      const segment = indexSegment('half', [good, { ...bad, core: { ...bad.core, id: 'no id' } }]);
      await expect(index.apply(segment)).rejects.toThrow(RangeError);
      expect(await everything(index)).toEqual(before);
      expect(await index.hasSegment(segment.key)).toBe(false);
      await index.apply(indexSegment('whole', [indexRecord({ name: 'other', run: 'another run' }), good]));
      expect(await index.entry(idOf('good'))).toMatchObject({ run: 'a new run', account: 'a new account' });
      expect((await index.list({ run: 'another run', limit: 5 })).records.map((entry) => entry.title)).toEqual(['other']);
    });
  });

  it('shows one process what another took in', async () => {
    const [one, two] = [open(), open()];
    for (let n = 0; n < 6; n++) await (n % 2 === 0 ? one : two).apply(numberedSegment(n));
    expect(await everything(one)).toEqual(await everything(two));
    expect((await listAll(one, {}, 500)).length).toBe(700);
    await one.close();
    await two.close();
  });

  it('finds every id after the ids were moved in bulk', async () => {
    await withIndex(async (index) => {
      const copy = numberedSegment(3);
      for (let n = 0; n < 11; n++) {
        const records = Array.from({ length: 5_000 }, (_, m) => indexRecord({ name: `many ${n * 5_000 + m}` }));
        await index.apply(indexSegment(`many-${String(n).padStart(3, '0')}`, records));
      }
      const ids = Array.from({ length: 55_000 }, (_, n) => idOf(`many ${n}`));
      expect((await index.locate(ids)).size).toBe(55_000);
      // An earlier copy of a record whose id was moved takes its place.
      const earlier = indexRecord({ name: 'many 7', collectedAt: '2026-01-01T00:00:00Z', title: 'earlier' });
      await index.apply({ ...copy, records: [earlier] });
      expect(await index.entry(idOf('many 7'))).toMatchObject({ title: 'earlier', segment: copy.key });
      expect(await index.totals()).toMatchObject([{ records: 55_000 }]);
      expect(await index.idsWithPrefix(idOf('many 7'), 5)).toEqual([idOf('many 7')]);
    });
  }, 120_000);
});

describe('a list with several filters', () => {
  it('ends a page early where they leave little of much, and goes on to the end', async () => {
    const controls = [{ control: '9.1', rule: 'r', strength: 'partial', polarity: 'supports' }] as const;
    const others = [{ ...controls[0], control: '7.5' }];
    const index = open({ path: ':memory:' });
    // Much of each filter, and only the very oldest record is of both.
    const records = Array.from({ length: 12_000 }, (_, n) =>
      indexRecord({
        name: `${n}`,
        occurredAt: new Date(Date.UTC(2026, 9, 1) + n * 1_000).toISOString(),
        controls: n % 2 === 0 ? controls : others,
        aiSystems: n % 2 === 1 || n === 0 ? ['credit'] : [],
      }),
    );
    await index.apply(indexSegment('s', records));
    const query = { control: '9.1', aiSystem: 'credit' };
    const first = await index.list({ ...query, limit: 10 });
    expect([first.records, typeof first.cursor]).toEqual([[], 'string']);
    expect((await listAll(index, query, 10)).map((entry) => entry.title)).toEqual(['0']);
    await index.close();
  }, 120_000);
});

describe('a killed writer', () => {
  it('leaves whole segments only', async () => {
    const script = fileURLToPath(new URL('../support/index-writer.ts', import.meta.url));
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const line of createInterface({ input: child.stdout })) {
      if (line === '25') break;
    }
    child.kill('SIGKILL');
    await once(child, 'exit');
    const fresh = open({ path: ':memory:' });
    let taken = 0;
    await withIndex(async (index) => {
      while (await index.hasSegment(numberedSegment(taken).key)) await fresh.apply(numberedSegment(taken++));
      expect(taken).toBeGreaterThan(25);
      expect(await everything(index)).toEqual(await everything(fresh));
    });
    await fresh.close();
  }, 120_000);
});

describe('replacing a SQLite index', () => {
  it('puts the new index in place of the old one, whatever the old one was', async () => {
    writeFileSync(path, 'damaged '.repeat(1_000));
    const answer = await replaceSqliteIndex({ path, isAiResource }, async (index) => {
      await index.apply(numberedSegment(4));
      return 'filled';
    });
    expect(answer).toBe('filled');
    await withIndex(async (index) => expect(await index.hasSegment(numberedSegment(4).key)).toBe(true));
    expect(existsSync(`${path}.rebuilding`)).toBe(false);
  });

  it('keeps the old index when the new one cannot be filled', async () => {
    await withIndex((index) => index.apply(numberedSegment(1)));
    const fill = async (index: SqliteIndex) => {
      await index.apply(numberedSegment(2));
      throw new RangeError('the vault went away');
    };
    await expect(replaceSqliteIndex({ path, isAiResource }, fill)).rejects.toThrow(RangeError);
    await withIndex(async (index) => {
      expect(await index.hasSegment(numberedSegment(1).key)).toBe(true);
      expect(await index.hasSegment(numberedSegment(2).key)).toBe(false);
    });
    expect(existsSync(`${path}.rebuilding`)).toBe(false);
  });
});
