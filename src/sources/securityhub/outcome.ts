// SPDX-License-Identifier: Apache-2.0
import { arrayAt, at, isJsonObject, type Json, numberAt, stringAt } from '../../evidence/json.ts';

const byStatusId: ReadonlyMap<number, string> = new Map([
  [1, 'PASSED'],
  [2, 'WARNING'],
  [3, 'FAILED'],
]);

const byStatus: ReadonlyMap<string, string> = new Map([
  ['pass', 'PASSED'],
  ['passed', 'PASSED'],
  ['fail', 'FAILED'],
  ['failed', 'FAILED'],
  ['warning', 'WARNING'],
]);

const workflowByStatusId: readonly string[] = ['NEW', 'NEW', 'NOTIFIED', 'SUPPRESSED', 'RESOLVED'];

/**
 * What the check said, of an ASFF finding; `undefined` where it has no compliance part. AWS writes PASSED, with the account as resource,
 * where nothing was in scope of the check: that is no pass and becomes NOT_AVAILABLE. An unknown status stays as it stands.
 */
export function asffOutcome(finding: Json): string | undefined {
  const status = stringAt(finding, 'Compliance', 'Status');
  const judgedNothing = arrayAt(finding, 'Compliance', 'StatusReasons').some(
    (reason) => stringAt(reason, 'ReasonCode') === 'CONFIG_EVALUATIONS_EMPTY',
  );
  return status === 'PASSED' && judgedNothing ? 'NOT_AVAILABLE' : status;
}

/** What the check said, of an OCSF finding; `undefined` where it has no compliance part. */
export function ocsfOutcome(finding: Json): string | undefined {
  if (!isJsonObject(at(finding, 'compliance'))) return undefined;
  const byId = byStatusId.get(numberAt(finding, 'compliance', 'status_id') ?? -1);
  return byId ?? byStatus.get(stringAt(finding, 'compliance', 'status')?.toLowerCase() ?? '') ?? 'NOT_AVAILABLE';
}

/** Whether the provider still stands by an ASFF finding. Only ARCHIVED ends it; a missing state is AWS's default. */
export function asffRecordState(finding: Json): string {
  return stringAt(finding, 'RecordState') ?? 'ACTIVE';
}

/** Whether the provider still stands by an OCSF finding: activity 3 closes it, status 5 archives it. */
export function ocsfRecordState(finding: Json): 'ACTIVE' | 'ARCHIVED' {
  return numberAt(finding, 'activity_id') === 3 || numberAt(finding, 'status_id') === 5 ? 'ARCHIVED' : 'ACTIVE';
}

/** Where the customer's handling of an ASFF finding stands. */
export function asffWorkflow(finding: Json): string {
  return stringAt(finding, 'Workflow', 'Status') ?? 'NEW';
}

/** Where the customer's handling of an OCSF finding stands; `undefined` for a status that says nothing of it (5 archived, 99 other). */
export function ocsfWorkflow(finding: Json): string | undefined {
  return workflowByStatusId[numberAt(finding, 'status_id') ?? 0];
}
