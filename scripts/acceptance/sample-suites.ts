// SPDX-License-Identifier: Apache-2.0
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CollectionAnswer, checkpoint, collect, verify } from './run-aims.ts';
import { Checks, couldNotRun, type SuiteResult } from './suite-result.ts';
import { filesNamed, flipBit, largestSegment, removeSegment, segmentKeys, truncate } from './vault-files.ts';

/** Folders of real AWS output, under `samples/`. */
const folders = ['cloudtrail', 'securityhub', 'macie', 'model-monitor', 'clarify', 'ocsf', 'eventbridge'];

/** Collects each folder as a user would, accounts for all of it, and tries to change the evidence unnoticed. */
export function* runSampleSuites(dir: string): Generator<SuiteResult> {
  for (const folder of folders) {
    const from = join(dir, 'samples', folder);
    if (existsSync(from)) yield runSample(folder, from);
    else yield couldNotRun(`samples/${folder}`, `${from} is missing`);
  }
}

function runSample(folder: string, from: string): SuiteResult {
  const scratch = mkdtempSync(join(tmpdir(), 'aims-acceptance-'));
  try {
    const checks = new Checks(`samples/${folder}`);
    const home = join(scratch, 'home');
    const first = collect(home, from);
    checks.check(first.status === 0, `collect ended with ${first.status}`);
    checkCounts(checks, first.answer);
    checkFiles(checks, first.answer, { home, from, scratch });
    cpSync(home, join(scratch, 'earlier'), { recursive: true });
    const again = collect(home, from).answer.runs;
    checks.check(
      again.every((run) => run.recordsStored === 0),
      `collecting again stored ${again.map((run) => run.recordsStored).join(', ')} records`,
    );
    checkTampering(checks, { home, scratch });
    return checks.result;
  } catch (error) {
    return couldNotRun(`samples/${folder}`, String(error));
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function checkCounts(checks: Checks, { runs }: CollectionAnswer): void {
  checks.check(
    runs.some((run) => run.recordsStored > 0),
    'no record was stored',
  );
  for (const { source, itemsRead, recordsStored, duplicates, itemGaps } of runs) {
    const sum = recordsStored + duplicates + itemGaps;
    checks.check(
      itemsRead === sum,
      `${source}: ${itemsRead} items read, but ${recordsStored} stored, ${duplicates} known and ${itemGaps} gaps make ${sum}`,
    );
  }
}

/** Every file gave a record or a gap, is listed as not recognised, or holds only what another file held before it. */
function checkFiles(checks: Checks, answer: CollectionAnswer, at: { home: string; from: string; scratch: string }): void {
  const files = readdirSync(at.from, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(at.from, name)).isFile());
  const listed = new Set(answer.unrecognised.map(({ path }) => path));
  const named = filesNamed(at.home);
  checks.check(files.length > 0, 'the folder is empty');
  for (const [number, file] of files.entries()) {
    const isTold = listed.has(file) || named.has(file);
    const isHeld = () => itemsOf(join(at.scratch, `alone-${number}`), join(at.from, file)) > 0;
    checks.check(isTold || isHeld(), `${file} is in no record, no gap and not in the list of what was not recognised`);
  }
}

function itemsOf(home: string, file: string): number {
  return collect(home, file).answer.runs.reduce((sum, run) => sum + run.itemsRead, 0);
}

function checkTampering(checks: Checks, { home, scratch }: { home: string; scratch: string }): void {
  const kept = checkpoint(home);
  writeFileSync(join(scratch, 'kept'), kept.checkpoint);
  const pinned = ['--checkpoint', join(scratch, 'kept'), '--key', kept.verifierKey];
  const clean = verify(home, pinned);
  checks.check(clean.status === 0 && clean.answer.ok, `verify of an untouched home: ${JSON.stringify(clean.answer.problems)}`);
  const keys = segmentKeys(home);
  const attacks: readonly [what: string, item: string, change: (home: string, key: string) => void][] = [
    ['a flipped bit', largestSegment(home), flipBit],
    ['a removed segment', keys[0] ?? '', removeSegment],
    ['a truncated newest segment', keys.at(-1) ?? '', truncate],
  ];
  for (const [what, item, change] of attacks) {
    const copy = join(scratch, 'changed');
    cpSync(home, copy, { recursive: true });
    change(copy, item);
    checkNamed(checks, what, { copy, item, kept: [] });
    rmSync(copy, { recursive: true });
  }
  // The home as it was one collection earlier: newest checkpoint, head, tiles and segments are gone together.
  checkNamed(checks, 'a rolled-back home', { copy: join(scratch, 'earlier'), item: 'checkpoint', kept: pinned });
}

function checkNamed(checks: Checks, what: string, { copy, item, kept }: { copy: string; item: string; kept: readonly string[] }): void {
  const { status, answer } = verify(copy, kept);
  checks.check(status === 1 && !answer.ok, `${what} was not noticed: exit ${status}`);
  checks.check(
    answer.problems.some((problem) => problem.item.includes(item)),
    `${what}: ${item} is not named among ${JSON.stringify(answer.problems)}`,
  );
}
