// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import type { Gap } from '../evidence/gap.ts';
import type { Json } from '../evidence/json.ts';
import { jsonFault } from '../evidence/json-fault.ts';
import type { Channel, Interpretation, Observation, RawItem, SourceId } from '../evidence/observation.ts';
import { storeDetail } from '../evidence/raw-form.ts';
import type { RecordForIndex } from '../evidence/record.ts';
import { observationParts, type RecordParts, type SealContext, type SealedRecord, sealRecord } from '../evidence/seal-record.ts';
import type { Mapper } from '../mapping/mapper.ts';
import { parseLenientJson } from '../sources/report/lenient-json.ts';
import type { Source } from '../sources/source.ts';

/** A sealed observation with what the run keeps of it until its segment is indexed. */
export interface SealedObservation extends SealedRecord {
  readonly source: SourceId;
  readonly account: string;
  readonly aboutAi: boolean;
  readonly view: RecordForIndex;
  /** For `History`: null where no later observation asks for this one. */
  readonly series: { readonly key: string; readonly occurredAt: string; readonly facts: Observation['facts'] } | null;
}

/** What the account scope of a run knows when an observation is mapped. */
export interface AccountKnowledge {
  readonly accountsWithAi: ReadonlySet<string>;
  /** At a run's end nothing more can be learned: what is undecided is outside. */
  readonly final: boolean;
}

/** Everything between an item's text and its sealed record. Pure but for the hash functions; runs in any thread. */
export class ItemPipeline {
  readonly #sources: ReadonlyMap<SourceId, Source>;
  readonly #mapper: Mapper;

  constructor(sources: ReadonlyMap<SourceId, Source>, mapper: Mapper) {
    this.#sources = sources;
    this.#mapper = mapper;
  }

  /** The sources that this run knows. */
  get sourceIds(): Iterable<SourceId> {
    return this.#sources.keys();
  }

  /** Parses and interprets one item. What cannot be parsed at all is one `malformed` gap with the hash of the bytes. */
  interpret(item: RawItem, parsed?: Json): readonly Interpretation[] {
    const source = this.#sources.get(item.source);
    if (source === undefined) throw new RangeError(`no source ${item.source} in this run`);
    const value = parsed === undefined ? parseItem(item.text) : { value: parsed };
    return 'gap' in value ? [value] : source.interpret(item, value.value);
  }

  /** The derivation, if any, that must complete this observation first. */
  derivationsFor(observation: Observation): readonly Source['derivations'][number][] {
    const all = this.#sources.get(observation.source)?.derivations ?? [];
    return all.length === 0 ? all : all.filter((derivation) => derivation.concerns(observation));
  }

  /** Whether the observation by itself shows an AI system or an AI resource. */
  isAboutAi(observation: Observation): boolean {
    return this.#mapper.map(observation, new Set()).inScope;
  }

  /** Redacts, maps and seals. Returns null, with nothing changed, where only the account's other items can tell the scope. */
  seal(observation: Observation, channel: Channel, context: SealContext, known: AccountKnowledge): SealedObservation | null {
    const detail = storeDetail(observation.detail, observation.text);
    const mapping = this.#mapper.map(observation, known.accountsWithAi);
    if (mapping.accountUndecided && !known.final) return null;
    const parts = observationParts(observation, mapping, detail, channel);
    const sealed = sealRecord(parts, context);
    const { source, account, findingKey } = observation;
    const occurredAt = observation.occurredAt ?? context.collectedAt;
    const series = findingKey === null ? null : { key: findingKey, occurredAt, facts: mapping.facts };
    return { ...sealed, source, account, aboutAi: mapping.inScope, view: viewOf(sealed.id, parts, context), series };
  }
}

/** Why an item that its source makes nothing of is no evidence. */
export function nothingIn({ source, shape }: RawItem): string {
  return `an item of ${source} in the shape ${shape}, with nothing in it to keep`;
}

function viewOf(id: string, { core, subjects, facts }: RecordParts, { run, collectedAt }: SealContext): RecordForIndex {
  const { kind, source, account, region, occurredAt, severity, controls } = core;
  return {
    core: { id, kind, source, account, region, occurredAt, collectedAt, severity, controls, run },
    subjects,
    raw: { detail: null, facts },
  };
}

function parseItem(text: string): { readonly value: Json } | { readonly gap: Gap } {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    if (!Error.isError(error)) throw error;
    const lenient = parseLenientJson(text);
    return lenient === undefined ? { gap: malformedItem(text) } : { value: lenient };
  }
}

function malformedItem(text: string): Gap {
  const sha256 = hash('sha256', text);
  return {
    reason: 'malformed',
    extent: 'item',
    what: 'item',
    message: `An item that AWS answered is not JSON: ${jsonFault(text)}.`,
    code: 'ITEM_MALFORMED',
    detail: { sha256, bytes: Buffer.byteLength(text) },
  };
}
