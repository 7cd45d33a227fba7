// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { exitCodeOf, wordsOf } from '../../src/cli/exit-code.ts';
import { collectShape } from '../../src/cli/output-shapes/collection-shapes.ts';
import { verifyShape } from '../../src/cli/output-shapes/ledger-shapes.ts';
import { gapsShape } from '../../src/cli/output-shapes/record-list-shapes.ts';
import { collectFiles } from '../../src/collect/collect-files.ts';
import { noDeclarations } from '../../src/evidence/scope-file.ts';
import { collectInto, type SealedReport } from '../../src/runtime/collect-laptop.ts';
import { openHomeForWriting } from '../../src/runtime/directory-home.ts';
import { fileProcessor } from '../../src/runtime/file-processor.ts';
import { laptopTools } from '../../src/runtime/laptop-tools.ts';
import { fileItems } from '../../src/sources/file-items.ts';
import { type Vault, VaultError } from '../../src/vault/vault.ts';
import { aimsJson } from '../support/aims-command.ts';
import { logFile, writeFiles } from '../support/evidence-folder.ts';
import { type FailureMoment, failingVault, WritePlan } from '../support/failing.ts';
import { indexState, observationsIn } from '../support/home-state.ts';
import { trailRecord } from '../support/intake.ts';
import { temporaryDirectories } from '../support/temporary-directory.ts';

const directory = temporaryDirectories('full-disk');
const run = promisify(execFile);
const names = ['a', 'b', 'c', 'd', 'e'];
const eventsEach = 5;
const eventsInAll = names.length * eventsEach;

/** A folder whose records fill more than one segment: 25 events of 400 KB that do not compress. */
async function folder(): Promise<string> {
  const at = await directory();
  for (const name of names) {
    const events = Array.from({ length: eventsEach }, (_, i) =>
      trailRecord(`${name}-${i}`, { requestParameters: { blob: randomBytes(200_000).toString('hex') } }),
    );
    await writeFiles(join(at, 'in'), { [`${name}.json.gz`]: logFile(...events) });
  }
  return at;
}

const full = (what: string) => {
  throw new VaultError('VAULT_FULL', `no room for ${what} (ENOSPC): free some and run again, nothing stored is lost`);
};

/** Collects CloudTrail from a folder into a home whose vault is wrapped. */
async function collectWith(at: string, wrap: (vault: Vault) => Vault): Promise<SealedReport> {
  const root = join(at, 'in');
  const tools = laptopTools(noDeclarations);
  const home = await openHomeForWriting(join(at, '.aims'), 'real');
  const sweptAt = '2026-11-20T12:00:00Z';
  const setting = { home: { ...home, vault: wrap(home.vault) }, tools, declarations: noDeclarations, sweptAt, progress: () => undefined };
  try {
    return await collectInto(setting, (collection) =>
      collectFiles(collection, {
        readings: fileItems(root),
        sources: ['cloudtrail'],
        from: 'in',
        openProcessor: (contexts) => fileProcessor(root, tools.pipeline, { setting: { sweptAt, contexts }, declarations: noDeclarations }),
      }),
    );
  } finally {
    await home.close();
  }
}

async function expectWholeAfterwards(at: string): Promise<void> {
  const { runs } = await aimsJson(collectShape, at, ['collect', '--from', 'in', '--source', 'cloudtrail']);
  expect(runs[0]?.itemsRead).toBe(eventsInAll);
  expect(observationsIn(await indexState(join(at, '.aims')))).toHaveLength(eventsInAll);
  expect(await aimsJson(verifyShape, at, ['verify', '--records'])).toMatchObject({ ok: true, problems: [], pending: [] });
}

describe('a disk that is full', () => {
  it('ends a collection with the file and the cause; what was stored stays, and the next goes on from there', async () => {
    const at = await folder();
    const writes = new WritePlan(0, 'before');
    await collectWith(at, (vault) => failingVault(vault, writes));
    expect(writes.writes).toBeGreaterThan(2);
    for (const moment of ['before', 'after'] satisfies FailureMoment[]) {
      for (let failAt = 1; failAt <= writes.writes; failAt++) {
        rmSync(join(at, '.aims'), { recursive: true });
        const plan = new WritePlan(failAt, moment, full);
        const error: unknown = await collectWith(at, (vault) => failingVault(vault, plan)).catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ code: 'VAULT_FULL' });
        expect(exitCodeOf(error)).toBe(3);
        expect(wordsOf(error)).toMatch(/^VAULT_FULL: no room for put written=.*free some and run again, nothing stored is lost$/);
        expect(existsSync(join(at, '.aims/scratch'))).toBe(false);
      }
      await expectWholeAfterwards(at);
      // At last it failed before, or after, the segment with the receipt: a run without one is told by the run that finds it.
      const { all = [] } = await aimsJson(gapsShape, at, ['gaps', '--all']);
      expect(all.filter(({ title }) => title.startsWith('interrupted: run '))).toHaveLength(moment === 'before' ? 1 : 0);
    }
  }, 60_000);

  it('tells so on standard error with exit 3, as the system says it', async () => {
    const at = await folder();
    const program = join(import.meta.dirname, '../../bin/aims.ts');
    // The shell limits how large a file of its child may be (in 512 bytes): the index fits, a segment of 8 MiB does not.
    const script = 'ulimit -f 4000; trap "" XFSZ; exec "$0" "$@"';
    const args = ['-c', script, process.execPath, program, 'collect', '--from', 'in', '--source', 'cloudtrail', '--json'];
    const failed: unknown = await run('sh', args, { cwd: at, env: { ...process.env, NODE_OPTIONS: '' } }).catch((error: unknown) => error);
    expect(failed).toMatchObject({
      code: 3,
      stdout: '',
      stderr: expect.stringMatching(/^(VAULT_FULL: no room for written=|HOME_UNWRITABLE: cannot write the scratch file).*EFBIG/),
    });
    expect(readdirSync(join(at, '.aims'))).not.toContain('scratch');
    await expectWholeAfterwards(at);
  }, 30_000);
});
