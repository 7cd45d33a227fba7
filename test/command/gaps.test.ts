// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { collectShape } from '../../src/cli/output-shapes/collection-shapes.ts';
import { gapsShape } from '../../src/cli/output-shapes/record-list-shapes.ts';
import { showShape } from '../../src/cli/output-shapes/show-shape.ts';
import { gapReasons, isStanding } from '../../src/evidence/gap.ts';
import { aims, aimsJson } from '../support/aims-command.ts';
import { oneOfEach, writeFiles } from '../support/evidence-folder.ts';
import { temporaryDirectories } from '../support/temporary-directory.ts';

const directory = temporaryDirectories('gaps');
let at: string;

beforeAll(async () => {
  at = await directory();
  await aimsJson(collectShape, at, ['collect', '--from', 'sample']);
}, 120_000);

const joined = (text: string) => text.replace(/\s+/g, ' ');

describe('aims gaps of the sample account', () => {
  it('says of every gap that stands what closes it: which action for which role, or which setting', async () => {
    const { open } = await aimsJson(gapsShape, at, ['gaps']);
    const standing = open.filter(({ reason }) => isStanding({ reason: gapReasons.find((one) => one === reason) ?? 'denied', code: null }));
    expect(new Set(standing.map(({ source, reason }) => `${source} ${reason}`))).toEqual(
      new Set([
        'cloudtrail denied',
        'macie denied',
        'macie off',
        'sagemaker-clarify denied',
        'sagemaker-model-monitor denied',
        'securityhub denied',
        'securityhub off',
      ]),
    );
    for (const { reason, what, message } of standing) {
      const [, remedy = ''] = message.split('To close it: ');
      const named = reason === 'denied' ? `${what} for role aims-evidence-collector of account 444455556666` : /turn it on|enable it/;
      expect(remedy).toEqual(typeof named === 'string' ? expect.stringContaining(named) : expect.stringMatching(named));
    }
  });

  it('cuts nothing: all words of each are shown in lines of the terminal, with an id that `aims show` knows', async () => {
    const { open } = await aimsJson(gapsShape, at, ['gaps']);
    const { stdout } = await aims(at, ['gaps']);
    for (const { id, message } of open) {
      expect(stdout).toContain(id.slice(0, 12));
      expect(joined(stdout)).toContain(joined(message));
    }
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(110);
    const [id = ''] = /^[0-9a-f]{12}(?= {2}denied)/m.exec(stdout) ?? [];
    expect(await aimsJson(showShape, at, ['show', id])).toMatchObject({ record: { core: { kind: 'gap' } } });
  });
});

describe('a file that could not be read at all', () => {
  it('is told once, though it is a gap of every source, and silent runs are one line', async () => {
    const home = await directory();
    await writeFiles(join(home, 'in'), { 'logs.json': oneOfEach['trail/a.json.gz'] ?? '', 'bad.json.gz': Buffer.from([0x1f, 0x8b, 8, 9]) });
    const { code, stdout } = await aims(home, ['collect', '--from', 'in']);
    expect(code).toBe(0);
    expect(stdout).toContain('1 file could not be read and may have held evidence for any source');
    expect(stdout.match(/^(cloudtrail|macie|securityhub|sagemaker)/gm)).toEqual(['cloudtrail']);
    expect(stdout).toMatch(/^nothing to read and no gap: .*macie.*securityhub/m);
    const report = await aimsJson(collectShape, home, ['collect', '--from', 'in']);
    expect(report.runs.map(({ scopeGaps }) => scopeGaps)).toEqual([1, 1, 1, 1, 1]);
    expect((await aimsJson(gapsShape, home, ['gaps'])).open).toHaveLength(5);
    const told = await aims(home, ['gaps']);
    expect(told.stdout.match(/bad\.json\.gz$/gm)).toHaveLength(1);
    expect(told.stdout).toContain('cloudtrail, macie, sagemaker-clarify, sagemaker-model-monitor, securityhub');
    expect((await aims(home, ['controls'])).stdout).toContain('1 thing could not be seen');
  });
});
