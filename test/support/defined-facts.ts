// SPDX-License-Identifier: Apache-2.0
import { readdirSync } from 'node:fs';
import { type Fact, type FactFile, factFileSchema } from '../../src/catalog/facts-schema.ts';
import { readYaml } from '../../src/catalog/mapping-source.ts';
import type { Json } from '../../src/evidence/json.ts';
import type { Facts, Observation, RecordSourceId } from '../../src/evidence/observation.ts';

const mappings = new URL('../../mappings/', import.meta.url);
const files: readonly FactFile[] = readdirSync(new URL('facts/', mappings)).map((name) =>
  readYaml(mappings, `facts/${name}`, factFileSchema),
);

/** Each defined fact as SOURCE.NAME; those of the engine are `engine.NAME`. */
export const definedFacts: ReadonlyMap<string, Fact> = new Map(
  files.flatMap(({ source, facts }) => Object.entries(facts).map(([name, fact]) => [`${source}.${name}`, fact] as const)),
);

/** SOURCE.NAME under which a fact of a record is defined; undefined where it is defined nowhere. */
export function definitionOf(source: RecordSourceId, name: string): string | undefined {
  return [`${source}.${name}`, `engine.${name}`].find((key) => definedFacts.has(key));
}

/** What is wrong with the facts of an observation or record: not defined for its source, not of the declared type, not one of the values. */
export function factFaults(source: RecordSourceId, facts: Facts): string[] {
  return Object.entries(facts).flatMap(([name, value]) => {
    const key = definitionOf(source, name);
    const fact = key === undefined ? undefined : definedFacts.get(key);
    if (fact === undefined) return [`${source}.${name} is not defined`];
    return canBe(fact, value) ? [] : [`${source}.${name} is ${JSON.stringify(value)}, declared as ${fact.type} ${fact.values ?? ''}`];
  });
}

/** The observation itself; throws where its facts are not as defined. */
export function asDefined(observation: Observation): Observation {
  const faults = factFaults(observation.source, observation.facts);
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return observation;
}

function canBe({ type, values }: Fact, value: Json): boolean {
  const isListOf = (is: (one: Json) => boolean) => Array.isArray(value) && value.every(is);
  const isText = (one: Json) => typeof one === 'string' && (values?.includes(one) ?? true);
  switch (type) {
    case 'boolean':
      return typeof value === 'boolean';
    case 'integer':
      return Number.isSafeInteger(value);
    case 'number':
      return Number.isFinite(value);
    case 'string':
      return isText(value);
    case 'list of strings':
      return isListOf(isText);
    case 'list of numbers and strings':
      return isListOf((one) => Number.isFinite(one) || typeof one === 'string');
    case 'list of objects':
      return isListOf((one) => typeof one === 'object' && one !== null && !Array.isArray(one));
  }
}
