// SPDX-License-Identifier: Apache-2.0
import type { Reading } from '../../evidence/observation.ts';
import { markAt, onlyForward, Resumption } from '../mark.ts';
import type { Connection, Scope, TimeWindow } from '../source.ts';
import { fullSweepDays, type HubPart, hubParts, modifiedFindings, standingFindings, updatedFindings } from './findings-queries.ts';
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
    yield* onlyForward(readScope(calls, tables), hubParts, scope.resumeAfter);
  } finally {
    calls.close();
  }
}

// The two services and where findings are aggregated are asked again where reading goes on: a call each, and what follows depends on them.
async function* readScope(calls: HubCalls, tables: FindingTables): AsyncGenerator<Reading> {
  const done = new Resumption<HubPart>(hubParts, calls.scope.resumeAfter);
  const hub = await readHub(calls);
  yield* hub.readings;
  if (hub.isOn && !done.isDone('triaged')) {
    yield* readCspm(calls, tables, done);
    yield markAt('modified');
  }
  const hubV2 = await readHubV2(calls, hub.isOn);
  yield* hubV2.readings;
  if (hubV2.isOn) yield* readV2(calls, done);
}

async function* readCspm(calls: HubCalls, tables: FindingTables, done: Resumption<HubPart>): AsyncGenerator<Reading> {
  if (!done.isDone('standards')) yield* readStandards(calls, tables);
  yield markAt('updated');
  const { place, readings } = await findCspmPlace(calls);
  yield* readings;
  if (place === null) return;
  const isAnswered = done.isDone('updated') || (yield* readFindings(calls, updatedFindings(calls, place, done)));
  if (!isAnswered || !isFullSweep(calls.scope.window)) return;
  for (const query of standingFindings(calls, place, done)) {
    yield query.mark('');
    yield* readFindings(calls, query);
  }
}

async function* readV2(calls: HubCalls, done: Resumption<HubPart>): AsyncGenerator<Reading> {
  const { place, readings } = await findHubV2Place(calls);
  yield* readings;
  if (place !== null) yield* readFindings(calls, modifiedFindings(calls, place, done));
}

function isFullSweep({ since, until }: TimeWindow): boolean {
  return millisecondsBetween(since, until) >= fullSweepDays * dayMilliseconds;
}
