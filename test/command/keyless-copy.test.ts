// SPDX-License-Identifier: Apache-2.0
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { collectShape } from '../../src/cli/output-shapes/collection-shapes.ts';
import { checkpointShape, verifyShape } from '../../src/cli/output-shapes/ledger-shapes.ts';
import { evidenceShape } from '../../src/cli/output-shapes/record-list-shapes.ts';
import { showShape } from '../../src/cli/output-shapes/show-shape.ts';
import { aims, aimsJson } from '../support/aims-command.ts';
import { filesBelow } from '../support/damage.ts';
import { oneOfEach, writeFiles } from '../support/evidence-folder.ts';
import { temporaryDirectories } from '../support/temporary-directory.ts';

const directory = temporaryDirectories('keyless-copy');
let made: string;
/** The home as an auditor has it: without the key that signs and the secret that blinds. */
let at: string;

beforeAll(async () => {
  [made, at] = [await directory(), await directory()];
  await writeFiles(join(made, 'in'), oneOfEach);
  await aimsJson(collectShape, made, ['collect', '--from', 'in']);
  cpSync(made, at, { recursive: true });
  for (const name of ['signing.key', 'home.secret']) rmSync(join(at, '.aims', name));
});

describe('a copy of a home without its key and secret', () => {
  it('is read by every reading command, with the same answers', async () => {
    for (const command of ['controls', 'evidence', 'gaps', 'runs']) {
      const [there, here] = [await aims(made, [command, '--json']), await aims(at, [command, '--json'])];
      expect({ command, here }).toEqual({ command, here: there });
      expect(there.code).toBe(0);
    }
    expect(await aims(at, ['status'])).toMatchObject({ code: 0, stderr: '' });
  });

  it('shows a record and does not say whether its proof holds', async () => {
    const id = (await aimsJson(evidenceShape, at, ['evidence'])).records[0]?.id ?? 'none';
    expect(await aimsJson(showShape, made, ['show', id])).toMatchObject({ proofHolds: true });
    const shown = await aimsJson(showShape, at, ['show', id]);
    expect(shown).toMatchObject({ proofHolds: null, verifierKey: null });
    expect(shown.proof).not.toBeNull();
    const { stdout } = await aims(at, ['show', id]);
    expect(stdout).toContain('not checked, as this copy of the home has no signing.key');
    expect(stdout).not.toContain('DOES NOT HOLD');
  });

  it('is verified with the key that was handed out, and refused in words without one', async () => {
    const { verifierKey } = await aimsJson(checkpointShape, made, ['checkpoint']);
    expect(await aimsJson(verifyShape, at, ['verify', '--records', '--key', verifierKey])).toMatchObject({ ok: true });
    for (const command of ['verify', 'checkpoint']) {
      const refused = await aims(at, [command]);
      expect(refused).toMatchObject({ code: 3, stdout: '', stderr: expect.stringMatching(/^HOME_KEY_ABSENT: .*signing\.key.*--key/) });
    }
  });

  it('takes nothing in, even where only the key is missing', async () => {
    const before = filesBelow(join(at, '.aims/vault'));
    expect(await aims(at, ['collect', '--from', 'in'])).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('home.secret is missing'),
    });
    cpSync(join(made, '.aims/home.secret'), join(at, '.aims/home.secret'));
    const refused = await aims(at, ['collect', '--from', 'in']);
    expect(refused).toMatchObject({ code: 3, stderr: expect.stringMatching(/^HOME_KEY_ABSENT: .*signing\.key is missing: restore it/) });
    rmSync(join(at, '.aims/home.secret'));
    expect(filesBelow(join(at, '.aims/vault'))).toEqual(before);
  });
});
