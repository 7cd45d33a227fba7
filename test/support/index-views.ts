// SPDX-License-Identifier: Apache-2.0
import type { EvidenceIndex, EvidenceQuery, IndexEntry } from '../../src/evidence-index/evidence-index.ts';

/** Everything a list gives, page after page. */
export async function listAll(index: EvidenceIndex, query: Omit<EvidenceQuery, 'limit'>, limit = 3): Promise<IndexEntry[]> {
  const entries: IndexEntry[] = [];
  let cursor: string | null = null;
  do {
    const page: { readonly records: readonly IndexEntry[]; readonly cursor: string | null } = await index.list({
      ...query,
      limit,
      ...(cursor === null ? {} : { cursor }),
    });
    entries.push(...page.records);
    cursor = page.cursor;
  } while (cursor !== null);
  return entries;
}

/** Counts as lines that can be compared with those of the model. */
export async function countLines(index: EvidenceIndex): Promise<string[]> {
  const counts = await index.counts();
  return counts
    .map(
      ({ control, strength, polarity, observations, findings, newest }) =>
        `${control} ${strength} ${polarity} ${observations} ${findings} ${Date.parse(newest)}`,
    )
    .sort();
}

/** Counts per day as lines that can be compared with those of the model. */
export async function dayLines(index: EvidenceIndex): Promise<string[]> {
  const counts = await index.countsByDay({});
  return counts
    .map(
      ({ day, control, strength, polarity, observations, findings }) =>
        `${day} ${control} ${strength} ${polarity} ${observations} ${findings}`,
    )
    .sort();
}
