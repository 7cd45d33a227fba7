// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type * as z from 'zod';
import { printSample } from '../../scripts/gen/record-examples.ts';
import { collectShape } from '../../src/cli/output-shapes/collection-shapes.ts';
import { commandOutputs } from '../../src/cli/output-shapes/command-outputs.ts';
import { controlsShape } from '../../src/cli/output-shapes/controls-shape.ts';
import { checkpointShape, rebuildShape, verifyShape } from '../../src/cli/output-shapes/ledger-shapes.ts';
import { catalogItemShape, catalogShape, explainShape, seedAliasShape } from '../../src/cli/output-shapes/mapping-shapes.ts';
import { evidenceShape, gapsShape, receiptShape, runsShape } from '../../src/cli/output-shapes/record-list-shapes.ts';
import { showShape } from '../../src/cli/output-shapes/show-shape.ts';
import { statusShape } from '../../src/cli/output-shapes/status-shape.ts';
import { aims, aimsJson } from '../support/aims-command.ts';
import { oneOfEach, oneOfEachItems, writeFiles } from '../support/evidence-folder.ts';
import { trailRecord } from '../support/intake.ts';
import { temporaryDirectories } from '../support/temporary-directory.ts';
import { undocumentedMembers } from '../support/undocumented-members.ts';

const directory = temporaryDirectories('shapes');
const items = Object.values(oneOfEachItems).reduce((sum, one) => sum + one, 0);
let at: string;

beforeAll(async () => {
  at = await directory();
  await writeFiles(join(at, 'in'), { ...oneOfEach, 'trail/cut.json': `{"Records":[${trailRecord('e-3')},{"eventVersion":` });
  await aimsJson(collectShape, at, ['collect', '--from', 'in']);
});

const idOf = async (query: readonly string[]) => (await aimsJson(evidenceShape, at, ['evidence', ...query])).records[0]?.id ?? 'none';

describe('what a command prints for scripts is one JSON object:', () => {
  it('collect', async () => {
    const whole = await aimsJson(collectShape, at, ['collect', '--from', 'in']);
    const { home, runs } = whole;
    expect(home).toBe(join(at, '.aims'));
    expect(JSON.stringify(whole)).not.toContain('"Buffer"');
    expect(runs.map(({ source }) => source).sort()).toEqual(Object.keys(oneOfEachItems).sort());
  });

  it('catalog, with the 32 clauses and 38 controls that can be assessed', async () => {
    const { items: all } = await aimsJson(catalogShape, at, ['catalog']);
    expect(all.filter(({ kind }) => kind === 'clause')).toHaveLength(32);
    expect(all.filter(({ kind }) => kind === 'control')).toHaveLength(38);
    expect(await aimsJson(catalogItemShape, at, ['catalog', 'A.6.2.6'])).toMatchObject({ id: 'A.6.2.6' });
    expect(await aimsJson(seedAliasShape, at, ['catalog', 'seed:A.12'])).toMatchObject({
      alias: 'seed:A.12',
      services: expect.arrayContaining([
        expect.objectContaining({ service: 'AWS Audit Manager', status: 'closed-to-new', since: '2026-04-30' }),
      ]),
    });
  });

  it('evidence, page after page', async () => {
    const ids: string[] = [];
    let cursor: string | null = null;
    do {
      const args: string[] = ['evidence', '--limit', '4', ...(cursor === null ? [] : ['--cursor', cursor])];
      const page: z.infer<typeof evidenceShape> = await aimsJson(evidenceShape, at, args);
      expect(page.records.length).toBeLessThanOrEqual(4);
      ids.push(...page.records.map(({ id }) => id));
      cursor = page.cursor;
    } while (cursor !== null);
    expect(new Set(ids).size).toBe(ids.length);
    const whole = await aimsJson(evidenceShape, at, ['evidence', '--limit', '1000']);
    expect(ids).toEqual(whole.records.map(({ id }) => id));
    expect(ids.length).toBeGreaterThan(items);
  });

  it('evidence, narrowed by source, control, polarity and time', async () => {
    const { records } = await aimsJson(evidenceShape, at, ['evidence', '--source', 'macie']);
    expect(new Set(records.map(({ source }) => source))).toEqual(new Set(['macie']));
    const found = (await aimsJson(evidenceShape, at, ['evidence', '--limit', '1000'])).records.find(({ controls }) => controls.length > 0);
    const claim = found?.controls[0];
    if (found === undefined || claim === undefined) throw new Error('nothing claims anything');
    const narrowed = await aimsJson(evidenceShape, at, ['evidence', '--control', claim.control, '--polarity', claim.polarity]);
    expect(narrowed.records.map(({ id }) => id)).toContain(found.id);
    for (const { controls } of narrowed.records)
      expect(controls.some(({ control, polarity }) => control === claim.control && polarity === claim.polarity)).toBe(true);
    expect((await aimsJson(evidenceShape, at, ['evidence', '--until', '2000-01-01'])).records).toEqual([]);
  });

  it('show, with the raw answer, the reasons and a proof that holds', async () => {
    const { record, mapping, proofHolds } = await aimsJson(showShape, at, [
      'show',
      await idOf(['--source', 'macie', '--until', '2026-11-10']),
    ]);
    expect(record.core).toMatchObject({ source: 'macie', kind: 'finding' });
    expect(mapping.map(({ control }) => control)).toEqual(record.core.controls.map(({ control }) => control));
    expect(proofHolds).toBe(true);
  });

  it('controls, runs, receipt, gaps, checkpoint, verify and index rebuild', async () => {
    const coverage = await aimsJson(controlsShape, at, ['controls']);
    expect(coverage.items).toHaveLength(70);
    const { runs, unfinished } = await aimsJson(runsShape, at, ['runs']);
    expect(runs.length).toBeGreaterThanOrEqual(5);
    expect(unfinished).toEqual([]);
    const receipt = await aimsJson(receiptShape, at, ['receipt', runs[0]?.run ?? '']);
    expect(receipt.run).toBe(runs[0]?.run);
    const gaps = await aimsJson(gapsShape, at, ['gaps', '--all']);
    expect(gaps.open).toMatchObject([{ source: 'cloudtrail', reason: 'malformed', what: 'trail/cut.json' }]);
    expect(gaps.all).toHaveLength(1);
    expect((await aimsJson(checkpointShape, at, ['checkpoint'])).checkpoint).toContain('\n— ');
    await aimsJson(verifyShape, at, ['verify']);
    await aimsJson(rebuildShape, at, ['index', 'rebuild']);
  });

  it('status, of a home without queues: last runs, lag, gaps, what is sealed', async () => {
    const found = await aimsJson(statusShape, at, ['status']);
    expect(found).toMatchObject({ home: join(at, '.aims'), kind: 'real', queues: null, runsSince: null, waitingRuns: [] });
    expect(found.sources.map(({ source }) => source)).toEqual(Object.keys(oneOfEachItems).sort());
    // Files have no window and no schedule that could be missed.
    for (const one of found.sources) expect(one).toMatchObject({ lagSeconds: null, late: null, lastRun: { until: null } });
    expect(found.sources.filter(({ lastRun }) => lastRun?.complete === true).length).toBeGreaterThan(0);
    expect(found.gaps).toMatchObject({ open: 1, by: [{ source: 'cloudtrail', reason: 'malformed', open: 1 }] });
    const { size } = await aimsJson(checkpointShape, at, ['checkpoint']);
    expect(found.ledger).toMatchObject({ checkpoint: { size }, unsignedLeaves: 0, unsealed: { segments: 0, more: false } });
    expect(found.ledger.checkpoint?.at).not.toBeNull();
    expect((await aims(at, ['status'])).stdout).toContain('newest checkpoint');
  });

  it('explain, of an item from standard input or a file, with and without a home', async () => {
    const stop = { eventSource: 'cloudtrail.amazonaws.com', eventName: 'StopLogging', requestParameters: { name: 'main' } };
    const elsewhere = await directory();
    const { observations } = await aimsJson(explainShape, elsewhere, ['explain', '-'], { stdin: trailRecord('e', stop) });
    expect(observations).toMatchObject([{ source: 'cloudtrail', matches: [{ controls: expect.any(Array), why: expect.any(String) }] }]);
    expect(observations[0]?.matches[0]?.controls.length).toBeGreaterThan(0);
    await writeFiles(elsewhere, oneOfEach);
    expect((await aimsJson(explainShape, elsewhere, ['explain', '.'])).observations).toHaveLength(items);
    const report = await aimsJson(explainShape, elsewhere, ['explain', 'clarify/analysis.json']);
    expect(report.observations.map(({ source }) => source)).toEqual(Array(3).fill('sagemaker-clarify'));
    expect(await aims(elsewhere, ['explain', '-'], '{"colour":"red"}')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('unknown shape'),
    });
  });
});

describe('a plan, a receipt and a gap', () => {
  it('are records like any other: listed, shown and proven', async () => {
    const { records } = await aimsJson(evidenceShape, at, ['evidence', '--limit', '1000', '--source', 'cloudtrail']);
    for (const kind of ['plan', 'receipt', 'gap']) {
      const found = records.find((record) => record.kind === kind);
      expect({ kind, found: found !== undefined }).toEqual({ kind, found: true });
      const shown = await aimsJson(showShape, at, ['show', found?.id ?? '']);
      expect(shown).toMatchObject({ record: { core: { kind } }, mapping: [], proofHolds: true });
      expect(shown.proof).not.toBeNull();
    }
  });
});

describe('pattern test', () => {
  const pattern = '{"detail":{"eventName":[{"prefix":"Stop"}]}}';

  it('answers one pair by its exit code', async () => {
    const yes = await aims(at, ['pattern', 'test', pattern, '{"detail":{"eventName":"StopLogging"}}']);
    expect(yes).toEqual({ code: 0, stdout: 'matches\n', stderr: '' });
    const no = await aims(at, ['pattern', 'test', pattern, '-', '--json'], '{"detail":{"eventName":"StartLogging"}}');
    expect(no).toEqual({ code: 1, stdout: '{"matches":false}\n', stderr: '' });
  });

  it('answers lines by lines, a wrong one too', async () => {
    const lines = [
      `{"pattern":${pattern},"event":{"detail":{"eventName":"StopLogging"}}}`,
      `{"pattern":${pattern},"event":{"detail":{}}}`,
      '{"pattern":{"a":"not a list"},"event":{}}',
      'not JSON',
    ];
    const { code, stdout } = await aims(at, ['pattern', 'test', '-'], `${lines.join('\n')}\n`);
    const answers = stdout
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(code).toBe(0);
    expect(answers).toEqual([{ matches: true }, { matches: false }, { error: expect.any(String) }, { error: expect.any(String) }]);
  });
});

/** Every command that there is, as help lists them: `collect`, `index rebuild`. */
async function allCommands(above: readonly string[] = []): Promise<readonly string[]> {
  const { stdout } = await aims(at, [...above, '--help']);
  const listed = stdout.split('\nCommands:\n')[1];
  if (listed === undefined) return [above.join(' ')];
  const names = [...listed.matchAll(/^ {2}([a-z]+) /gm)].flatMap(([, name = '']) => (name === 'help' ? [] : [name]));
  return (await Promise.all(names.map((name) => allCommands([...above, name])))).flat();
}

describe('what scripts rely on', () => {
  it('is written down for every command that takes --json', async () => {
    const written = Object.values(commandOutputs).map(({ command }) => `${command} `);
    const taking: string[] = [];
    for (const command of await allCommands())
      if ((await aims(at, [...command.split(' '), '--help'])).stdout.includes('--json')) taking.push(command);
    expect(taking.length).toBeGreaterThanOrEqual(16);
    expect(taking.filter((command) => !written.some((one) => one.startsWith(`${command} `)))).toEqual([]);
    expect(written.filter((one) => !taking.some((command) => one.startsWith(`${command} `)))).toEqual([]);
  });

  it('is what every command prints of the sample account, each member named', async () => {
    const printed = await printSample();
    expect(printed.map(({ name }) => name).sort()).toEqual(Object.keys(commandOutputs).sort());
    for (const { name, output } of printed) {
      const { schema } = commandOutputs[name];
      expect({ name, problem: schema.safeParse(output).error?.message, undocumented: undocumentedMembers(schema, output) }).toEqual({
        name,
        undocumented: [],
      });
    }
  });

  it('is missed where a member is gone, and where one is not named', () => {
    const schema: z.ZodType = commandOutputs['index-rebuild'].schema;
    const output = { home: '/h', segments: 1, records: 2, damaged: [{ key: 'k', reason: 'r', more: 1 }] };
    expect(schema.safeParse(output).success).toBe(true);
    expect(undocumentedMembers(schema, output)).toEqual(['damaged[].more']);
    expect(schema.safeParse({ ...output, records: undefined }).success).toBe(false);
  });
});

describe('a command line', () => {
  it('with --help tells what the command does, and that it can print JSON', async () => {
    const commands = await allCommands();
    expect(commands).toEqual(expect.arrayContaining(['collect', 'start', 'verify', 'plan', 'index rebuild', 'pattern test']));
    for (const command of commands) {
      const { code, stdout, stderr } = await aims(at, [...command.split(' '), '--help']);
      expect({ command, code, stderr }).toEqual({ command, code: 0, stderr: '' });
      expect(stdout).toContain(`Usage: aims ${command}`);
      expect(stdout).toContain('--json');
    }
    const { stdout } = await aims(at, ['--help']);
    for (const command of commands) expect(stdout).toContain(`  ${command.split(' ')[0]}`);
    expect(await aims(at, ['--version'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^aims-evidence\/\d+\.\d+\.\d+/) });
  });

  it('that is wrong ends with 2, with words on standard error and nothing on standard output', async () => {
    const wrong = [
      [],
      ['nonsense'],
      ['collect', '--from'],
      ['collect', '--form', 'in'],
      ['collect', '--from', 'in', '--source', 'guardduty'],
      ['collect', '--from', 'in', '--config', 'nowhere.json'],
      ['evidence', '--control', 'A.99'],
      ['evidence', '--polarity', 'good'],
      ['evidence', '--limit', '0'],
      ['evidence', '--since', 'soon'],
      ['evidence', '--cursor', 'made-up'],
      ['catalog', 'A.7.9'],
      ['catalog', 'seed:Z.1'],
      ['show'],
      ['show', 'xyz'],
      ['show', 'ffffffff'],
      ['receipt', 'nobody'],
      ['explain', 'nowhere.json'],
      ['pattern', 'test', '{"a":"b"}', '{}'],
      ['pattern', 'test', '{"a":', '{}'],
      ['verify', '--checkpoint', 'nowhere'],
      ['index'],
    ];
    for (const args of wrong) {
      const { code, stdout, stderr } = await aims(at, args);
      expect({ args, code, stdout }).toEqual({ args, code: 2, stdout: '' });
      expect(stderr.length).toBeGreaterThan(20);
      expect(stderr).not.toContain('unexpected failure');
    }
  });
});
