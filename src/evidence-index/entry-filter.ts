// SPDX-License-Identifier: Apache-2.0
import type { EvidenceQuery, IndexEntry } from './evidence-index.ts';
import { countedClaims } from './project-segment.ts';

/** What of a query an entry itself can answer. */
export type EntryFilter = Omit<EvidenceQuery, 'limit' | 'cursor' | 'since' | 'until'>;

/** Whether an entry is what was asked for. Only a record that claims something is listed by AI system and resource. */
export function matchesFilter(entry: IndexEntry, query: EntryFilter): boolean {
  const { control, strength, polarity, source, aiSystem, resource, run, kind } = query;
  if (source !== undefined && entry.source !== source) return false;
  if (kind !== undefined && entry.kind !== kind) return false;
  if (run !== undefined && entry.run !== run) return false;
  if (aiSystem !== undefined && !(entry.controls.length > 0 && entry.aiSystems.includes(aiSystem))) return false;
  if (resource !== undefined && !(entry.controls.length > 0 && entry.resources.some(({ arn }) => arn === resource))) return false;
  if (control === undefined && strength === undefined && polarity === undefined) return true;
  return countedClaims(entry.controls).some(
    (claim) =>
      (control === undefined || claim.control === control) &&
      (strength === undefined || claim.strength === strength) &&
      (polarity === undefined || claim.polarity === polarity),
  );
}
