// SPDX-License-Identifier: Apache-2.0
import type { SourceId } from '../../evidence/observation.ts';
import type { Assumptions } from './cost-assumptions.ts';
import { costLines, totalOf } from './cost-lines.ts';
import { noStack } from './cost-stack.ts';
import { noWork, type Workload } from './cost-workload.ts';

/** What new records cost by their number alone, without timers and the seals that they start, queues that wait and keys. */
export interface RecordCost {
  readonly what: string;
  readonly thousand: number;
  readonly million: number;
}

/** A segment is full at this many records. */
const fullSegment = 5_000;

const cases: readonly { readonly what: string; readonly source: SourceId; readonly perRun: number }[] = [
  { what: 'CloudTrail events in full segments (a first run, a trail bucket)', source: 'cloudtrail', perRun: fullSegment },
  { what: 'CloudTrail events, a hundred new ones a run', source: 'cloudtrail', perRun: 100 },
  { what: 'CloudTrail events, ten new ones a run', source: 'cloudtrail', perRun: 10 },
  { what: 'Security Hub findings, ten new ones a run', source: 'securityhub', perRun: 10 },
  { what: 'runs and reports of Model Monitor, ten new ones a run', source: 'sagemaker-model-monitor', perRun: 10 },
];

/** The table of `docs/operations.md`: the lines of the month's bill for so many records and nothing else; kept for a month. */
export function recordCosts(assumptions: Assumptions): readonly RecordCost[] {
  const forOneMonth = { ...assumptions, monthsHeld: { ...assumptions.monthsHeld, value: 1 } };
  const cost = (records: number, one: (typeof cases)[number]) =>
    totalOf(costLines({ work: workOf(records, one), stack: noStack, assumptions: forOneMonth }));
  return cases.map((one) => ({ what: one.what, thousand: cost(1_000, one), million: cost(1_000_000, one) }));
}

function workOf(records: number, { source, perRun }: (typeof cases)[number]): Workload {
  const runs = records / perRun;
  return {
    ...noWork,
    runs,
    runBatches: runs,
    newRecords: records,
    recordsOf: { [source]: records },
    itemsRead: records,
    lookupPages: source === 'cloudtrail' ? records / 50 : 0,
    segments: runs,
    confirmations: runs,
    ownRecords: 2 * runs,
  };
}
