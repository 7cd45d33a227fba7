// SPDX-License-Identifier: Apache-2.0
import { ConfiguredRetryStrategy } from '@smithy/core/retry';
import { isJsonObject, type Json, type JsonObject } from '../../src/evidence/json.ts';
import type { RawItem, Reading } from '../../src/evidence/observation.ts';
import type { SampleService } from '../../src/sample/sample-service.ts';
import type { SampleServer } from '../../src/sample/server.ts';
import { parseLenientJson } from '../../src/sources/report/lenient-json.ts';
import type { Scope, Source } from '../../src/sources/source.ts';
import { idOf } from './sagemaker.ts';

/** A service that gives smaller pages than it was asked for, so that a small world has many. */
export function inPagesOf(size: number, member: string, service: SampleService, operations: readonly string[] = []): SampleService {
  return (request, world) => {
    const isList = operations.length === 0 || operations.includes(request.operation);
    const body: Json | undefined =
      isList && isJsonObject(request.body) && member in request.body ? { ...request.body, [member]: size } : request.body;
    return service({ ...request, body }, world);
  };
}

/** Everything that a source reads of a scope. */
export async function readWhole(source: Source, server: SampleServer, scope: Scope): Promise<readonly Reading[]> {
  const credentials = server.credentials(scope.account);
  // Two tries with a short pause: what is throttled for good is not waited for.
  const retryStrategy = new ConfiguredRetryStrategy(2, 5);
  const clientConfig = { region: scope.region, endpoint: server.endpoint, credentials, forcePathStyle: true, retryStrategy };
  const readings: Reading[] = [];
  for await (const reading of source.read({ region: scope.region, clientConfig, channel: 'sample' }, scope)) readings.push(reading);
  return readings;
}

/** Marks among readings, in order. */
export function marksOf(readings: readonly Reading[]): readonly string[] {
  return readings.flatMap((reading) => ('mark' in reading ? [reading.mark] : []));
}

/** What stood before a mark. */
export function until(readings: readonly Reading[], mark: string): readonly Reading[] {
  return readings.slice(
    0,
    readings.findIndex((reading) => 'mark' in reading && reading.mark === mark),
  );
}

/** Ids of the records that readings become, before derivations, which need a home. */
export function idsOf(source: Source, readings: readonly Reading[]): ReadonlySet<string> {
  return new Set(readings.flatMap((reading) => ('item' in reading ? idsOfItem(source, reading.item) : [])));
}

function idsOfItem(source: Source, item: RawItem): readonly string[] {
  return source
    .interpret(item, parseLenientJson(item.text) ?? null)
    .map((one) => ('gap' in one ? `gap ${one.gap.what} ${one.gap.code}` : idOf(one.observation)));
}

/** Members of every mark that hold more than a part and a sort key. */
export function carriedIn(mark: string): JsonObject {
  const { carried } = JSON.parse(mark);
  return isJsonObject(carried) ? carried : {};
}
