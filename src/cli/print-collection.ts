// SPDX-License-Identifier: Apache-2.0
import type { RunReport } from '../collect/source-run.ts';
import type { SealedReport } from '../runtime/collect-laptop.ts';
import { plainReason } from './plain-reason.ts';
import { columns, oneLine, print, type Terminal } from './terminal.ts';

const maxListed = 20;

/** A finished collection as scripts read it: the checkpoint is the signed note, which holds all there is to say of it. */
export function collectionForScripts(report: { readonly home: string } & SealedReport): object {
  const { checkpoint } = report;
  return { ...report, checkpoint: checkpoint === null ? null : { size: checkpoint.checkpoint.size, note: checkpoint.note } };
}

/** Shows a finished collection to a person. */
export function printCollection(terminal: Terminal, report: { readonly home: string } & SealedReport): void {
  print(terminal, ...runLines(report));
  const { unrecognised, checkpoint, interrupted, damaged } = report;
  if (unrecognised.length > 0) {
    print(terminal, '', `not recognised (${unrecognised.length}):`);
    print(terminal, ...unrecognised.slice(0, maxListed).map(({ path, reason }) => `  ${oneLine(path)}: ${oneLine(reason)}`));
    if (unrecognised.length > maxListed) print(terminal, `  … and ${unrecognised.length - maxListed} more: see --json`);
  }
  if (interrupted > 0)
    print(
      terminal,
      '',
      `${interrupted} earlier run(s) had ended without a receipt: each is on record as a gap, closed by a run that reads the same again`,
      'aims gaps lists those still open, aims gaps --all every one',
    );
  print(terminal, ...damagedLines(damaged));
  print(terminal, '', `evidence: ${report.home}`);
  if (checkpoint !== null)
    print(terminal, `checkpoint: ${checkpoint.checkpoint.size} segments sealed (aims checkpoint prints it: keep it elsewhere)`);
}

/** What is told of segments that cannot be had any more. */
export function damagedLines(damaged: SealedReport['damaged']): string[] {
  const lines = damaged.slice(0, maxListed).map(({ key, reason }) => `damaged segment ${key}: ${plainReason(reason, key)}`);
  if (damaged.length > maxListed) lines.push(`… and ${damaged.length - maxListed} more: see --json`);
  return damaged.length === 0 ? [] : [...lines, 'what they held is a gap now (aims gaps); run aims verify'];
}

function runLines({ runs, unreadByAll = 0 }: SealedReport): string[] {
  // A file that told no source is a gap of every run: it is told once, below, and a run that met nothing else says nothing.
  const told = runs.map((run) => ({ ...run, scopeGaps: run.scopeGaps - unreadByAll }));
  const isSilent = (run: RunReport) => run.itemsRead + run.itemGaps + run.scopeGaps === 0;
  const shown = told.filter((run) => !isSilent(run));
  return [
    ...tableOf(shown),
    ...silentLine(told.filter(isSilent)),
    ...(unreadByAll === 0
      ? []
      : [`${unreadByAll} ${unreadByAll === 1 ? 'file' : 'files'} could not be read and may have held evidence for any source (aims gaps)`]),
  ];
}

function silentLine(silent: readonly RunReport[]): string[] {
  if (silent.length === 0) return [];
  const places = silent.map(({ source, account, region }) => [source, account, region].filter((part) => part !== '').join(' '));
  return [`nothing to read and no gap: ${places.join(', ')}`];
}

function tableOf(runs: readonly RunReport[]): string[] {
  if (runs.length === 0) return [];
  const rows = runs.map((run) => [
    run.source,
    run.account || '-',
    run.region || '-',
    run.itemsRead,
    run.recordsStored,
    run.duplicates,
    run.itemGaps,
    run.scopeGaps,
  ]);
  return columns([['source', 'account', 'region', 'read', 'stored', 'known', 'item gaps', 'scope gaps'], ...rows]);
}
