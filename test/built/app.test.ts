// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { temporaryDirectories } from '../support/temporary-directory.ts';

const run = promisify(execFile);
const app = fileURLToPath(new URL('../../bin/app.ts', import.meta.url));
const newDirectory = temporaryDirectories('app');

/** Runs the app as the CDK's command line does, in a folder with this configuration; the templates by the name of their stack. */
async function synthesise(configuration: object | null, context: object = {}) {
  const directory = await newDirectory();
  const outdir = join(directory, 'cdk.out');
  if (configuration !== null) await writeFile(join(directory, 'aims.config.json'), JSON.stringify(configuration));
  const env = { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify(context) };
  await run(process.execPath, [app], { cwd: directory, env, maxBuffer: 1 << 26 });
  const names = (await readdir(outdir)).filter((name) => name.endsWith('.template.json'));
  const texts = await Promise.all(names.map((name) => readFile(join(outdir, name), 'utf8')));
  return new Map(names.map((name, index) => [name.replace('.template.json', ''), JSON.parse(texts[index] ?? 'null')]));
}

describe('the CDK app', () => {
  it('synthesises one stack with nothing configured, the functions built on the way', async () => {
    const templates = await synthesise(null);
    expect([...templates.keys()]).toEqual(['AimsEvidence']);
    expect(templates.get('AimsEvidence').Outputs.RetentionDays.Value).toBe('1100');
  }, 600_000);

  it('reads the configuration of its folder, and the context over it', async () => {
    const configuration = { accounts: ['111122223333'], vault: { retentionDays: 400 }, member: { roleName: 'ReadOurs' } };
    const templates = await synthesise(configuration, { lockMode: 'COMPLIANCE' });
    expect([...templates.keys()].sort()).toEqual(['AimsEvidence', 'AimsEvidenceMember']);
    const { Outputs } = templates.get('AimsEvidence');
    expect([Outputs.RetentionDays.Value, Outputs.LockMode.Value]).toEqual(['400', 'COMPLIANCE']);
    expect(JSON.stringify(templates.get('AimsEvidenceMember'))).toContain('ReadOurs');
  }, 600_000);

  it('deploys nothing of a configuration that is wrong', async () => {
    await expect(synthesise({ vault: { retentionDays: 0 } })).rejects.toThrow(/CONFIG_INVALID.*retentionDays/s);
  }, 600_000);
});
