// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { aims } from '../support/aims-command.ts';
import { type Files, logFile, writeFiles } from '../support/evidence-folder.ts';
import { trailRecord } from '../support/intake.ts';
import { temporaryDirectories } from '../support/temporary-directory.ts';

const directory = temporaryDirectories('collect-words');

async function collect(files: Files, ...more: readonly string[]) {
  const at = await directory();
  await writeFiles(join(at, 'in'), { 'good.json.gz': logFile(trailRecord('good')), ...files });
  return await aims(at, ['collect', '--from', 'in', '--source', 'cloudtrail', ...more]);
}

describe('options that say nothing about files', () => {
  it.each([
    [['--scale', '3'], '--scale says'],
    [['--profile', 'audit'], '--profile says'],
    [['--region', 'eu-west-1', '--region', 'us-east-1'], '--region says'],
    [['--scale', '3', '--profile', 'audit', '--region', 'eu-west-1'], '--scale and --profile and --region say'],
  ])('%j: so says a note, and the files are read', async (more, words) => {
    const { code, stdout, stderr } = await collect({}, ...more);
    expect({ code, stderr }).toEqual({ code: 0, stderr: `note: ${words} nothing about files: passed over\n` });
    expect(stdout).toContain('evidence: ');
  });

  it('are not spoken of where none was given', async () => {
    expect(await collect({})).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('the names of files that were not recognised', () => {
  it('stay on one line each and obeyed by no terminal, whatever stands in them', async () => {
    const { stdout } = await collect({ 'a\nevidence: elsewhere.txt': 'x', 'b\u001b[2J\r.txt': 'x', 'c.txt': 'x' });
    const lines = stdout.split('\n');
    const at = lines.indexOf('not recognised (3):');
    expect(lines.slice(at + 1, at + 5)).toEqual([
      expect.stringMatching(/^ {2}a evidence: elsewhere\.txt: /),
      expect.stringMatching(/^ {2}b\ufffd\[2J \.txt: /),
      expect.stringMatching(/^ {2}c\.txt: /),
      '',
    ]);
  });
});
