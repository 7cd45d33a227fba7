// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from '../../evidence/json.ts';
import type { Reading } from '../../evidence/observation.ts';
import type { ScopeFile } from '../../evidence/scope-file.ts';
import { markAt, onlyForward, Resumption } from '../mark.ts';
import { openS3, type S3 } from '../report/open-s3.ts';
import type { Connection, Scope } from '../source.ts';
import { aiTypesOfEvent, aiTypesOfScope } from './ai-data-events.ts';
import { CloudTrailCalls } from './cloudtrail-calls.ts';
import { type CloudTrailPart, cloudTrailParts, type EventAccess, insightEvents, managementEvents, readCategory } from './read-category.ts';
import { readDigests } from './read-digests.ts';
import { TrailReader } from './trail-reader.ts';
import { unnamedTrailGaps } from './unnamed-trails.ts';

/** Reads CloudTrail in one account and Region: trails and their state, management events, Insights, digest files where configured. */
export async function* readCloudTrail(connection: Connection, scope: Scope, scopeFile: ScopeFile): AsyncGenerator<Reading> {
  const sdk = await import('@aws-sdk/client-cloudtrail');
  const client = new sdk.CloudTrailClient(connection.clientConfig);
  const s3 = (scope.trailLocations ?? []).length === 0 ? null : await openS3(connection);
  try {
    const calls = new CloudTrailCalls(client, connection.channel, scope);
    yield* onlyForward(readScope({ sdk, connection, calls, s3, scopeFile }), cloudTrailParts, scope.resumeAfter);
  } finally {
    client.destroy();
    s3?.close();
  }
}

interface ScopeReading {
  readonly sdk: typeof import('@aws-sdk/client-cloudtrail');
  readonly connection: Connection;
  readonly calls: CloudTrailCalls;
  readonly s3: S3 | null;
  readonly scopeFile: ScopeFile;
}

async function* readScope({ sdk, connection, calls, s3, scopeFile }: ScopeReading): AsyncGenerator<Reading> {
  const done = new Resumption<CloudTrailPart>(cloudTrailParts, calls.scope.resumeAfter);
  const trails = new TrailReader(sdk, calls);
  // Asked again where reading goes on: selectors and digests need them. Their items were yielded before.
  for await (const reading of trails.read()) if (!done.isContinued || 'gap' in reading) yield reading;
  if (!done.isContinued) for (const gap of unnamedTrailGaps(trails.all, calls.scope)) yield { gap };
  const inUse = new Set([...aiTypesOfScope(scopeFile), ...textsOf(done.carried('aiTypes'))]);
  const seen = (event: JsonObject) => {
    for (const type of aiTypesOfEvent(event)) inUse.add(type);
  };
  // The AI types in use are known only when all events are read: what was seen of them travels with each mark.
  const carried = (): JsonObject => (inUse.size === 0 ? {} : { aiTypes: [...inUse].sort() });
  const told = new Set<string>();
  const access: EventAccess = { calls, s3, lookUp: (input) => new sdk.LookupEventsCommand(input), done, told, seen, carried };
  yield* readCategory(access, managementEvents);
  yield markAt('insights', '', carried());
  if (trails.mayHaveInsights) yield* readCategory(access, insightEvents);
  if (!done.isDone('selectors')) {
    yield markAt('selectors', '', carried());
    yield* trails.selectors([...inUse].sort());
    yield markAt('digests');
  }
  yield* readDigests({ sdk, connection, calls, s3, done, told }, trails.all);
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
