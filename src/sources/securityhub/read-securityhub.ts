// SPDX-License-Identifier: Apache-2.0
import type { Reading } from '../../evidence/observation.ts';
import type { Connection, Scope, TimeWindow } from '../source.ts';
import { fullSweepDays, modifiedFindings, standingFindings, updatedFindings } from './findings-queries.ts';
import { HubCalls } from './hub-calls.ts';
import { dayMilliseconds, millisecondsBetween } from './instant.ts';
import { findCspmPlace, findHubV2Place } from './read-aggregation.ts';
import { readFindings } from './read-findings.ts';
import { readHub, readHubV2 } from './read-hub.ts';
import { readStandards } from './read-standards.ts';
import type { FindingTables } from './tables.ts';

/** Reads one scope of both services: CSPM (ASFF) and the newer Security Hub (OCSF). A call that fails is a gap, and the next one is made. */
export async function* readSecurityHub(connection: Connection, scope: Scope, tables: FindingTables): AsyncGenerator<Reading> {
  const sdk = await import('@aws-sdk/client-securityhub');
  const calls = new HubCalls(sdk, connection, scope);
  try {
    const hub = await readHub(calls);
    yield* hub.readings;
    if (hub.isOn) yield* readCspm(calls, tables);
    const hubV2 = await readHubV2(calls, hub.isOn);
    yield* hubV2.readings;
    if (hubV2.isOn) yield* readV2(calls);
  } finally {
    calls.close();
  }
}

async function* readCspm(calls: HubCalls, tables: FindingTables): AsyncGenerator<Reading> {
  const { window } = calls.scope;
  yield* readStandards(calls, tables);
  const { place, readings } = await findCspmPlace(calls);
  yield* readings;
  const isAnswered = yield* readFindings(calls, updatedFindings(calls, place, window));
  if (!isAnswered || !isFullSweep(window)) return;
  for (const query of standingFindings(calls, place, window)) yield* readFindings(calls, query);
}

async function* readV2(calls: HubCalls): AsyncGenerator<Reading> {
  const { place, readings } = await findHubV2Place(calls);
  yield* readings;
  yield* readFindings(calls, modifiedFindings(calls, place, calls.scope.window));
}

function isFullSweep({ since, until }: TimeWindow): boolean {
  return millisecondsBetween(since, until) >= fullSweepDays * dayMilliseconds;
}
