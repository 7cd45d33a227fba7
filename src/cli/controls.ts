// SPDX-License-Identifier: Apache-2.0
import type { Coverage } from '../posture/coverage.ts';
import type { ByPolarity, ItemCoverage } from '../posture/item-coverage.ts';
import { homeCoverage } from '../runtime/home-coverage.ts';
import { type HomeOptions, withHome } from './home-command.ts';
import { columns, print, printJson, type Terminal } from './terminal.ts';
import { toldOnce } from './told-once.ts';

/** `aims controls`: what is known of every clause and control, and what could not be seen. Never one figure for all. */
export async function controls(terminal: Terminal, options: HomeOptions): Promise<void> {
  const coverage = await withHome(terminal, options, ({ index }) => homeCoverage(index));
  if (options.json) {
    printJson(terminal, coverage);
    return;
  }
  print(
    terminal,
    ...columns([
      ['id', 'strongest', 'direct', 'partial', 'context', 'newest', 'gaps', 'automation', 'title'],
      ...coverage.items.map(itemRow),
    ]),
  );
  print(terminal, '', ...legend, ...gapLine(coverage));
}

const legend = [
  'Findings in their newest state: + supports, ! exception, ? review, 0 expected evidence missing, · occurrence or context.',
  'A direct claim counts, a partial one only beside other evidence, context never. What only people can show is not in AWS data.',
];

const signs = [
  ['supports', '+'],
  ['exception', '!'],
  ['review', '?'],
  ['gap', '0'],
] as const;

function itemRow(item: ItemCoverage): (string | number)[] {
  const { direct, partial, context } = item.findings;
  const gaps = item.gaps.reduce((sum, gap) => sum + gap.open, 0);
  return [
    item.id,
    item.evidence,
    cell(direct),
    cell(partial),
    cell(context),
    item.newest?.slice(0, 10) ?? '-',
    gaps,
    item.automation,
    item.title.slice(0, 48),
  ];
}

function cell(found: ByPolarity): string {
  const parts: string[] = signs.flatMap(([polarity, sign]) => ((found[polarity] ?? 0) > 0 ? [`${sign}${found[polarity]}`] : []));
  const rest = (found.occurrence ?? 0) + (found.context ?? 0);
  if (rest > 0) parts.push(`·${rest}`);
  return parts.join(' ') || '-';
}

function gapLine(coverage: Coverage): string[] {
  const things = toldOnce(coverage.gaps).length;
  return things === 0 ? [] : ['', `${things} ${things === 1 ? 'thing' : 'things'} could not be seen: aims gaps`];
}

/** Coverage by section, for a first look. */
export function sectionLines(coverage: Coverage): string[] {
  const rows = coverage.sections.map((section) => [
    section.id,
    section.items,
    section.evidence.direct,
    section.evidence.partial,
    section.evidence.context,
    section.evidence.none,
    section.withExceptions,
    section.withReviews,
    section.title,
  ]);
  return columns([['section', 'items', 'direct', 'partial', 'context', 'nothing', 'exceptions', 'to review', 'title'], ...rows]);
}
