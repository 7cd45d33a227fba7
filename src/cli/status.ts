// SPDX-License-Identifier: Apache-2.0
import { readConfiguration } from '../runtime/configuration.ts';
import type { QueueState } from '../runtime/home.ts';
import type { HomeStatus, SourceStatus } from '../runtime/home-status.ts';
import { readHomeStatus } from '../runtime/home-status-facts.ts';
import { type HomeOptions, placeOf } from './home-command.ts';
import { columns, print, printJson, type Terminal } from './terminal.ts';

/** `aims status`: whether collection and sealing go on as they should. What it finds out is its answer, so it ends with 0 either way. */
export async function status(terminal: Terminal, options: HomeOptions): Promise<void> {
  const { configuration } = await readConfiguration(terminal.directory, options.config);
  const found = await readHomeStatus(await placeOf(terminal, options), configuration, new Date());
  if (options.json) printJson(terminal, found);
  else printStatus(terminal, found);
}

function printStatus(terminal: Terminal, found: HomeStatus): void {
  const { gaps, queues, ledger, waitingRuns, attention, runsSince } = found;
  print(terminal, `${found.home} (${found.kind} evidence) at ${minute(found.at)}`, '');
  print(
    terminal,
    ...columns([['source', 'account', 'Region', 'last run', 'result', 'lag', 'schedule'], ...found.sources.map(sourceRow)]),
    '',
  );
  if (runsSince !== null) print(terminal, `not every receipt was looked at before ${minute(runsSince)}`);
  print(
    terminal,
    `runs without a receipt  ${waitingRuns.length}${waitingRuns[0] === undefined ? '' : `, oldest planned ${ago(waitingRuns[0].ageSeconds)} ago`}`,
  );
  print(
    terminal,
    `open gaps               ${gaps.open}${gaps.by.map(({ source, reason, open }) => `; ${source} ${reason} ${open}`).join('')}`,
  );
  print(terminal, `newest checkpoint       ${checkpointWords(ledger.checkpoint)}`);
  const { segments, more, since } = ledger.unsealed;
  print(
    terminal,
    `segments not sealed     ${segments}${more ? ' or more' : ''}${since === null ? '' : `, of those written since ${since}`}`,
  );
  if (queues !== null) print(terminal, '', ...columns([['queue', 'of', 'waiting', 'in flight', 'dead letters'], ...queues.map(queueRow)]));
  print(terminal, '', ...(attention.length === 0 ? ['nothing needs attention'] : attention.map((words) => `! ${words}`)));
}

function sourceRow({ source, account, region, lastRun, lagSeconds, late, schedule }: SourceStatus): string[] {
  const result = lastRun === null ? 'never ran' : lastRun.complete ? 'complete' : 'not complete';
  const lag = lagSeconds === null ? '-' : `${ago(lagSeconds)}${late === true ? ' late' : ''}`;
  return [source, account || '-', region || '-', lastRun === null ? '-' : minute(lastRun.finishedAt), result, lag, schedule ?? '-'];
}

function queueRow({ source, of, waiting, inFlight, deadLetters }: QueueState): string[] {
  return [source, of, String(waiting ?? '?'), String(inFlight ?? '?'), String(deadLetters ?? '?')];
}

function checkpointWords(checkpoint: HomeStatus['ledger']['checkpoint']): string {
  if (checkpoint === null) return 'none';
  return `${checkpoint.size} segments${checkpoint.ageSeconds === null ? '' : `, ${ago(checkpoint.ageSeconds)} ago`}`;
}

function ago(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} days`;
}

function minute(time: string): string {
  return time.slice(0, 16);
}
