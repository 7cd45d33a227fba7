// SPDX-License-Identifier: Apache-2.0
import type { Assumptions } from './cost-assumptions.ts';
import { type IndexUnits, indexUnits } from './cost-index.ts';
import { sealCalls } from './cost-seals.ts';
import { type StackParts, seconds } from './cost-stack.ts';
import type { Workload } from './cost-workload.ts';
import { type PriceName, prices } from './prices.ts';

/** One line of the estimate: `quantity` × `dollars per unit` = `dollars`, and what the quantity is made of. */
export interface CostLine {
  readonly service: string;
  readonly what: string;
  readonly price: PriceName;
  readonly quantity: number;
  readonly dollars: number;
  readonly because: string;
}

/** What the lines are computed from. */
export interface Costed {
  readonly work: Workload;
  readonly stack: StackParts;
  readonly assumptions: Assumptions;
}

/** The month's bill, line by line, dearest service first within the order of the way that a record takes. */
export function costLines(costed: Costed): readonly CostLine[] {
  const units = indexUnits(costed.work, costed.stack.nights, costed.assumptions);
  return [
    ...functionLines(costed),
    ...queueLines(costed),
    ...storeLines(costed),
    ...indexLines(costed, units),
    ...keyLines(costed),
    ...watchLines(costed),
  ].filter(({ quantity }) => quantity > 0);
}

/** Sum of the lines. */
export function totalOf(lines: readonly CostLine[]): number {
  return lines.reduce((sum, { dollars }) => sum + dollars, 0);
}

/** Price of a quantity. */
function priced(price: PriceName, quantity: number): number {
  return (quantity * prices[price].dollars) / prices[price].per;
}

const n = (value: number): string => Math.round(value).toLocaleString('en-US');

interface Words {
  readonly service: string;
  readonly what: string;
  readonly because: string;
}

function line(price: PriceName, quantity: number, words: Words): CostLine {
  return { ...words, price, quantity, dollars: priced(price, quantity) };
}

function functionLines({ work, stack, assumptions }: Costed): readonly CostLine[] {
  const { collect, others } = seconds(work, stack, assumptions);
  const invocations = work.runBatches + work.eventBatches + work.plans + work.segments + work.seals + stack.nights;
  return [
    line('lambdaTime', collect * stack.collectorGigabytes, {
      service: 'Lambda',
      what: 'collectors',
      because: `${n(work.runs)} runs × ${assumptions.secondsPerRun.value} s + ${n(work.lookupPages)} pages and ${n(work.eventBatches)} batches of events × 0.5 s + ${n(work.itemsRead)} items × ${assumptions.microsecondsPerItem.value} µs, × ${stack.collectorGigabytes} GB`,
    }),
    line('lambdaTime', others * stack.otherGigabytes, {
      service: 'Lambda',
      what: 'other functions',
      because: `${n(work.plans)} plans, ${n(work.segments)} segments, ${n(work.seals)} seals of a second or less each + 0.1 s a list and 0.03 s a tile, × ${stack.otherGigabytes} GB`,
    }),
    line('lambdaRequest', invocations, {
      service: 'Lambda',
      what: 'invocations',
      because: `${n(work.runBatches)} batches of runs, ${n(work.eventBatches)} of events; one per plan, seal and, at most, segment`,
    }),
  ];
}

function queueLines({ work, stack, assumptions }: Costed): readonly CostLine[] {
  const idle = assumptions.emptyReceives.value;
  return [
    line('schedule', work.plans + work.seals + 2 * stack.nights, {
      service: 'Scheduler',
      what: 'timers',
      because: `${n(work.plans)} plans, ${n(work.seals)} seals, two a night`,
    }),
    line('fifoRequest', 3 * work.runs + stack.fifoQueues * idle, {
      service: 'SQS',
      what: 'queues of runs',
      because: `3 requests × ${n(work.runs)} runs + ${stack.fifoQueues} queues × ${n(idle)} empty receives`,
    }),
    line('queueRequest', 3 * (work.events + work.segments) + stack.standardQueues * idle, {
      service: 'SQS',
      what: 'queues of events',
      because: `3 requests × (${n(work.events)} events + ${n(work.segments)} new segments) + ${stack.standardQueues} queues × ${n(idle)}`,
    }),
    line('optInEvent', work.segments + sealCalls(work, stack.nights, assumptions).objects, {
      service: 'EventBridge',
      what: 'S3 object events',
      because: `one per object written: S3 tells of all or none`,
    }),
    line('optInEvent', work.forwarded, {
      service: 'EventBridge',
      what: 'forwarded events',
      because: 'from other accounts and Regions to the home; paid there',
    }),
  ];
}

function storeLines({ work, stack, assumptions }: Costed): readonly CostLine[] {
  const bytes = work.segments * assumptions.bytesPerSegment.value + (work.newRecords + work.ownRecords) * assumptions.bytesPerRecord.value;
  const gigabytes = bytes / 1e9;
  const held = gigabytes * assumptions.monthsHeld.value;
  const { objects, lists, tileReads, listsPerSeal, listsPerNight } = sealCalls(work, stack.nights, assumptions);
  return [
    line('s3Put', work.segments + objects, {
      service: 'S3',
      what: 'writes',
      because: `${n(work.segments)} segments + ${n(objects)} objects of the ledger, six a seal`,
    }),
    line('s3Put', lists, {
      service: 'S3',
      what: 'lists',
      because: `${n(listsPerSeal)} for a seal of the open days, every quarter of an hour; ${n(listsPerNight)} for a night's look at everything, after ${assumptions.monthsHeld.value} months`,
    }),
    line('s3Get', 2 * work.segments + work.confirmations + tileReads + work.logFiles, {
      service: 'S3',
      what: 'reads',
      because: `2 × ${n(work.segments)} segments (project, seal) + ${n(work.confirmations)} looks whether what is known is held (an upper bound) + ${n(tileReads)} tiles + ${n(work.logFiles)} log files of trails`,
    }),
    line('s3Storage', held, {
      service: 'S3',
      what: 'evidence',
      because: `${gigabytes.toFixed(3)} GB a month, held for ${assumptions.monthsHeld.value} months`,
    }),
  ];
}

function indexLines({ assumptions }: Costed, units: IndexUnits): readonly CostLine[] {
  const held = units.gigabytes * assumptions.monthsHeld.value;
  const storage = `${units.gigabytes.toFixed(3)} GB a month, held for ${assumptions.monthsHeld.value} months`;
  return [
    line('indexWrite', units.writes, { service: 'DynamoDB', what: 'writes', because: units.becauseWrites }),
    line('indexRead', units.reads, { service: 'DynamoDB', what: 'reads', because: units.becauseReads }),
    line('indexStorage', held, { service: 'DynamoDB', what: 'storage', because: storage }),
    line('indexBackup', held, { service: 'DynamoDB', what: 'point-in-time copy', because: 'as much as is stored' }),
  ];
}

function keyLines({ work, stack }: Costed): readonly CostLine[] {
  return [
    line('kmsKey', stack.keys.length, { service: 'KMS', what: 'keys', because: stack.keys.join(', ') }),
    line('kmsSign', work.seals, { service: 'KMS', what: 'signatures', because: 'one per checkpoint' }),
    line('kmsRequest', work.runBatches + work.eventBatches + work.plans, {
      service: 'KMS',
      what: 'home secret',
      because: 'once per process; at most once per invocation',
    }),
  ];
}

function watchLines({ work, stack, assumptions }: Costed): readonly CostLine[] {
  const invocations = work.runBatches + work.eventBatches + work.plans + work.segments + work.seals;
  const logs = (invocations * assumptions.logBytes.value) / 1e9;
  return [
    line('logIngestion', logs, {
      service: 'CloudWatch',
      what: 'logs written',
      because: `${n(invocations)} invocations × ${n(assumptions.logBytes.value)} bytes`,
    }),
    line('logStorage', logs * Math.min(assumptions.monthsHeld.value, stack.logMonths), {
      service: 'CloudWatch',
      what: 'logs kept',
      because: `for ${n(Math.min(assumptions.monthsHeld.value, stack.logMonths))} months`,
    }),
    line('metric', stack.metrics, {
      service: 'CloudWatch',
      what: 'metrics of ours',
      because: `of ${stack.logGroups} functions, some for each source; paid for by the hour in which they are told`,
    }),
    line('alarm', stack.alarms, { service: 'CloudWatch', what: 'alarms', because: 'docs/operations.md says what each means' }),
    line('notification', stack.nights, { service: 'SNS', what: 'mails', because: 'the daily checkpoint; alarms come on top' }),
  ];
}
