// SPDX-License-Identifier: Apache-2.0
import { type JsonObject, stringAt } from '../../evidence/json.ts';

/** What LookupEvents can tell of and trails select apart from each other: management events that only read, those that write, and Insights. */
export type LogSort = 'reads' | 'writes' | 'insights';

// https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventSelector.html, ExcludeManagementEventSources (read 2026-11).
const excludable: ReadonlySet<string> = new Set(['kms.amazonaws.com', 'rdsdata.amazonaws.com']);

/** The sort of an event; null for data and network events, which LookupEvents never gives, and where the record does not say. */
export function sortOf(event: JsonObject): LogSort | null {
  const category = stringAt(event, 'eventCategory');
  if (category === 'Insight') return 'insights';
  // Before version 1.07 an event has no category.
  const isManagement = category === undefined ? event['managementEvent'] === true : category === 'Management';
  if (!isManagement || typeof event['readOnly'] !== 'boolean') return null;
  return event['readOnly'] ? 'reads' : 'writes';
}

/**
 * Whether every usual trail logs an event: a management event that writes, of a service that trails cannot exclude. A trail that logs writes
 * alone, or leaves out KMS or the RDS Data API, lawfully has no file where only others happened; these are therefore proof of nothing.
 */
export function isLoggedByAll(event: JsonObject): boolean {
  return sortOf(event) === 'writes' && !excludable.has(stringAt(event, 'eventSource') ?? '');
}
