// SPDX-License-Identifier: Apache-2.0
import { checkIds } from './check-ids.ts';
import type { MappingSource } from './mapping-source.ts';
import { ruleClaims } from './rule-claims.ts';

interface Item {
  readonly id: string;
  readonly no_rule_because?: string | undefined;
}

/** What a schema cannot say of catalogue and seed: ids that exist and are used once, references that resolve, counts that hold, no item without a word. */
export function checkCatalog(source: MappingSource): readonly string[] {
  return [...checkIds(source), ...checkCounts(source), ...checkReach(source), ...checkSeedRows(source), ...checkSeedServices(source)];
}

/** The assessable items of the YAML files, clauses first. */
function itemsOf(source: MappingSource): readonly Item[] {
  const clauses = source.clauses.flatMap(({ content }) => content.clauses.filter((clause) => clause.assessable));
  return [...clauses, ...source.annex.flatMap(({ content }) => content.controls)];
}

function checkCounts(source: MappingSource): readonly string[] {
  const clauses = source.clauses.flatMap(({ content }) => content.clauses);
  const ofDepth = (depth: number) => clauses.filter((clause) => clause.id.split('.').length === depth).length;
  const found: Record<string, number> = {
    clause_nodes: clauses.length,
    clause_top_level: ofDepth(1),
    clause_second_level: ofDepth(2),
    clause_third_level: ofDepth(3),
    clause_leaves_assessable: clauses.filter((clause) => clause.assessable).length,
    annex_a_sections: source.annex.length,
    annex_a_objective_statements: source.annex.flatMap(({ content }) => content.objectives).length,
    annex_a_controls: source.annex.flatMap(({ content }) => content.controls).length,
  };
  const stated = Object.entries(source.standard.counts);
  return stated
    .filter(([name, count]) => name in found && found[name] !== count)
    .map(([name, count]) => `${name}: ${count} stated, ${found[name]} found`);
}

/** Every item has a rule that makes a claim, or says why not; never both. */
function checkReach(source: MappingSource): readonly string[] {
  const rules = source.rules.flatMap(({ content }) => content.rules);
  const reached = new Set(ruleClaims(rules).map((claim) => claim.control));
  return itemsOf(source).flatMap(({ id, no_rule_because: reason }) => {
    if (reached.has(id)) return reason === undefined ? [] : [`${id} has rules and says why it has none`];
    return reason === undefined ? [`${id} has no rule and does not say why`] : [];
  });
}

function checkSeedRows(source: MappingSource): readonly string[] {
  const { rows, fit_values: fits } = source.seedRows;
  const aliases = rows.map((row) => row.alias);
  const problems = aliases.filter((alias, index) => aliases.indexOf(alias) !== index).map((alias) => `${alias} stands twice`);
  for (const row of rows) {
    if (!(row.fit in fits)) problems.push(`${row.alias}: fit ${row.fit} is not explained`);
  }
  return problems;
}

function checkSeedServices(source: MappingSource): readonly string[] {
  const used = new Set(source.seedRows.rows.flatMap((row) => row.services.map((service) => service.service)));
  const described = source.seedServices.services.map((service) => service.service);
  return [
    ...described.filter((name, index) => described.indexOf(name) !== index).map((name) => `${name} is described twice`),
    ...described.filter((name) => !used.has(name)).map((name) => `${name} is described and named by no row`),
    ...[...used].filter((name) => !described.includes(name)).map((name) => `${name} is named by a row and not described`),
  ];
}
