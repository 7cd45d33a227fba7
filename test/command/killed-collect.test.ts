// SPDX-License-Identifier: Apache-2.0
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { collectShape } from '../../src/cli/output-shapes/collection-shapes.ts';
import { verifyShape } from '../../src/cli/output-shapes/ledger-shapes.ts';
import { gapsShape } from '../../src/cli/output-shapes/record-list-shapes.ts';
import type { EvidenceRecord } from '../../src/evidence/record.ts';
import { aimsJson } from '../support/aims-command.ts';
import { logFile, oneOfEach, writeFiles } from '../support/evidence-folder.ts';
import { indexState, lastingState, observationsIn, vaultRecords } from '../support/home-state.ts';
import { trailRecord } from '../support/intake.ts';
import { temporaryDirectories } from '../support/temporary-directory.ts';

const directory = temporaryDirectories('killed-collect');
const program = join(import.meta.dirname, '../../bin/aims.ts');
const killer = join(import.meta.dirname, '../support/kill-at.ts');
const collectArgs = ['collect', '--from', 'in', '--source', 'cloudtrail,macie'];
const run = promisify(execFile);

/** Collects in a process of its own that is killed before its n-th durable step; 0 lets it live and tells how many there were. */
async function collectKilled(at: string, killAt: number): Promise<{ readonly killed: boolean; readonly steps: number }> {
  const env = { ...process.env, NODE_OPTIONS: '', AIMS_KILL_AT: String(killAt), AIMS_KILL_MOMENT: 'before' };
  try {
    const { stderr } = await run(process.execPath, ['--import', killer, program, ...collectArgs, '--json'], { cwd: at, env });
    return { killed: false, steps: Number(stderr) };
  } catch (error) {
    if (!(Error.isError(error) && 'signal' in error && error.signal === 'SIGKILL')) throw error;
    return { killed: true, steps: 0 };
  }
}

const ofKind = (records: readonly EvidenceRecord[], kind: string) => records.filter(({ core }) => core.kind === kind);
const isInterruption = ({ raw }: EvidenceRecord) => JSON.stringify(raw.detail).includes('"reason":"interrupted"');

async function recordsIn(at: string): Promise<EvidenceRecord[]> {
  return existsSync(join(at, '.aims/home.json')) ? await vaultRecords(join(at, '.aims')) : [];
}

/** What must hold once a collection has run after the kills: all is there once, each cut run is one gap, everything verifies. */
async function expectMended(at: string, lost: readonly EvidenceRecord[]): Promise<number> {
  const records = await recordsIn(at);
  const ids = new Set(records.map(({ core }) => core.id));
  expect(lost.filter(({ core }) => !ids.has(core.id))).toEqual([]);
  const finished = new Set(ofKind(records, 'receipt').map(({ core }) => core.run));
  const cut = ofKind(records, 'plan').filter(({ core }) => !finished.has(core.run));
  const gaps = ofKind(records, 'gap').filter(isInterruption);
  expect(gaps.map(({ raw }) => raw.facts['what']).sort()).toEqual(cut.map(({ core }) => `run ${core.run}`).sort());
  expect(await aimsJson(verifyShape, at, ['verify', '--records'])).toMatchObject({ ok: true, problems: [], pending: [] });
  const state = await indexState(join(at, '.aims'));
  expect(state.unfinished).toEqual([]);
  expect(new Set(state.entries.map(({ id }) => id))).toEqual(ids);
  return cut.length;
}

/** What a kill left is in order as it stands: what is not sealed yet waits, and nobody is sent to look for an intruder. */
async function expectVerifiable(at: string): Promise<void> {
  if (!existsSync(join(at, '.aims/home.json'))) return;
  expect(await aimsJson(verifyShape, at, ['verify', '--records'])).toMatchObject({ ok: true, problems: [] });
}

async function folder(): Promise<string> {
  const at = await directory();
  await writeFiles(join(at, 'in'), oneOfEach);
  return at;
}

describe('a collection that is killed', () => {
  it('before any of its durable steps loses nothing, doubles nothing, and is told as a gap once', async () => {
    const whole = await folder();
    const { steps } = await collectKilled(whole, 0);
    expect(steps).toBeGreaterThan(14);
    const expected = lastingState(await indexState(join(whole, '.aims')));
    const cuts: number[] = [];
    const killOnce = async (killAt: number) => {
      const at = await folder();
      expect({ killAt, ...(await collectKilled(at, killAt)) }).toMatchObject({ killAt, killed: true });
      const before = await recordsIn(at);
      await expectVerifiable(at);
      await aimsJson(collectShape, at, collectArgs);
      const cut = await expectMended(at, before);
      cuts.push(cut);
      const mended = lastingState(await indexState(join(at, '.aims')));
      expect(mended.counts).toEqual(expected.counts);
      expect(mended.observations.map(({ id }) => id)).toEqual(expected.observations.map(({ id }) => id));
      // Twice collected since: the gap is still the one.
      await aimsJson(collectShape, at, collectArgs);
      expect(await expectMended(at, before)).toBe(cut);
    };
    for (let killAt = 1; killAt <= steps; killAt += 2) {
      await Promise.all([killOnce(killAt), ...(killAt < steps ? [killOnce(killAt + 1)] : [])]);
    }
    // Before its plans are durable nothing was begun; later both runs stand open, or one.
    expect(new Set(cuts)).toEqual(new Set([0, 1, 2]));
  }, 120_000);

  it('at any moment, again and again in one home, leaves nothing that the next does not mend', async () => {
    const at = await folder();
    await aimsJson(collectShape, at, collectArgs);
    for (const [round, delay] of [300, 380, 460, 540].entries()) {
      const events = Array.from({ length: 400 }, (_, i) => trailRecord(`r${round}-${i}`));
      await writeFiles(join(at, 'in'), { [`trail/r${round}.json.gz`]: logFile(...events) });
      await killAfter(at, delay);
      await expectVerifiable(at);
    }
    const before = await recordsIn(at);
    const { runs } = await aimsJson(collectShape, at, collectArgs);
    await expectMended(at, before);
    expect(observationsIn(await indexState(join(at, '.aims')))).toHaveLength(3 + 4 * 400);
    expect(runs.reduce((sum, one) => sum + one.itemsRead, 0)).toBe(3 + 4 * 400);
    expect((await aimsJson(gapsShape, at, ['gaps'])).open).toEqual([]);
  }, 60_000);
});

/** Kills a collection some time after its start: where it stands by then differs from run to run, and must not matter. */
async function killAfter(at: string, milliseconds: number): Promise<void> {
  const child = spawn(process.execPath, [program, ...collectArgs], { cwd: at, stdio: 'ignore', env: { ...process.env, NODE_OPTIONS: '' } });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds);
  await ended;
  clearTimeout(timer);
}
