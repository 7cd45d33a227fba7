// SPDX-License-Identifier: Apache-2.0
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { collectShape } from '../../src/cli/output-shapes/collection-shapes.ts';
import { evidenceShape } from '../../src/cli/output-shapes/record-list-shapes.ts';
import { showShape } from '../../src/cli/output-shapes/show-shape.ts';
import { aims, aimsJson } from '../support/aims-command.ts';
import { oneOfEach, writeFiles } from '../support/evidence-folder.ts';
import { temporaryDirectories } from '../support/temporary-directory.ts';

const directory = temporaryDirectories('removed-segment');

it('a record whose segment was removed is told with the way back, and shown again once it was collected again', async () => {
  const at = await directory();
  await writeFiles(join(at, 'in'), oneOfEach);
  await aimsJson(collectShape, at, ['collect', '--from', 'in']);
  const { records } = await aimsJson(evidenceShape, at, ['evidence', '--source', 'macie']);
  const [first] = records.filter(({ kind }) => kind === 'finding');
  const [id = '', segment = ''] = [first?.id, first?.segment];
  rmSync(join(at, '.aims/vault', segment));
  const lost = await aims(at, ['show', id]);
  expect(lost).toMatchObject({ code: 3, stdout: '' });
  expect(lost.stderr).toMatch(/^VAULT_KEY_ABSENT: the index says record .* is gone from the vault .*collect again.*`aims index rebuild`/);
  await aims(at, ['collect', '--from', 'in']);
  expect((await aims(at, ['index', 'rebuild'])).code).toBe(0);
  const shown = await aimsJson(showShape, at, ['show', id]);
  expect(shown.record.core.id).toBe(id);
  expect(shown.segment).not.toBe(segment);
});
