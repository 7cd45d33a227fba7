// SPDX-License-Identifier: Apache-2.0
import type { EventsReport } from '../../collect/collect-events.ts';
import type { DeliveryOutcome } from '../../collect/collect-runs.ts';
import type { RunReport } from '../../collect/source-run.ts';
import type { Source } from '../../sources/source.ts';
import type { LineFields, Telemetry } from './telemetry.ts';

interface Reporter {
  readonly telemetry: Telemetry;
  readonly now: () => Date;
}

/** One line for each delivered run, and its figures. */
export function reportOutcome({ telemetry, now }: Reporter, outcome: DeliveryOutcome): void {
  const { run, source, account, region, window, part } = outcome.delivery.run;
  const of = { run, source, account, region, since: window.since, until: window.until, part, end: outcome.end };
  if (outcome.end === 'failed') {
    telemetry.problem('run failed', of, outcome.error);
    telemetry.count('runsFailed', 1, source);
    return;
  }
  if (outcome.end !== 'read') {
    telemetry.line('run', of);
    return;
  }
  const { report, complete, next, calls } = outcome.read;
  telemetry.line('run', { ...of, ...figuresOf(report), complete, next: next?.run ?? null, calls });
  countRun(telemetry, report);
  telemetry.count('sourceCalls', calls, source);
  if (next !== null) telemetry.count('runsContinued', 1, source);
  else if (complete) telemetry.count('runsComplete', 1, source);
  if (next === null)
    telemetry.count('collectionLag', Math.max(0, Math.round((now().getTime() - Date.parse(window.until)) / 1_000)), source);
}

/** One line for each run over events, and its figures. */
export function reportEvents({ telemetry, source }: Reporter & { readonly source: Pick<Source, 'id'> }, report: EventsReport): void {
  const { runs, failed, givenUp } = report;
  for (const run of runs) {
    const { id, source: of, account, region } = run;
    telemetry.line('events', { run: id, source: of, account, region, ...figuresOf(run) });
    countRun(telemetry, run);
  }
  if (givenUp > 0) telemetry.count('gaps', givenUp, source.id);
  for (const [message, error] of failed) telemetry.problem('event failed', { message }, error);
}

function figuresOf({ itemsRead, recordsStored, duplicates, itemGaps, scopeGaps }: RunReport): LineFields {
  return { itemsRead, recordsStored, duplicates, gaps: itemGaps + scopeGaps };
}

function countRun(telemetry: Telemetry, report: RunReport): void {
  telemetry.count('recordsStored', report.recordsStored, report.source);
  telemetry.count('gaps', report.itemGaps + report.scopeGaps, report.source);
}
