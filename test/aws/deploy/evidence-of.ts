// SPDX-License-Identifier: Apache-2.0
import { readSegment } from '../../../src/collect/reconcile.ts';
import type { EvidenceRecord } from '../../../src/evidence/record.ts';
import type { EvidenceIndex, IndexEntry } from '../../../src/evidence-index/evidence-index.ts';
import type { Vault } from '../../../src/vault/vault.ts';

/** What two collections of the same account must agree on, record for record. */
export type Comparable = Pick<
  EvidenceRecord['core'],
  'source' | 'sourceIdentity' | 'controls' | 'kind' | 'account' | 'region' | 'occurredAt'
> &
  Pick<EvidenceRecord, 'subjects' | 'raw'>;

const own = new Set<string>(['plan', 'receipt', 'gap']);

/** The observations of a vault by id. */
export async function observationsOf(vault: Vault): Promise<ReadonlyMap<string, Comparable>> {
  const found = new Map<string, Comparable>();
  for await (const { key } of vault.list('')) {
    for (const { core, subjects, raw } of await readSegment(key, await vault.get(key))) {
      if (own.has(core.kind)) continue;
      const { source, sourceIdentity, controls, kind, account, region, occurredAt } = core;
      found.set(core.id, { source, sourceIdentity, controls, kind, account, region, occurredAt, subjects, raw });
    }
  }
  return found;
}

/** An index entry without what is different on every run: when and where it was stored. */
export type ComparableEntry = Omit<IndexEntry, 'collectedAt' | 'run' | 'segment' | 'line'>;

/** The observations of an index by id. */
export async function entriesOf(index: EvidenceIndex): Promise<ReadonlyMap<string, ComparableEntry>> {
  const found = new Map<string, ComparableEntry>();
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const page = await index.list({ limit: 500, ...(cursor === undefined ? {} : { cursor }) });
    for (const { collectedAt: _collected, run: _run, segment: _segment, line: _line, ...entry } of page.records) {
      if (!own.has(entry.kind)) found.set(entry.id, entry);
    }
    cursor = page.cursor;
  }
  return found;
}

/** What could not be seen: reason, source, account, Region and what. */
export async function gapsOf(index: EvidenceIndex): Promise<readonly string[]> {
  const gaps = await index.openGaps();
  return gaps.map(({ reason, source, account, region, what }) => [reason, source, account, region, what].join(' ')).sort();
}

/** Segments of a vault that the index has not taken in. */
export async function notProjected(vault: Vault, index: EvidenceIndex): Promise<readonly string[]> {
  const missing: string[] = [];
  for await (const { key } of vault.list('')) if (!(await index.hasSegment(key))) missing.push(key);
  return missing;
}
