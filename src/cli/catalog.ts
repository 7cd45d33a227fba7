// SPDX-License-Identifier: Apache-2.0
import { type CatalogItem, catalogItem, catalogItems } from '../catalog/catalog.ts';
import { parseControlId } from '../catalog/control-id.ts';
import { loadPack } from '../catalog/pack-file.ts';
import { ruleClaims } from '../catalog/rule-claims.ts';
import { resolveSeedAlias, type SeedAlias, type SeedAliasService } from '../catalog/seed-alias.ts';
import { type Strength, strengths } from '../evidence/claim.ts';
import { columns, print, printJson, type Terminal } from './terminal.ts';

/** A rule as the list of those that claim an item shows it. */
interface Claiming {
  readonly rule: string;
  readonly strength: Strength;
  readonly title: string;
}

/** `aims catalog [ID]`: the assessable items of the standard, one of them with the rules that claim it, or a row of the seed with its services. */
export function catalog(terminal: Terminal, id: string | undefined, options: { readonly json?: boolean }): void {
  if (id !== undefined) showItem(terminal, id, options.json === true);
  else if (options.json)
    printJson(terminal, { items: catalogItems().map(({ id: item, kind, title, automation }) => ({ id: item, kind, title, automation })) });
  else {
    const rows = catalogItems().map((item) => [item.id, item.kind, item.automation, item.title]);
    print(terminal, ...columns([['id', 'kind', 'automation', 'title'], ...rows]));
    print(terminal, '', 'Ids and titles only; all other words are ours. Buy ISO/IEC 42001:2023 for its text.');
  }
}

function showItem(terminal: Terminal, id: string, json: boolean): void {
  if (id.startsWith('seed:')) {
    const alias = resolveSeedAlias(id);
    if (json) printJson(terminal, alias);
    else print(terminal, ...seedLines(alias));
    return;
  }
  const item = catalogItem(parseControlId(id));
  const rules = ruleClaims(loadPack().rules)
    .filter((claim) => claim.control === item.id)
    .map(({ rule, strength }) => ({ rule: rule.id, strength, title: rule.title }));
  if (json) printJson(terminal, { ...item, rules });
  else print(terminal, ...itemLines(item, rules));
}

function itemLines(item: CatalogItem, rules: readonly Claiming[]): readonly string[] {
  const { id, title, asks, automation, evidence, auditor } = item;
  const sorted = strengths.flatMap((strength) => rules.filter((rule) => rule.strength === strength));
  return [
    `${id}  ${title}`,
    '',
    `asks        ${asks}`,
    `automation  ${automation}`,
    ...evidence.manual.map((line) => `a person must supply: ${line}`),
    `sufficiency ${auditor.sufficiency}`,
    `freshness   ${auditor.freshness}`,
    `period      ${auditor.period}`,
    '',
    claimedBy(rules.length, item.no_rule_because),
    ...sorted.map((rule) => `  ${rule.strength.padEnd(8)} ${rule.rule}: ${rule.title}`),
  ];
}

function claimedBy(rules: number, reason = 'none is known'): string {
  if (rules === 0) return `No rule claims it: ${reason}`;
  return rules === 1 ? '1 rule claims it:' : `${rules} rules claim it:`;
}

function seedLines({ alias, title, fit, reason, primary, supporting, services, servicesAsOf }: SeedAlias): readonly string[] {
  const ids = (list: readonly string[]) => (list.length === 0 ? 'none' : list.join(', '));
  return [
    `${alias}  ${title}`,
    '',
    `fit         ${fit}`,
    `stands for  ${ids(primary)}`,
    `supported   ${ids(supporting)}`,
    `reason      ${reason}`,
    '',
    `Services it names, and their state on ${servicesAsOf}:`,
    ...services.flatMap(serviceLines),
  ];
}

function serviceLines({ service, status, since, now, replacement, note, ...named }: SeedAliasService): readonly string[] {
  const state = status === 'closed-to-new' ? 'closed to new customers' : status;
  return [
    `  ${service}: ${state}${now === undefined ? '' : `, now ${now}`}${since === undefined ? '' : `, since ${since}`}`,
    `    ${named.standard.join(', ')}: ${named.why}`,
    ...(replacement === undefined ? [] : [`    instead: ${replacement}`]),
    ...(note === undefined ? [] : [`    ${note}`]),
  ];
}
