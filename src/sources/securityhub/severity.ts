// SPDX-License-Identifier: Apache-2.0
import { type Json, numberAt, stringAt } from '../../evidence/json.ts';

/** One scale for both forms of a finding. */
export type Severity = 'INFORMATIONAL' | 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL';

const byName: ReadonlyMap<string, Severity> = new Map([
  ['INFORMATIONAL', 'INFORMATIONAL'],
  ['LOW', 'LOW'],
  ['MEDIUM', 'MEDIUM'],
  ['HIGH', 'HIGH'],
  ['CRITICAL', 'CRITICAL'],
  ['FATAL', 'CRITICAL'],
]);

/** OCSF `severity_id`: 0 is unknown, 99 other. */
const byId: readonly (Severity | null)[] = [null, 'INFORMATIONAL', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL', 'CRITICAL'];

/** Severity of an ASFF finding: the label, else the number that older findings carry alone. */
export function asffSeverity(finding: Json): Severity | null {
  const label = stringAt(finding, 'Severity', 'Label');
  if (label !== undefined) return byName.get(label) ?? null;
  const normalized = numberAt(finding, 'Severity', 'Normalized');
  if (normalized === undefined) return null;
  if (normalized >= 90) return 'CRITICAL';
  if (normalized >= 70) return 'HIGH';
  if (normalized >= 40) return 'MEDIUM';
  return normalized >= 1 ? 'LOW' : 'INFORMATIONAL';
}

/** Severity of an OCSF finding: the name, else the id. */
export function ocsfSeverity(finding: Json): Severity | null {
  const name = stringAt(finding, 'severity');
  const named = name === undefined ? undefined : byName.get(name.toUpperCase());
  return named ?? byId[numberAt(finding, 'severity_id') ?? 0] ?? null;
}
