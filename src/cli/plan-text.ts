// SPDX-License-Identifier: Apache-2.0
import type { CostLine } from '../runtime/deployment/cost-lines.ts';
import type { FunctionRole } from '../runtime/deployment/function-roles.ts';
import { describeTarget, type Grant } from '../runtime/deployment/grant.ts';
import type { DeploymentPlan } from '../runtime/deployment/plan-deployment.ts';
import { priceList, prices } from '../runtime/deployment/prices.ts';
import { columns } from './terminal.ts';

const width = 100;

/** The plan for a reader, in lines of at most a hundred columns. */
export function planText(plan: DeploymentPlan, configuration: string | null): readonly string[] {
  const from = configuration ?? 'the defaults (no aims.config.* here)';
  return [
    `A deployment on ${plan.keeps.firstWritten} with ${from}; nothing was asked of AWS.`,
    ...section('What is collected', collected(plan)),
    ...section('What becomes undeletable', kept(plan)),
    ...section('What each function may do (--json says why)', roleLines(plan.roles)),
    ...section('What the role in each other account allows, to the collectors alone', memberLines(plan.memberRole)),
    ...section('Refused to every function, whatever else is granted', refused(plan.roles)),
    ...section('What the configuration lacks', lacking(plan)),
    ...section('What the estimate takes for granted (change with --assume name=value)', assumptions(plan)),
    ...section(`What a month costs: list prices of ${priceList.region}, ${priceList.month}, in US dollars`, costs(plan)),
    ...section('What records cost by their number', recordCosts(plan)),
  ];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return ['', title, ...lines.map((line) => (line === '' ? '' : `  ${line}`))];
}

/** Breaks words into lines; those after the first are indented so far. */
function wrap(text: string, indent: number): readonly string[] {
  const lines: string[] = [];
  // Spaces before the first word belong to it.
  const [first = '', ...words] = text.split(/(?<=\S) /);
  let line = first;
  for (const word of words) {
    if (line.length + 1 + word.length > width - 2) {
      lines.push(line);
      line = ' '.repeat(indent) + word;
    } else line = `${line} ${word}`;
  }
  return [...lines, line];
}

function labelled(label: string, text: string): readonly string[] {
  return wrap(`${label.padEnd(11)} ${text}`, 12);
}

function collected({ accounts, regions, collects, work }: DeploymentPlan): readonly string[] {
  const head = ['source', 'schedule', 'runs a day', 'overlap', 'reach', 'full sweep', 'events'];
  const rows = collects.map((one) => [
    one.source,
    one.schedule,
    Number(one.runsPerDay.toFixed(1)),
    `${one.overlapHours} h`,
    `${one.reachDays} days`,
    `${one.fullSweepDays} days`,
    one.events,
  ]);
  return [
    ...labelled('accounts', `${count(accounts.count)} (${accounts.from})${accounts.note === null ? '' : `; ${accounts.note}`}`),
    ...labelled('Regions', regions.length === 0 ? "the stack's own" : regions.join(', ')),
    ...labelled('runs', `${count(work.runs)} a month: each source in each of ${count(work.scopes)} accounts × Regions`),
    '',
    ...columns([head, ...rows]),
  ];
}

function kept({ keeps }: DeploymentPlan): readonly string[] {
  const until = `the first, written on ${keeps.firstWritten}, until ${keeps.deletableFrom}; what is written later, as much later`;
  return [
    ...labelled('what', keeps.what),
    ...labelled('how long', keeps.lockMode === 'NONE' ? 'not at all' : `${count(keeps.retentionDays)} days: ${until}`),
    ...labelled('lock mode', keeps.lockMode),
    ...labelled('lifted by', keeps.who),
  ];
}

/** Each function with its grants; what all have, or all collectors have, is said once. */
function roleLines(roles: readonly FunctionRole[]): readonly string[] {
  const everyone = common(roles);
  const collectors = common(roles.filter(({ name }) => name.startsWith('collect-'))).filter((text) => !everyone.includes(text));
  const block = (title: string, texts: readonly string[]) => [...wrap(title, 2), ...texts.flatMap((text) => wrap(`  ${text}`, 4))];
  return [
    ...block('every function', everyone),
    ...block('every collector', collectors),
    ...roles.flatMap(({ name, purpose, grants }) => {
      const own = grants.map(grantText).filter((text) => !everyone.includes(text));
      return block(`${name}: ${purpose}`, name.startsWith('collect-') ? own.filter((text) => !collectors.includes(text)) : own);
    }),
  ];
}

function memberLines(memberRole: DeploymentPlan['memberRole']): readonly string[] {
  if (memberRole === null) return ['there is none: only the own account is read'];
  return [memberRole.name, ...memberRole.grants.flatMap((grant) => wrap(`  ${grantText(grant)}`, 4))];
}

function common(roles: readonly FunctionRole[]): readonly string[] {
  const [first, ...others] = roles.map(({ grants }) => grants.map(grantText));
  return (first ?? []).filter((text) => others.every((texts) => texts.includes(text)));
}

function grantText({ on, actions }: Grant): string {
  return `${on === 'any' ? 'no resource to name' : describeTarget(on)}: ${actions.join(', ')}`;
}

function refused(roles: readonly FunctionRole[]): readonly string[] {
  return wrap([...new Set(roles.flatMap(({ denies }) => denies))].sort().join(', '), 0);
}

function lacking({ missing }: DeploymentPlan): readonly string[] {
  if (missing.length === 0) return ['nothing that we know of'];
  return missing.flatMap(({ setting, consequence, gaps }) => wrap(`${setting}: ${consequence}${gaps ? ' (gaps)' : ''}`, 2));
}

function assumptions({ assumptions: all }: DeploymentPlan): readonly string[] {
  return Object.entries(all).flatMap(([name, { value, unit, why }]) => wrap(`${name} = ${count(value)} ${unit}: ${why}`, 2));
}

const notCounted =
  'Not counted: free tiers, discounts, taxes, what a first run reads of the past, and what the accounts pay for their own trails and ' +
  'services; calls to the sources are free, and bucket keys make those to a vault key few. A key that AWS rotates costs a dollar more after each of its first two ' +
  'years. Unknown before it runs: how many records your accounts make. Prices were taken from reports, some from general knowledge and not checked ' +
  '(prices.ts says which): compare them with the pages of AWS before you budget.';

function costs({ costs: lines, total }: DeploymentPlan): readonly string[] {
  const rows = lines.map((line) => [line.service, line.what, quantityOf(line), `× ${priceOf(line)}`, '=', dollars(line.dollars)]);
  const table = columns([['', '', '', '', '', ''], ...rows, ['', 'together', '', '', '=', dollars(total)]]).slice(1);
  const origins = lines.flatMap(({ service, what, because }) => wrap(`${service} ${what}: ${because}`, 2));
  return [...table, '', ...wrap(notCounted, 0), '', 'Where the quantities come from', ...origins];
}

function recordCosts({ recordCosts: rows }: DeploymentPlan): readonly string[] {
  const table = rows.map(({ what, thousand, million }) => [what, dollars(thousand, 4), dollars(million)]);
  return columns([['', 'per thousand', 'per million'], ...table]);
}

function quantityOf({ quantity, price }: CostLine): string {
  const text = quantity < 100 ? quantity.toFixed(quantity < 1 ? 3 : 1).replace(/\.0$/, '') : count(quantity);
  const { unit } = prices[price];
  return `${text} ${quantity === 1 ? unit : plural(unit)}`;
}

function plural(unit: string): string {
  return unit === 'GB' ? unit : `${unit}s`;
}

function priceOf({ price }: CostLine): string {
  const { dollars: amount, per } = prices[price];
  return per === 1 ? `$${amount}` : `$${amount} / ${count(per)}`;
}

function dollars(amount: number, digits = 2): string {
  return `$${amount.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
}

function count(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 1 });
}
