// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import type { Json, JsonObject } from '../../src/evidence/json.ts';
import type { Channel, Interpretation, ItemContext, Observation, RawItem, Reading } from '../../src/evidence/observation.ts';
import { type Declarations, noDeclarations } from '../../src/evidence/scope-file.ts';
import type { SampleServer } from '../../src/sample/server.ts';
import { type FindingTables, findingTables } from '../../src/sources/securityhub/tables.ts';
import { createSecurityHub } from '../../src/sources/securityhub.ts';
import type { History, Scope, SeriesEntry, Source } from '../../src/sources/source.ts';
import { asDefined } from './defined-facts.ts';

const pack: { tables: Record<string, Json> } = JSON.parse(readFileSync('mappings/pack.json', 'utf8'));

/** The tables of the pack as findings use them. */
export const tables: FindingTables = findingTables(pack.tables);

/** The source with the tables of the pack. */
export function securityHub(declarations: Declarations = noDeclarations): Source {
  return createSecurityHub({ tables: pack.tables, declarations });
}

const sweptAt = '2026-11-11T00:00:00Z';

/** A finding or state as an item of a channel; the context is what the reader of that channel would know. */
export function itemOf(
  shape: string,
  text: string,
  channel: Channel = { kind: 'api', requestId: 'r-1' },
  context: JsonObject = {},
): RawItem {
  const known: ItemContext = { partition: 'aws', account: '999999999999', region: 'us-west-2', sweptAt, ...context };
  return { source: 'securityhub', shape, text, channel, context: known };
}

/** The observation of one item; fails where it gives a gap. */
export function observe(shape: string, detail: Json, context: JsonObject = {}, source: Source = securityHub()): Observation {
  return only(source.interpret(itemOf(shape, JSON.stringify(detail), undefined, context), detail));
}

/** As `observe`, of text that came by a channel. */
export function observeText(shape: string, text: string, channel?: Channel, context: JsonObject = {}): Observation {
  return only(securityHub().interpret(itemOf(shape, text, channel, context), JSON.parse(text)));
}

function only([first, ...more]: readonly Interpretation[]): Observation {
  if (first === undefined || more.length > 0 || !('observation' in first))
    throw new Error(`no single observation: ${JSON.stringify(first)}`);
  return first.observation;
}

/** A history that a test fills as it goes, as the engine does. */
export class MemoryHistory implements History {
  readonly entries: (SeriesEntry & { readonly findingKey: string })[] = [];

  /** Stores an observation unless its identity is known; says whether it was stored. */
  store(observation: Observation): boolean {
    const recordId = JSON.stringify([observation.sourceIdentity, observation.versionKey]);
    if (this.entries.some((entry) => entry.recordId === recordId)) return false;
    const { source, facts, occurredAt, findingKey } = observation;
    this.entries.push({ recordId, source, facts, occurredAt: occurredAt ?? sweptAt, findingKey: findingKey ?? '' });
    return true;
  }

  async series(findingKey: string, { before, limit }: { before: string; limit: number }): Promise<readonly SeriesEntry[]> {
    const found = this.entries.filter((entry) => entry.findingKey === findingKey && entry.occurredAt <= before);
    return found.sort((a, b) => (a.occurredAt < b.occurredAt ? 1 : -1)).slice(0, limit);
  }
}

/** Derives an observation by every derivation of the source that concerns it, and stores it; fails on a fact that is not as defined. */
export async function deriveAndStore(history: MemoryHistory, observation: Observation, source: Source, at: string = sweptAt) {
  let derived = observation;
  for (const derivation of source.derivations) {
    if (derivation.concerns(derived)) derived = await derivation.derive(derived, { history, sweptAt: at });
  }
  return { observation: derived, isNew: history.store(asDefined(derived)) };
}

/** A scope of the sample world. */
export function sampleScope(account: string, region: string, since = '2026-10-12T00:00:00Z'): Scope {
  return { partition: 'aws', account, region, window: { since, until: '2026-11-11T00:00:00Z' }, sweptAt, reportLocations: [] };
}

/** Everything that the source reads from a server in one scope. */
export async function readAll(server: SampleServer, scope: Scope, source: Source = securityHub()): Promise<readonly Reading[]> {
  const clientConfig = { region: scope.region, endpoint: server.endpoint, credentials: server.credentials(scope.account), maxAttempts: 3 };
  const readings: Reading[] = [];
  for await (const reading of source.read({ region: scope.region, channel: 'sample', clientConfig }, scope)) readings.push(reading);
  return readings;
}

/** The items among readings, of one shape where it is named. */
export function itemsOf(readings: readonly Reading[], shape?: string): readonly RawItem[] {
  const items = readings.flatMap((reading) => ('item' in reading ? [reading.item] : []));
  return shape === undefined ? items : items.filter((item) => item.shape === shape);
}

/** The gaps among readings as `reason what`. */
export function gapsOf(readings: readonly Reading[]): readonly string[] {
  return readings.flatMap((reading) => ('gap' in reading ? [`${reading.gap.reason} ${reading.gap.what}`] : []));
}
