// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { withSmallMemory } from '../bin/small-memory.js';
import { writeLogFolder } from './cloudtrail-records.ts';
import { floorMilliseconds } from './floor.ts';
import { mapInline, TwoCores } from './map-records.ts';
import { RecordBytes } from './record-bytes.ts';
import { mapWithRules } from './rule-count.ts';
import { printSealCost } from './seal-cost.ts';
import { toolsMilliseconds, verifyMilliseconds } from './verify-home.ts';

// `npm run bench [-- --large N]`: figures and their ratio to the floor measured in the same run. Nothing fails on a clock.
const small = 100_000;
const largeAt = process.argv.indexOf('--large');
const large = largeAt > 0 ? Number(process.argv[largeAt + 1]) : 1_000_000;
const rounds = 4;

const perRecord = (milliseconds: number, records: number) => `${((milliseconds * 1000) / records).toFixed(1)} µs a record`;

function say(what: string, figure: string, ratio?: number, goal?: string): void {
  console.log(
    `${what.padEnd(58)} ${figure.padEnd(22)} ${ratio === undefined ? '' : `${ratio.toFixed(2)} ×`.padEnd(9)} ${goal ?? ''}`.trimEnd(),
  );
}

/** The best of several rounds of each. One after the other in each round, so that a neighbour on the machine disturbs none more than the others. */
async function inTurn(works: readonly (() => number | Promise<number>)[]): Promise<number[]> {
  const best = works.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < rounds; round++) for (const [i, work] of works.entries()) best[i] = Math.min(best[i] ?? 0, await work());
  return best;
}

async function hotPath(): Promise<number> {
  const records = new RecordBytes(small);
  const both = new TwoCores();
  const works = [floorMilliseconds, mapInline, async (all: RecordBytes) => await both.map(all)];
  const [floor = 0, one = 0, two = 0] = await inTurn(works.map((work) => () => work(records)));
  await both.close();
  say(`floor: parse, hash, write, compress (${small} of ${records.meanBytes.toFixed(0)} bytes)`, perRecord(floor, small), 1);
  say('map, redact, canonicalise, hash, compress; one core', perRecord(one, small), one / floor, 'goal 2.2');
  say(`the same on ${availableParallelism()} cores`, perRecord(two, small), two / floor, 'goal 1.5');
  const [few = 0, many = 0] = await inTurn([500, 10_000].map((rules) => () => mapWithRules(records, small / 2, rules)));
  say('mapping alone, 500 rules', perRecord(few, small / 2));
  say('mapping alone, 10,000 rules', perRecord(many, small / 2), many / few, 'goal 1.2 of 500 rules');
  return floor / small;
}

interface Collected {
  readonly stored: number;
  readonly milliseconds: number;
  readonly startUp: number;
  readonly peakMiB: number;
}

function collectFolder(directory: string, records: number): Collected & { readonly home: string } {
  const folder = join(directory, `logs-${records}`);
  const home = join(directory, `home-${records}`);
  rmSync(home, { recursive: true, force: true });
  writeLogFolder(folder, records);
  const out = execFileSync(process.execPath, ['bench/collect-child.ts', folder, home], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  const collected: Collected = JSON.parse(out);
  if (collected.stored !== records) throw new Error(`stored ${collected.stored} of ${records} records`);
  return { ...collected, home };
}

const bestOf = (runs: readonly Collected[]) => runs.reduce((best, run) => (run.milliseconds < best.milliseconds ? run : best));

async function wholePath(directory: string, floorPerRecord: number): Promise<void> {
  const one = bestOf(Array.from({ length: rounds }, () => collectFolder(directory, small)));
  say('start-up of the command (in no rate)', `${one.startUp.toFixed(0)} ms`);
  say(
    `whole path with index and ledger, ${small}`,
    perRecord(one.milliseconds, small),
    one.milliseconds / small / floorPerRecord,
    'goal 3',
  );
  const many = collectFolder(directory, large);
  say(`whole path, ${large}`, perRecord(many.milliseconds, large), many.milliseconds / large / floorPerRecord, 'goal 3');
  const rate = one.milliseconds / small / (many.milliseconds / large);
  say(`rate at ${large} against rate at ${small}`, '', rate, 'goal 0.9 or more');
  say(`peak memory at ${large}`, `${many.peakMiB.toFixed(0)} MiB`, undefined, 'goal 256');
  await verification(many.home);
}

async function verification(home: string): Promise<void> {
  const tools = toolsMilliseconds(home);
  const plain = await verifyMilliseconds(home, false);
  const records = await verifyMilliseconds(home, true);
  if (tools === null) console.log('sha256sum or zstd is not on this machine: verify has no floor here');
  else say('floor: sha256sum and zstd -d over all segments', `${tools.toFixed(0)} ms`, 1);
  say('verify', `${plain.toFixed(0)} ms`, tools === null ? undefined : plain / tools, 'goal 1.5');
  say('verify --records', `${records.toFixed(0)} ms`, tools === null ? undefined : records / tools, 'goal 4');
}

// With the memory that `aims collect` gives itself: what is measured is what it does.
withSmallMemory();
const directory = mkdtempSync(join(tmpdir(), 'aims-bench-'));
try {
  await wholePath(directory, await hotPath());
} finally {
  rmSync(directory, { recursive: true, force: true });
}
await printSealCost();
