// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { evidenceShape } from '../../src/cli/output-shapes/record-list-shapes.ts';
import { aims, aimsJson } from '../support/aims-command.ts';
import { oneOfEach, writeFiles } from '../support/evidence-folder.ts';
import { trailRecord } from '../support/intake.ts';
import { temporaryDirectories } from '../support/temporary-directory.ts';

const run = promisify(execFile);
const directory = temporaryDirectories('readme');
const command = fileURLToPath(new URL('../../bin/aims.js', import.meta.url));

interface Block {
  readonly language: string;
  readonly text: string;
}

const blocks: readonly Block[] = [...readFileSync('README.md', 'utf8').matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].map(
  ([, language = '', text = '']) => ({ language, text }),
);

/** What a line needs that a test has not: a checkout of its own, an account, a deployed stack. */
const needs: readonly (readonly [what: string, lines: RegExp])[] = [
  ['a fresh clone', /^npm ci\b/],
  ['an account', /\baims collect (?!--from)|\bcdk\b/],
  ['a deployed stack', /--home aws\b/],
];
const needOf = (line: string) => needs.find(([, lines]) => lines.test(line))?.[0] ?? null;

/** `# name.yaml` on the first line of a block says which file it is. */
const files = blocks.flatMap(({ language, text }) => {
  const name = language === 'yaml' ? /^# (\S+\.yaml)\n/.exec(text)?.[1] : undefined;
  return name === undefined ? [] : [[name, text] as const];
});

const credit = {
  eventName: 'DeleteBucketPolicy',
  eventSource: 's3.amazonaws.com',
  requestParameters: { bucketName: 'credit-training-2026' },
};
let at: string;
const done: { readonly line: string; readonly stdout: string }[] = [];

/** Runs one line as a person's shell does; fails with what it said. */
async function shell(line: string): Promise<string> {
  const env = { ...process.env, HOME: at, PATH: `${join(at, 'bin')}${delimiter}${process.env['PATH']}` };
  const { stdout } = await run('sh', ['-c', line], { cwd: at, env, maxBuffer: 1 << 26 });
  return stdout;
}

/** The README shows the id of a record that no other home has: one that is there takes its place. */
async function ofThisHome(line: string): Promise<string> {
  if (!/\baims show /.test(line)) return line;
  const [record] = (await aimsJson(evidenceShape, at, ['evidence', '--limit', '1', '--source', 'cloudtrail'])).records;
  return line.replace(/(show )[0-9a-f]{12}/, `$1${record?.id.slice(0, 12)}`);
}

beforeAll(async () => {
  at = await directory();
  await writeFiles(join(at, 'my-logs'), oneOfEach);
  await writeFiles(at, {
    'one-event.json': trailRecord('e-7'),
    'bin/npx': `#!/bin/sh\nshift\nexec '${process.execPath}' '${command}' "$@"\n`,
  });
  chmodSync(join(at, 'bin/npx'), 0o755);
  for (const { language, text } of blocks) {
    if (language === 'yaml') for (const [name, content] of files.filter(([, one]) => one === text)) writeFileSync(join(at, name), content);
    if (language !== 'sh') continue;
    for (const line of text.split('\n').filter((one) => one.trim() !== '' && needOf(one) === null))
      done.push({ line, stdout: await shell(await ofThisHome(line)) });
  }
}, 300_000);

describe('the README', () => {
  it('shows commands that work as they stand, in their order, but for those that need AWS or a clone', () => {
    const commands = done.map(({ line }) => line.split('#')[0]?.trim());
    expect(commands).toEqual([
      'npx aims collect --from ~/my-logs',
      'npx aims controls',
      'npx aims evidence --control A.6.2.8',
      expect.stringMatching(/^npx aims show [0-9a-f]{12}$/),
      'npx aims explain one-event.json',
      'npx aims gaps',
      'npx aims checkpoint > kept.txt',
      'npx aims verify --records --checkpoint kept.txt',
      'npx aims plan',
    ]);
    const shown = blocks
      .filter(({ language }) => language === 'sh')
      .flatMap(({ text }) => text.split('\n').filter((line) => line.trim() !== ''));
    expect(shown.filter((line) => needOf(line) === 'an account')).toHaveLength(2);
    expect(shown.length - done.length).toBe(6);
  });

  it('ends in a home that verifies, with the key that was kept, and with nothing left open', () => {
    const verified = done.find(({ line }) => line.includes('aims verify'))?.stdout ?? '';
    expect(verified).toContain('verified: everything is as it was sealed');
    expect(verified).toContain('--checkpoint kept.txt');
    expect(verified).not.toContain('note: ');
  });

  it('shows configuration files that work together: systems in scope, limits, approvals', async () => {
    expect(files.map(([name]) => name)).toEqual(['aims.config.yaml', 'scope.yaml', 'thresholds.yaml', 'approvals.yaml']);
    expect(await shell('npx aims collect --from ~/my-logs')).toContain('cloudtrail');
    await writeFiles(at, { 'credit.json': trailRecord('e-8', credit) });
    const explained = async (file: string) => (await aims(at, ['explain', file])).stdout;
    expect(await explained('credit.json')).toContain('in scope: credit-scoring');
    const withLimits = await explained('my-logs/clarify/analysis.json');
    rmSync(join(at, 'aims.config.yaml'));
    expect(await explained('credit.json')).not.toContain('credit-scoring');
    const without = await explained('my-logs/clarify/analysis.json');
    // A metric beyond an approved limit is an exception; without a limit a person must look at it.
    expect(withLimits).toMatch(/ exception$/m);
    expect(without).not.toMatch(/ exception$/m);
  });
});
