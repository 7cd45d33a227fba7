// SPDX-License-Identifier: Apache-2.0
import { canonicalJson } from '../../evidence/canonical-json.ts';
import { arrayAt, at, isJsonObject, type Json, type JsonObject } from '../../evidence/json.ts';

/** A document without the data of people in it, and what was taken out (paths, `[]` for each element). */
export interface Reduced {
  readonly value: JsonObject;
  readonly removed: readonly string[];
}

/** Member of a reduced document that says so: the hash of the file as it was, and the paths taken out. */
const reducedMember = 'aims:reduced';

/** The text to keep of a document: its own where nothing was taken out, else our canonical text that says what was. */
export function reducedText(reduced: Reduced, text: string, sha256: string): { readonly detail: JsonObject; readonly text: string } {
  if (reduced.removed.length === 0) return { detail: reduced.value, text };
  const detail = finite({ ...reduced.value, [reducedMember]: { sha256, removed: [...reduced.removed] } });
  return { detail, text: canonicalJson(detail) };
}

// 1e400 parses to a number that JSON cannot write; as a word it stays.
function finite(object: JsonObject): JsonObject {
  const copy: JsonObject = JSON.parse(
    JSON.stringify(object, (_name, value: unknown) => (typeof value === 'number' && !Number.isFinite(value) ? String(value) : value)),
  );
  return copy;
}

/** Copies an object and notes what was not copied. */
export class Reduction {
  readonly #removed = new Set<string>();

  get removed(): readonly string[] {
    return [...this.#removed].sort();
  }

  drop(path: string): undefined {
    this.#removed.add(path);
    return undefined;
  }

  /** The named members of an object; the others are dropped. */
  only(value: Json | undefined, path: string, names: readonly string[]): JsonObject {
    return this.copy(value, (name, member) => (names.includes(name) ? member : this.drop(`${path}.${name}`)));
  }

  /** Each member as `keep` returns it; `undefined` leaves it out. */
  copy(value: Json | undefined, keep: (name: string, member: Json) => Json | undefined): JsonObject {
    const out: [string, Json][] = [];
    for (const [name, member] of isJsonObject(value) ? Object.entries(value) : []) {
      const kept = member === undefined ? undefined : keep(name, member);
      if (kept !== undefined) out.push([name, kept]);
    }
    return Object.fromEntries(out);
  }
}

/**
 * statistics.json without data: names, types, counts, means and deviations stay; buckets (their strings are real values), sketches,
 * smallest and largest values (each is somebody's) and anything not known go.
 */
export function reduceStatistics(value: JsonObject): Reduced {
  const r = new Reduction();
  const reduced = r.copy(value, (name, member) => {
    if (name === 'features') return arrayAt(value, name).map((feature) => reduceFeature(r, feature));
    if (name.endsWith('_metrics') && isJsonObject(member)) return reduceMetrics(r, name, member);
    return ['version', 'dataset'].includes(name) ? member : r.drop(name);
  });
  return { value: reduced, removed: r.removed };
}

function reduceFeature(r: Reduction, feature: Json): JsonObject {
  const path = 'features[]';
  return r.copy(feature, (name, member) => {
    if (name === 'numerical_statistics') return r.only(member, `${path}.${name}`, ['common', 'mean', 'std_dev']);
    if (name === 'string_statistics') return r.only(member, `${path}.${name}`, ['common', 'distinct_count']);
    return ['name', 'inferred_type'].includes(name) ? member : r.drop(`${path}.${name}`);
  });
}

// Confusion matrices and curves carry class labels and run to thousands of points; each number with a value stays.
function reduceMetrics(r: Reduction, section: string, metrics: JsonObject): JsonObject {
  return r.copy(metrics, (name, metric) => (at(metric, 'value') === undefined ? r.drop(`${section}.${name}`) : metric));
}

/** constraints.json without data: the values of a category become their number; all limits stay. */
export function reduceConstraints(value: JsonObject): Reduced {
  const r = new Reduction();
  const features = arrayAt(value, 'features').map((feature) => r.copy(feature, (name, member) => domainless(r, name, member)));
  const reduced = at(value, 'features') === undefined ? value : { ...value, features };
  return { value: reduced, removed: r.removed };
}

function domainless(r: Reduction, name: string, member: Json): Json {
  const domains = at(member, 'domains');
  if (name !== 'string_constraints' || !isJsonObject(member) || !Array.isArray(domains)) return member;
  r.drop('features[].string_constraints.domains');
  const { domains: _values, ...rest } = member;
  return { ...rest, domain_count: domains.length };
}
