// SPDX-License-Identifier: Apache-2.0
import type { Json, JsonObject } from '../evidence/json.ts';
import type { Rule } from '../mapping/pack.ts';
import type { Catalog } from './catalog.ts';
import { CatalogError } from './catalog-error.ts';
import { checkCatalog } from './check-catalog.ts';
import { checkRules } from './check-rules.ts';
import type { Fact } from './facts-schema.ts';
import type { MappingSource } from './mapping-source.ts';
import type { UnsealedPack } from './pack-file.ts';
import { mergePatterns, patternLeaves } from './pattern-leaves.ts';
import type { RuleFile, RuleSource } from './rules-schema.ts';

const packId = 'aims-core';
const packVersion = '1.0.0';

const mostProblems = 40;

/** Throws MAPPING_DATA_UNSOUND with the problems of the data, so that nothing is compiled from it. */
export function requireSound(source: MappingSource): void {
  const problems = [...checkCatalog(source), ...checkRules(source)];
  if (problems.length === 0) return;
  const shown = problems.slice(0, mostProblems).join('\n');
  throw new CatalogError('MAPPING_DATA_UNSOUND', `refusing to compile, ${problems.length} problems:\n${shown}`);
}

/** The pack of the rules: `where` merged into each pattern, examples left out, tables of the facts beside them. */
export function compilePack(source: MappingSource): UnsealedPack {
  const rules = source.rules.flatMap(({ content }) => content.rules.map((rule) => compileRule(rule, content)));
  const tables: Record<string, Json> = { 'securityhub.mappedControls': mappedControls(rules) };
  for (const { content } of source.facts) {
    for (const [name, fact] of Object.entries(content.facts)) {
      const found = tablesOf(fact);
      if (Object.keys(found).length > 0) tables[`${content.source}.${name}`] = found;
    }
  }
  return { id: packId, version: packVersion, rules, tables };
}

/** The catalogue as one document, with the seed mapping. */
export function compileCatalog(source: MappingSource): Catalog {
  const { schema: _standard, ...standard } = source.standard;
  const { schema: _rows, ...rows } = source.seedRows;
  const { schema: _services, ...services } = source.seedServices;
  return {
    schema: 'aims-evidence/catalog/1',
    ...standard,
    clauses: source.clauses.flatMap(({ content }) => content.clauses),
    sections: source.annex.map(({ content }) => content.section),
    objectives: source.annex.flatMap(({ content }) => content.objectives),
    controls: source.annex.flatMap(({ content }) => content.controls),
    seed: { ...rows, ...services },
  };
}

function compileRule(rule: RuleSource, file: RuleFile): Rule {
  const { id, title, polarity, subject, evidence, why } = rule;
  const controls = rule.controls.map(({ control, strength, polarity: own }) =>
    own === undefined ? { control, strength } : { control, strength, polarity: own },
  );
  return { id, source: file.source, title, pattern: mergePatterns(file.where, rule.pattern), controls, polarity, subject, evidence, why };
}

function tablesOf(fact: Fact): JsonObject {
  const { tables, codes, odd, retired, renamed } = fact;
  const members: JsonObject = { tables, codes, odd, retired, renamed };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

/** Security Hub controls that a rule names exactly: a prefix in a pattern names none. */
function mappedControls(rules: readonly Rule[]): readonly string[] {
  const leaves = rules.filter((rule) => rule.source === 'securityhub').flatMap((rule) => patternLeaves(rule.pattern));
  const named = leaves.filter((leaf) => leaf.path.join('.') === 'facts.controlId').flatMap((leaf) => leaf.allowed);
  return [...new Set(named.filter((value) => typeof value === 'string'))].sort();
}
