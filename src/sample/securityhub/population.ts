// SPDX-License-Identifier: Apache-2.0
import type { SampleWorld } from '../world.ts';
import { accountFindings } from './account-findings.ts';
import { productFindings } from './product-findings.ts';
import type { FindingPlace, SampleFinding } from './sample-finding.ts';
import { systemFindings } from './system-findings.ts';

/** All findings of one account and Region in the order of their last update, made one by one, so that a large scale costs no memory. */
export interface Population {
  readonly size: number;
  /** The finding at a place in the order, from 0. */
  at(index: number): PlacedFinding;
  /** Index of the first finding updated at or after a time. */
  indexFrom(milliseconds: number): number;
}

/** One finding and where it is. */
export interface PlacedFinding {
  readonly finding: SampleFinding;
  readonly place: FindingPlace;
}

interface Block {
  readonly finding: SampleFinding;
  readonly start: number;
  readonly copies: number;
  readonly updated: number;
}

const dayMilliseconds = 86_400_000;
const populations = new WeakMap<SampleWorld, Map<string, Population>>();

/** The population of an account and Region; made once for a world. */
export function populationOf(world: SampleWorld, account: string, region: string): Population {
  const known = populations.get(world) ?? new Map<string, Population>();
  populations.set(world, known);
  const key = `${account} ${region}`;
  const population = known.get(key) ?? populate(world, account, region);
  known.set(key, population);
  return population;
}

function populate(world: SampleWorld, account: string, region: string): Population {
  const systems = world.systems.filter((system) => system.account === account && system.region === region);
  const findings = [
    ...accountFindings(world, account, region),
    ...systems.flatMap(systemFindings),
    ...productFindings(world, account, region),
  ];
  const blocks = blocksOf(findings, world);
  const last = blocks.at(-1);
  const size = last === undefined ? 0 : last.start + last.copies;
  const step = stepOf(blocks);
  return {
    size,
    at: (index) => placed(blocks, index, { account, region, step }),
    indexFrom: (milliseconds) => indexFrom(blocks, milliseconds, step, size),
  };
}

function blocksOf(findings: readonly SampleFinding[], world: SampleWorld): readonly Block[] {
  const since = Date.parse(world.since);
  let start = 0;
  return [...findings]
    .sort((a, b) => a.day - b.day || (a.name < b.name ? -1 : 1))
    .map((finding) => {
      const copies = finding.repeats ? world.scale : 1;
      const block = { finding, start, copies, updated: since + Math.round(finding.day * dayMilliseconds) };
      start += copies;
      return block;
    });
}

/** Milliseconds between repetitions of one finding: so small that all of them come before the next finding. */
function stepOf(blocks: readonly Block[]): number {
  const steps = blocks.map((block, i) => ((blocks[i + 1]?.updated ?? block.updated + dayMilliseconds) - block.updated) / block.copies);
  return Math.max(0, Math.min(1000, ...steps));
}

function placed(blocks: readonly Block[], index: number, where: { account: string; region: string; step: number }): PlacedFinding {
  const block = blocks.findLast((one) => one.start <= index);
  if (block === undefined) throw new RangeError(`the sample has no finding ${index}`);
  const copy = index - block.start;
  const { account, region, step } = where;
  return { finding: block.finding, place: { account, region, copy, updated: block.updated + Math.floor(copy * step) } };
}

function indexFrom(blocks: readonly Block[], milliseconds: number, step: number, size: number): number {
  for (const block of blocks) {
    if (block.updated >= milliseconds) return block.start;
    const copy = step === 0 ? block.copies : Math.ceil((milliseconds - block.updated) / step);
    if (copy < block.copies) return block.start + copy;
  }
  return size;
}
