// SPDX-License-Identifier: Apache-2.0
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { planShape } from '../../src/cli/output-shapes/plan-shape.ts';
import { aims, aimsJson } from '../support/aims-command.ts';
import { temporaryDirectories } from '../support/temporary-directory.ts';

const directory = temporaryDirectories('plan');
const widest = (text: string) => Math.max(...text.split('\n').map((line) => line.length));

describe('aims plan', () => {
  it('prints one JSON object for scripts, whose lines add up', async () => {
    const { total, costs, configuration, roles, work } = await aimsJson(planShape, await directory(), ['plan', '--on', '2026-11-22']);
    expect(configuration).toBeNull();
    expect(costs.length).toBeGreaterThan(15);
    expect(total).toBeCloseTo(
      costs.reduce((sum, { dollars }) => sum + dollars, 0),
      9,
    );
    expect(roles).toHaveLength(9);
    expect(work.runs).toBeGreaterThan(0);
  });

  it('reads the configuration that stands beside it, and says which', async () => {
    const at = await directory();
    await writeFile(join(at, 'aims.config.yaml'), 'sources: [macie]\nvault: { retentionDays: 30, lockMode: COMPLIANCE }\n');
    const { configuration, collects, keeps } = await aimsJson(planShape, at, ['plan', '--on', '2026-11-22']);
    expect({ configuration, sources: collects.map(({ source }) => source) }).toEqual({
      configuration: 'aims.config.yaml',
      sources: ['macie'],
    });
    expect(keeps).toMatchObject({ lockMode: 'COMPLIANCE', retentionDays: 30, deletableFrom: '2026-12-23' });
  });

  it('counts with the accounts and assumptions that a person gives', async () => {
    const at = await directory();
    await writeFile(join(at, 'aims.config.json'), JSON.stringify({ accounts: { organization: true } }));
    const planned = (...more: string[]) => aimsJson(planShape, at, ['plan', '--on', '2026-11-22', ...more]);
    const [one, many] = [await planned(), await planned('--accounts-count', '200')];
    expect(many.accounts.count).toBe(200);
    expect(many.total).toBeGreaterThan(one.total);
    const busy = await planned('--assume', 'cloudtrailRecords=20000', '--assume', 'monthsHeld=36');
    expect(busy.assumptions['cloudtrailRecords']).toMatchObject({ value: 20_000 });
    expect(busy.total).toBeGreaterThan(one.total);
  });

  it.each(['one-account', 'organisation-200'])('prints docs/plan-examples/%s.txt, in a hundred columns', async (name) => {
    const at = await directory();
    await cp(`docs/plan-examples/${name}.yaml`, join(at, `${name}.yaml`));
    const text = await readFile(`docs/plan-examples/${name}.txt`, 'utf8');
    const [command = '', ...lines] = text.split('\n');
    expect(command).toMatch(/^\$ aims plan --config .*\.yaml --on 2026-11-22/);
    const { code, stdout, stderr } = await aims(at, command.slice('$ aims '.length).split(' '));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(lines.join('\n'));
    expect(widest(stdout)).toBeLessThanOrEqual(100);
    for (const part of [
      'What is collected',
      'What becomes undeletable',
      'What each function may do',
      'What the configuration lacks',
      'What a month costs',
    ])
      expect(stdout).toContain(part);
  });

  it.each([
    [['--on', '2026-02-30'], 'USAGE_OPTION'],
    [['--on', 'today'], 'USAGE_OPTION'],
    [['--accounts-count', '0'], 'USAGE_OPTION'],
    [['--assume', 'nothing=1'], 'USAGE_OPTION'],
    [['--config', 'absent.yaml'], 'CONFIG_UNREADABLE'],
  ])('refuses %j', async (args, code) => {
    const { stderr, code: exit } = await aims(await directory(), ['plan', ...args]);
    expect({ exit, stderr: stderr.startsWith(`${code}: `) }).toEqual({ exit: 2, stderr: true });
  });

  it('refuses a schedule that is none', async () => {
    const at = await directory();
    await writeFile(join(at, 'aims.config.yaml'), 'schedules: { macie: "rate(3 weeks)" }\n');
    expect(await aims(at, ['plan'])).toMatchObject({ code: 2, stderr: expect.stringContaining('rate(3 weeks)') });
  });
});
