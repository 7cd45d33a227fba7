// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import type { Gap } from '../../src/evidence/gap.ts';
import { homeSecret } from '../../src/evidence/identity.ts';
import type { Json, JsonObject } from '../../src/evidence/json.ts';
import type { Facts, Observation, RawItem, SourceId } from '../../src/evidence/observation.ts';
import { storeDetail } from '../../src/evidence/raw-form.ts';
import { type Declarations, noDeclarations } from '../../src/evidence/scope-file.ts';
import { observationParts, recordId } from '../../src/evidence/seal-record.ts';
import { parseLenientJson } from '../../src/sources/report/lenient-json.ts';
import { createClarify } from '../../src/sources/sagemaker-clarify.ts';
import { createModelMonitor } from '../../src/sources/sagemaker-model-monitor.ts';
import type { History, SeriesEntry, Source } from '../../src/sources/source.ts';
import { asDefined } from './defined-facts.ts';

export const account = '111122223333';
export const region = 'eu-west-1';
const sweptAt = '2026-11-11T00:00:00.000Z';
const secret = homeSecret(new Uint8Array(32).fill(7));

type SageMakerSource = Extract<SourceId, 'sagemaker-model-monitor' | 'sagemaker-clarify'>;

/** Both sources with some declarations. */
export function sources(declarations: Partial<Declarations> = {}): Readonly<Record<SageMakerSource, Source>> {
  const settings = { tables: {}, declarations: { ...noDeclarations, ...declarations } };
  return { 'sagemaker-model-monitor': createModelMonitor(settings), 'sagemaker-clarify': createClarify(settings) };
}

/** An item as the live reader makes it; `context` replaces what it names. */
export function apiItem(source: SageMakerSource, shape: string, body: Json | string, context: JsonObject = {}): RawItem {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return {
    source,
    shape,
    text,
    channel: { kind: 'api', requestId: 'r-1' },
    context: { partition: 'aws', account, region, sweptAt, ...context },
  };
}

const clarifyShapes = ['analysis', 'analysis-config', 'fmeval'];

function sourceOfReport(shape: string): SageMakerSource {
  return clarifyShapes.includes(shape) ? 'sagemaker-clarify' : 'sagemaker-model-monitor';
}

/** A report as a folder gives it: no account, a path relative to what the user named. */
export function fileItem(shape: string, body: Json | string, path: string, context: JsonObject = {}): RawItem {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const sha256 = hash('sha256', text);
  const nowhere = { partition: 'aws', account: '', region: '', sweptAt };
  const source = sourceOfReport(shape);
  return { source, shape, text: text.trim(), channel: { kind: 'file', sha256, path }, context: { ...nowhere, path, sha256, ...context } };
}

/** A report as the live reader gives it from S3. */
export function s3Item(shape: string, body: Json | string, uri: string, context: JsonObject = {}): RawItem {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return apiItem(sourceOfReport(shape), shape, text, { path: uri, sha256: hash('sha256', text), ...context });
}

/** Observations of an item; fails on a gap, and on a fact that is not as defined. */
export function observe(item: RawItem, declarations: Partial<Declarations> = {}): Observation[] {
  return interpret(item, declarations).map((one) => {
    if ('gap' in one) throw new Error(`a gap: ${one.gap.message}`);
    return asDefined(one.observation);
  });
}

/** The only observation of an item. */
export function observeOne(item: RawItem, declarations: Partial<Declarations> = {}): Observation {
  const [one, ...rest] = observe(item, declarations);
  if (one === undefined || rest.length > 0) throw new Error(`${rest.length + (one === undefined ? 0 : 1)} observations, not one`);
  return one;
}

/** The gaps of an item. */
export function gapsOf(item: RawItem): Gap[] {
  return interpret(item, {}).flatMap((one) => ('gap' in one ? [one.gap] : []));
}

function interpret(item: RawItem, declarations: Partial<Declarations>) {
  const source = item.source === 'sagemaker-clarify' ? 'sagemaker-clarify' : 'sagemaker-model-monitor';
  const value = parseLenientJson(item.text);
  if (value === undefined) throw new Error('no JSON');
  return sources(declarations)[source].interpret(item, value);
}

/** The id that a record of this observation gets. */
export function idOf(observation: Observation): string {
  const detail = storeDetail(structuredClone(observation.detail), observation.text);
  const mapping = { claims: [], aiSystems: [], facts: observation.facts };
  return recordId(observationParts(observation, mapping, detail, { kind: 'api', requestId: '' }), secret);
}

/** A home in memory: derives and keeps observations as a run does, and answers what came before. */
export class MemoryHome {
  readonly records = new Map<string, Observation>();
  readonly #entries: { readonly key: string; readonly entry: SeriesEntry; readonly order: number }[] = [];

  readonly history: History = {
    series: async (key, { before, limit }) =>
      this.#entries
        .filter((one) => one.key === key && one.entry.occurredAt <= before)
        .sort((a, b) => (a.entry.occurredAt === b.entry.occurredAt ? b.order - a.order : a.entry.occurredAt < b.entry.occurredAt ? 1 : -1))
        .slice(0, limit)
        .map((one) => one.entry),
  };

  /** Takes one observation; returns it as stored, with its id and whether it was known. */
  async take(observation: Observation): Promise<{ readonly observation: Observation; readonly id: string; readonly isKnown: boolean }> {
    let derived = observation;
    const source = observation.source === 'sagemaker-clarify' ? 'sagemaker-clarify' : 'sagemaker-model-monitor';
    for (const derivation of sources()[source].derivations) {
      if (derivation.concerns(derived)) derived = await derivation.derive(derived, { history: this.history, sweptAt });
    }
    const id = idOf(asDefined(derived));
    const isKnown = this.records.has(id);
    if (!isKnown) this.#keep(id, derived);
    return { observation: derived, id, isKnown };
  }

  /** Facts as stored of one observation. */
  async facts(observation: Observation): Promise<Facts> {
    return (await this.take(observation)).observation.facts;
  }

  #keep(id: string, observation: Observation): void {
    this.records.set(id, observation);
    const { findingKey, source, facts } = observation;
    const occurredAt = observation.occurredAt ?? '2026-11-11T00:00:00.000Z';
    if (findingKey !== null)
      this.#entries.push({ key: findingKey, entry: { recordId: id, source, occurredAt, facts }, order: this.records.size });
  }
}
