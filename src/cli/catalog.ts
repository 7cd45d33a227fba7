// SPDX-License-Identifier: Apache-2.0
import { catalogItem, catalogItems } from '../catalog/catalog.ts';
import { parseControlId } from '../catalog/control-id.ts';
import { loadPack } from '../catalog/pack-file.ts';
import { resolveSeedAlias } from '../catalog/seed-alias.ts';
import { columns, print, printJson, type Terminal } from './terminal.ts';

/** `aims catalog [ID]`: the assessable items of the standard, or one of them with the rules that claim it. */
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
    else print(terminal, JSON.stringify(alias, null, 2));
    return;
  }
  const control = parseControlId(id);
  const item = catalogItem(control);
  const rules = loadPack().rules.flatMap((rule) =>
    rule.controls
      .filter((claim) => claim.control === control)
      .map((claim) => ({ rule: rule.id, strength: claim.strength, title: rule.title })),
  );
  if (json) {
    printJson(terminal, { ...item, rules });
    return;
  }
  print(terminal, `${item.id}  ${item.title}`, '', `asks        ${item.asks}`, `automation  ${item.automation}`);
  print(terminal, ...item.evidence.manual.map((line) => `a person must supply: ${line}`));
  print(
    terminal,
    `sufficiency ${item.auditor.sufficiency}`,
    `freshness   ${item.auditor.freshness}`,
    `period      ${item.auditor.period}`,
    '',
  );
  const order = ['direct', 'partial', 'context'];
  const sorted = rules.sort((a, b) => order.indexOf(a.strength) - order.indexOf(b.strength));
  print(terminal, `${rules.length} rules claim it:`, ...sorted.map((rule) => `  ${rule.strength.padEnd(8)} ${rule.rule}: ${rule.title}`));
}
