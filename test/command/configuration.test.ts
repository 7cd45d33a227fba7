// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { collectShape } from '../../src/cli/output-shapes/collection-shapes.ts';
import { aims, aimsJson } from '../support/aims-command.ts';
import { oneOfEach, writeFiles } from '../support/evidence-folder.ts';
import { temporaryDirectories } from '../support/temporary-directory.ts';

const directory = temporaryDirectories('configuration');
let at: string;

beforeAll(async () => {
  at = await directory();
  await writeFiles(join(at, 'in'), oneOfEach);
  await aimsJson(collectShape, at, ['collect', '--from', 'in']);
  await writeFiles(at, { 'aims.config.yaml': 'thresholdsFile: limits.yaml\n' });
});

describe('a configuration that points at a file', () => {
  it('which is not there or is wrong stops what needs it, with the setting, the configuration and the file', async () => {
    const setting = `${join(at, 'limits.yaml')} (thresholdsFile of ${join(at, 'aims.config.yaml')})`;
    for (const args of [
      ['collect', '--from', 'in'],
      ['explain', 'in'],
    ]) {
      const stderr = expect.stringContaining(`CONFIG_UNREADABLE: cannot read ${setting}: ENOENT`);
      expect(await aims(at, args)).toEqual({ code: 2, stdout: '', stderr });
    }
    await writeFiles(at, {
      'wrong.yaml': 'thresholdsFile: wrong-limits.yaml\n',
      'wrong-limits.yaml': 'schema: aims-evidence/thresholds/1\n',
    });
    const invalid = await aims(at, ['explain', 'in', '--config', 'wrong.yaml']);
    const words = `CONFIG_INVALID: ${join(at, 'wrong-limits.yaml')} (thresholdsFile of ${join(at, 'wrong.yaml')}): approvedBy`;
    expect(invalid).toMatchObject({ code: 2, stderr: expect.stringContaining(words) });
  });

  it('stops no command that only reads the home', async () => {
    const commands = ['controls', 'evidence', 'runs', 'status', 'gaps', 'checkpoint', 'verify', 'index rebuild'];
    for (const command of commands) expect({ command, code: (await aims(at, command.split(' '))).code }).toEqual({ command, code: 0 });
    expect(await aims(at, ['gaps', '--config', 'nowhere.yaml'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('nowhere.yaml'),
    });
  });
});
