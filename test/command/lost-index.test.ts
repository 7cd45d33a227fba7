// SPDX-License-Identifier: Apache-2.0
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { collectShape } from '../../src/cli/output-shapes/collection-shapes.ts';
import { rebuildShape } from '../../src/cli/output-shapes/ledger-shapes.ts';
import { evidenceShape } from '../../src/cli/output-shapes/record-list-shapes.ts';
import { SqliteIndex } from '../../src/evidence-index/sqlite-index.ts';
import { isAiResourceType } from '../../src/mapping/ai-resource-type.ts';
import { aims, aimsJson } from '../support/aims-command.ts';
import { oneOfEach, writeFiles } from '../support/evidence-folder.ts';
import { temporaryDirectories } from '../support/temporary-directory.ts';

const directory = temporaryDirectories('lost-index');
const readers = ['controls', 'evidence', 'gaps', 'receipt x', 'runs', 'show abcd', 'status'];
let made: string;

beforeAll(async () => {
  made = await directory();
  await writeFiles(join(made, 'in'), oneOfEach);
  await aimsJson(collectShape, made, ['collect', '--from', 'in']);
});

async function withoutIndex(): Promise<string> {
  const at = await directory();
  cpSync(made, at, { recursive: true });
  for (const name of ['index.sqlite', 'index.sqlite-wal', 'index.sqlite-shm']) rmSync(join(at, '.aims', name), { force: true });
  return at;
}

async function expectLost(at: string): Promise<void> {
  for (const command of readers) {
    const { code, stdout, stderr } = await aims(at, command.split(' '));
    expect({ command, code, stdout }).toEqual({ command, code: 3, stdout: '' });
    expect(stderr).toMatch(/^INDEX_LOST: .*index\.sqlite.*aims index rebuild/);
  }
}

describe('an index that is lost', () => {
  it('is never read as "nothing is there": every reading command names the way out, and makes no file', async () => {
    const at = await withoutIndex();
    await expectLost(at);
    expect(existsSync(join(at, '.aims/index.sqlite'))).toBe(false);
    await aimsJson(rebuildShape, at, ['index', 'rebuild']);
    const [before, after] = [await aimsJson(evidenceShape, made, ['evidence']), await aimsJson(evidenceShape, at, ['evidence'])];
    expect(before.records.length).toBeGreaterThan(4);
    expect(after).toEqual(before);
  });

  it('is told in the same words where the file is there and holds no segment', async () => {
    const at = await withoutIndex();
    await SqliteIndex.open({ path: join(at, '.aims/index.sqlite'), isAiResource: isAiResourceType }).close();
    await expectLost(at);
    const other = await withoutIndex();
    writeFileSync(join(other, '.aims/index.sqlite'), '');
    await expectLost(other);
  });
});

describe('a home that nothing was collected into yet', () => {
  it('still answers that there is nothing, and reading it makes no index', async () => {
    const at = await directory();
    mkdirSync(join(at, '.aims'));
    for (const name of ['home.json', 'home.secret', 'signing.key']) cpSync(join(made, '.aims', name), join(at, '.aims', name));
    expect((await aimsJson(evidenceShape, at, ['evidence'])).records).toEqual([]);
    expect(await aims(at, ['gaps'])).toMatchObject({ code: 0, stdout: expect.stringContaining('no open gaps') });
    expect(await aims(at, ['status'])).toMatchObject({ code: 0, stderr: '' });
    expect(existsSync(join(at, '.aims/index.sqlite'))).toBe(false);
  });
});
