// SPDX-License-Identifier: Apache-2.0
import { relative } from 'node:path';
import { homeCoverage } from '../runtime/home-coverage.ts';
import { collectReport } from './collect.ts';
import { sectionLines } from './controls.ts';
import { withHome } from './home-command.ts';
import { collectionForScripts, damagedLines } from './print-collection.ts';
import { print, printJson, type Terminal } from './terminal.ts';

/** Home of the sample account's evidence. */
export const sampleHome = '.aims-sample';

/** `npm start`: the product's main job on the bundled sample account, and what a newcomer should see of it. Returns as `collect` does. */
export async function start(terminal: Terminal, options: { readonly json?: boolean }): Promise<boolean> {
  const collectOptions = { home: sampleHome, source: [], region: [], scale: '1' };
  if (!options.json) print(terminal, 'Collecting 30 days of a made-up organisation: two AWS accounts, two Regions, three AI systems.', '');
  const report = await collectReport(terminal, collectOptions, 'sample');
  const isWhole = report.damaged.length === 0;
  const { coverage, totals, newest } = await withHome(terminal, { home: sampleHome }, async ({ index }) => ({
    coverage: await homeCoverage(index),
    totals: await index.totals(),
    newest: (await index.list({ control: 'A.6.2.6', polarity: 'exception', limit: 1 })).records[0],
  }));
  if (options.json) {
    printJson(terminal, { ...collectionForScripts(report), coverage, totals });
    return isWhole;
  }
  const sum = (pick: (run: (typeof report.runs)[number]) => number) => report.runs.reduce((total, run) => total + pick(run), 0);
  print(
    terminal,
    `Read      ${sum((run) => run.itemsRead)} items from 5 sources: ${sum((run) => run.recordsStored)} stored, ${sum((run) => run.duplicates)} known already`,
  );
  print(
    terminal,
    ...totals
      .filter(({ kind }) => !['plan', 'receipt', 'gap'].includes(kind))
      .map((one) => `          ${String(one.records).padStart(6)} ${one.source} ${one.kind}`),
  );
  print(terminal, '', `Not seen  ${coverage.gaps.length} things, each stored as a gap:`);
  print(terminal, ...gapSummary(coverage.gaps).map((line) => `          ${line}`));
  print(
    terminal,
    '',
    'Coverage  items by the strongest evidence that stands; no figure here says that a control is met',
    ...sectionLines(coverage),
  );
  print(
    terminal,
    '',
    `Evidence  ${relative(terminal.directory, report.home) || report.home}: sealed in ${report.checkpoint?.checkpoint.size ?? 0} segments, checkable by anyone`,
  );
  print(terminal, ...damagedLines(report.damaged));
  print(terminal, '', 'Next', `  npx aims controls --home ${sampleHome}          what is known of each clause and control`);
  print(terminal, `  npx aims show ${newest?.id.slice(0, 12) ?? 'ID'} --home ${sampleHome}   one exception: raw answer, rule, proof`);
  print(terminal, `  npx aims verify --records --home ${sampleHome}  check every byte and every record`);
  return isWhole;
}

function gapSummary(gaps: readonly { reason: string; source: string; account: string; region: string }[]): string[] {
  const groups = Map.groupBy(gaps, (gap) => `${gap.reason.padEnd(15)} ${gap.source} in ${gap.account || 'files'} ${gap.region}`.trim());
  return [...groups].map(([words, members]) => `${words} (${members.length})`);
}
