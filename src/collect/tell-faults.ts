// SPDX-License-Identifier: Apache-2.0
import type { OpenGap } from '../evidence-index/evidence-index.ts';
import { KeySet } from '../ledger/key-set.ts';
import type { LedgerStore } from '../ledger/ledger-store.ts';
import { noteSealedKeys } from '../ledger/sealed-keys.ts';
import type { Vault } from '../vault/vault.ts';
import type { Collection } from './collection.ts';
import { planParts, type RunScope } from './own-record.ts';
import { OwnRun } from './own-run.ts';
import { type SegmentFault, segmentFault, segmentGap, segmentName, segmentOfGap } from './segment-fault.ts';

/** Where segments are looked at. */
export interface FaultyHome {
  readonly vault: Pick<Vault, 'get'>;
  readonly ledger: LedgerStore;
}

/** What is wrong with segments of a home now, and whether that is news which was stored. */
export interface ToldFaults {
  readonly faults: readonly SegmentFault[];
  readonly isNews: boolean;
}

/**
 * Seals a gap for each segment that cannot be had, as the audit of a deployed home does: as a run of our own, whose receipt closes the gaps of
 * segments that are whole again, or were no evidence and are gone. Those with an open gap are looked at again, so that a run which did not come by them closes none. Where
 * nothing changed since the last time, nothing is stored.
 */
export async function tellFaults(collection: Collection, home: FaultyHome, found: readonly SegmentFault[]): Promise<ToldFaults> {
  const open = (await collection.setting.index.openGaps()).filter(isOurs);
  const faults = new Map(found.map((fault) => [fault.key, fault]));
  let sealed: KeySet | null = null;
  for (const { what } of open) {
    const key = segmentOfGap(what);
    const fault = key === null || faults.has(key) ? null : await segmentFault(home.vault, key);
    if (fault === null) continue;
    // One that is gone and has no leaf was put there by somebody and taken away again: nothing misses it.
    if (fault.isAbsent) sealed ??= await sealedIn(home);
    if (!fault.isAbsent || sealed?.has(fault.key) === true) faults.set(fault.key, fault);
  }
  const told = new Set(open.map(({ what }) => what));
  const all = [...faults.values()];
  const isNews = told.size !== all.length || all.some(({ key }) => !told.has(segmentName(key)));
  if (isNews) await seal(collection, all);
  return { faults: all, isNews };
}

async function sealedIn({ ledger }: FaultyHome): Promise<KeySet> {
  const sealed = new KeySet();
  await noteSealedKeys(ledger, sealed, { from: 0, size: (await ledger.readHead())?.size ?? 0 });
  return sealed;
}

/** The self-audit of a directory is of no account and Region. */
function isOurs({ source, account, region }: OpenGap): boolean {
  return source === 'aims-evidence' && account === '' && region === '';
}

async function seal(collection: Collection, faults: readonly SegmentFault[]): Promise<void> {
  const { newRunId, now } = collection.setting;
  const scope: RunScope = {
    run: newRunId('aims-evidence'),
    source: 'aims-evidence',
    partition: 'aws',
    account: '',
    region: '',
    window: null,
  };
  const own = new OwnRun(collection, scope);
  await own.seal(planParts(scope, now().toISOString(), 'self-audit'));
  for (const fault of faults) await own.gap(segmentGap(fault));
  await own.finish({ faultCount: faults.length });
  await collection.flush();
}
