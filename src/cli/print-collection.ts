// SPDX-License-Identifier: Apache-2.0
import type { RunReport } from '../collect/source-run.ts';
import type { SealedReport } from '../runtime/collect-laptop.ts';
import { columns, print, type Terminal } from './terminal.ts';

const maxListed = 20;

/** A finished collection as scripts read it: the checkpoint is the signed note, which holds all there is to say of it. */
export function collectionForScripts(report: { readonly home: string } & SealedReport): object {
  const { checkpoint } = report;
  return { ...report, checkpoint: checkpoint === null ? null : { size: checkpoint.checkpoint.size, note: checkpoint.note } };
}

/** Shows a finished collection to a person. */
export function printCollection(terminal: Terminal, report: { readonly home: string } & SealedReport): void {
  print(terminal, ...runLines(report.runs));
  const { unrecognised, checkpoint, interrupted, damaged } = report;
  if (unrecognised.length > 0) {
    print(terminal, '', `not recognised (${unrecognised.length}):`);
    print(terminal, ...unrecognised.slice(0, maxListed).map(({ path, reason }) => `  ${path}: ${reason}`));
    if (unrecognised.length > maxListed) print(terminal, `  … and ${unrecognised.length - maxListed} more: see --json`);
  }
  if (interrupted > 0) print(terminal, '', `${interrupted} earlier run(s) had ended without a receipt; each is a gap now (aims gaps)`);
  for (const { key, reason } of damaged) print(terminal, `damaged segment ${key}: ${reason}; run aims verify`);
  print(terminal, '', `evidence: ${report.home}`);
  if (checkpoint !== null)
    print(terminal, `checkpoint: ${checkpoint.checkpoint.size} segments sealed (aims checkpoint prints it: keep it elsewhere)`);
}

function runLines(runs: readonly RunReport[]): string[] {
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
