// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { collectShape } from '../../src/cli/output-shapes/collection-shapes.ts';
import { aims, aimsJson } from '../support/aims-command.ts';
import { eventBridge, type Files, logFile, violations, writeFiles } from '../support/evidence-folder.ts';
import { vaultRecords } from '../support/home-state.ts';
import { trailRecord } from '../support/intake.ts';
import { temporaryDirectories } from '../support/temporary-directory.ts';

const directory = temporaryDirectories('large-items');
const text = 'y'.repeat(10 * 1024 * 1024);

/** A record as Python's json.dumps spaces it: its text is longer than its canonical form, so that it must be scanned. */
function spaced(id: string, requestParameters: object): string {
  return trailRecord(id, { requestParameters }).replaceAll('":', '": ');
}

async function collected(files: Files, source: string) {
  const at = await directory();
  await writeFiles(join(at, 'in'), { 'a-good.json.gz': logFile(trailRecord('good')), ...files });
  const { runs } = await aimsJson(collectShape, at, ['collect', '--from', 'in', '--source', source]);
  const records = (await vaultRecords(join(at, '.aims'))).filter(({ core }) => !['plan', 'receipt', 'gap'].includes(core.kind));
  return { run: runs[0], records };
}

describe('an item with a string of 10 MB', () => {
  it('is kept where its text must be scanned: spaced, or with a number that no double holds', async () => {
    const { run, records } = await collected(
      {
        'large.json': `[${spaced('spaced', { text })}]`,
        'number.json': `[${spaced('number', { text, n: 'HERE' }).replace('"HERE"', '12345678901234567890')}]`,
      },
      'cloudtrail',
    );
    expect(run).toMatchObject({ itemsRead: 3, recordsStored: 3, itemGaps: 0, scopeGaps: 0 });
    expect(records.map(({ raw }) => raw.form).sort()).toEqual(['json', 'json', 'text']);
    expect(records.map(({ raw }) => JSON.stringify(raw.detail)).filter((detail) => detail.includes(text))).toHaveLength(2);
  }, 30_000);

  it('is kept where it stands in a report with NaN', async () => {
    const [first] = [violations['violations']].flat();
    const report = JSON.stringify({ version: 0, violations: [{ ...Object(first), description: text, metric: 'HERE' }] });
    const { run } = await collected({ 'constraint_violations.json': report.replace('"HERE"', 'NaN') }, 'sagemaker-model-monitor');
    expect(run).toMatchObject({ itemGaps: 0, scopeGaps: 0 });
    expect(run?.recordsStored).toBeGreaterThan(0);
  }, 30_000);

  it('is explained', async () => {
    const at = await directory();
    await writeFiles(at, { 'large.json': `[${spaced('spaced', { text })}]` });
    expect(await aims(at, ['explain', 'large.json'])).toMatchObject({ code: 0, stdout: expect.stringContaining('cloudtrail: ') });
  }, 30_000);
});

describe('an item nested 20,000 levels deep', () => {
  const deep = (open: string, close: string) => `${open.repeat(20_000)}"s"${close.repeat(20_000)}`;
  const withDeep = (id: string, value: string) => trailRecord(id, { requestParameters: 'HERE' }).replace('"HERE"', value);

  it('is kept, in a map of environment variables too, and in the envelope that carried it', async () => {
    const { run, records } = await collected(
      {
        'a.json': `[${withDeep('maps', `{"environment":${deep('{"variables":', '}')}}`)}]`,
        'b.json': `[${withDeep('pairs', `{"environment":${deep('[{"name":"a","value":', '}]')}}`)}]`,
        'c.json': eventBridge('aws.sagemaker', 'AWS API Call via CloudTrail', trailRecord('carried')).replace(
          '"7bf73129-1428-4cd3-a780-95db273d1602"',
          deep('[', ']'),
        ),
      },
      'cloudtrail',
    );
    expect(run).toMatchObject({ itemsRead: 4, recordsStored: 4, itemGaps: 0 });
    expect(records.filter(({ raw }) => raw.form === 'text')).toHaveLength(1);
    // What stands in an environment is taken out, however deep.
    expect(JSON.stringify(records)).not.toContain('\\"s\\"');
  });

  it('is explained, as an observation written by hand too', async () => {
    const at = await directory();
    const bare = `{"source":"cloudtrail","kind":"activity","detail":${withDeep('bare', deep('[', ']'))}}`;
    await writeFiles(at, { 'event.json': `[${withDeep('e', deep('[', ']'))}]`, 'bare.json': bare });
    for (const file of ['event.json', 'bare.json'])
      expect(await aims(at, ['explain', file])).toMatchObject({ code: 0, stdout: expect.stringContaining('cloudtrail: ') });
  });
});
