// SPDX-License-Identifier: Apache-2.0
import { decodeRecord } from '../../src/evidence/decode-record.ts';
import type { EvidenceRecord } from '../../src/evidence/record.ts';
import type { EvidenceIndex, IndexEntry } from '../../src/evidence-index/evidence-index.ts';
import { openHomeForReading, openSealedStores } from '../../src/runtime/directory-home.ts';
import { openSegment } from '../../src/vault/open-segment.ts';
import { listAll } from './index-views.ts';

const own = ['plan', 'receipt', 'gap'];

/** All that an index answers, so that two can be compared. */
export interface IndexState {
  readonly segments: readonly string[];
  readonly entries: readonly IndexEntry[];
  readonly counts: readonly unknown[];
  readonly days: readonly unknown[];
  readonly totals: readonly unknown[];
  readonly openGaps: readonly unknown[];
  readonly unfinished: readonly string[];
  readonly accountsWithAi: readonly string[];
}

/** Everything that the index of a home answers. */
export async function indexState(home: string): Promise<IndexState> {
  return await withIndex(home, stateOf);
}

async function stateOf(index: EvidenceIndex): Promise<IndexState> {
  return {
    segments: await Array.fromAsync(index.segments()),
    entries: await listAll(index, {}, 1_000),
    counts: await index.counts(),
    days: await index.countsByDay({}),
    totals: await index.totals(),
    openGaps: await index.openGaps(),
    unfinished: (await index.unfinishedPlans()).map((plan) => plan.run),
    accountsWithAi: [...(await index.accountsWithAi())].sort(),
  };
}

/** What must not change when the same things are collected again: the observations with their claims, the counts, the gaps. */
export function lastingState(state: IndexState) {
  const { counts, days, openGaps } = state;
  return { counts, days, openGaps, observations: observationsIn(state), gaps: state.entries.filter((entry) => entry.kind === 'gap') };
}

/** Entries of what AWS said, without plans, receipts and gaps of ours. */
export function observationsIn(state: Pick<IndexState, 'entries'>): IndexEntry[] {
  return state.entries.filter((entry) => !own.includes(entry.kind));
}

/** Ids with what each claims, in order: the same evidence, wherever it is stored. */
export function claimsById(state: Pick<IndexState, 'entries'>): string[] {
  return observationsIn(state)
    .map((entry) => `${entry.id} ${entry.controls.map((claim) => Object.values(claim).join(' ')).join(', ')}`)
    .sort();
}

/** Every record in the vault of a home, as stored; a record that lies there twice is given twice. */
export async function vaultRecords(home: string): Promise<EvidenceRecord[]> {
  return (await vaultLines(home)).map(decodeRecord);
}

/** Every line in the vault of a home. */
export async function vaultLines(home: string): Promise<string[]> {
  // A home that was killed before its index held anything is read too.
  const { vault } = openSealedStores(home);
  const lines: string[] = [];
  for await (const { key } of vault.list('')) lines.push(...(await openSegment(key, await vault.get(key))));
  return lines;
}

async function withIndex<Answer>(directory: string, work: (index: EvidenceIndex) => Promise<Answer>): Promise<Answer> {
  const home = await openHomeForReading(directory);
  try {
    return await work(home.index);
  } finally {
    await home.close();
  }
}
