// SPDX-License-Identifier: Apache-2.0
import type { Configuration } from './configuration-schema.ts';
import type { Assumptions } from './cost-assumptions.ts';
import { sealCalls } from './cost-seals.ts';
import { monthDays, type PlannedSource, type Workload } from './cost-workload.ts';
import { type MetricName, metricNames, type Told, toldBySource, toldWhen } from './metric-names.ts';
import { runsPerDay } from './plan-schedule.ts';

/** What a deployed stack holds that is paid for by the month or sets a price; a test compares it with the template. */
export interface StackParts {
  /** Keys of ours, by what they are for. */
  readonly keys: readonly string[];
  readonly alarms: number;
  /** Metrics of ours, each as much as the share of the month's hours in which it is told. */
  readonly metrics: number;
  /** One for each function; free but for what is written to it. */
  readonly logGroups: number;
  /** Queues that a function listens to; dead letters wait unread. */
  readonly fifoQueues: number;
  readonly standardQueues: number;
  readonly collectorGigabytes: number;
  readonly otherGigabytes: number;
  /** Months that logs are kept. */
  readonly logMonths: number;
  /** Nights of the month: the ledger looks at everything, the self-audit runs, and a checkpoint is mailed. */
  readonly nights: number;
}

/** No stack: for what records cost by their number alone. */
export const noStack: StackParts = {
  keys: [],
  alarms: 0,
  metrics: 0,
  logGroups: 0,
  fifoQueues: 0,
  standardQueues: 0,
  collectorGigabytes: 1,
  otherGigabytes: 1,
  logMonths: 1,
  nights: 0,
};

/** Counts what the stack of a configuration holds; `collected` are its sources with their schedules. */
export function stackParts(configuration: Configuration, collected: readonly PlannedSource[]): StackParts {
  const sources = collected.length;
  const eventQueues = configuration.events ? sources : 0;
  return {
    keys: ownKeys(configuration),
    alarms: alarmsOf(sources, eventQueues),
    metrics: metricsOf(configuration, collected),
    logGroups: functionsOf(sources),
    fifoQueues: sources,
    standardQueues: 1 + eventQueues,
    collectorGigabytes: 1,
    otherGigabytes: 1,
    logMonths: configuration.logRetentionDays / monthDays,
    nights: monthDays,
  };
}

const timedFunctions = 3;
const undeliveredAlerts = 1;
const findings = 4;

function ownKeys({ vault, previousSigningKeyArn }: Configuration): readonly string[] {
  const hasVaultKey = vault.adopt === undefined ? vault.encryption === 'customer' : vault.adopt.vaultKeyArn !== undefined;
  return [
    'signing',
    'secret',
    'notices',
    ...(hasVaultKey ? ['vault'] : []),
    ...(previousSigningKeyArn === undefined ? [] : ['replaced signing']),
  ];
}

const allMetrics: readonly MetricName[] = Object.keys(metricNames).filter((name): name is MetricName => name in metricNames);

/** Metrics of a stack that told every one of them in the same hour. */
export function mostMetrics(sources: number): number {
  return allMetrics.reduce((sum, name) => sum + (toldBySource.has(name) ? sources : 1), 0);
}

/** A metric is paid for by the hour in which it is told: https://aws.amazon.com/cloudwatch/pricing/, read 2026-11. */
function metricsOf({ events }: Configuration, collected: readonly PlannedSource[]): number {
  const polled = (source: PlannedSource) => Math.min(1, runsPerDay(source.schedule) / 24);
  const shareOf: Readonly<Record<Told, (source: PlannedSource) => number>> = {
    // An event may come at any hour.
    hourly: (source) => (events && source.eventPatterns.length > 0 ? 1 : polled(source)),
    polled,
    nightly: () => 1 / 24,
    // As if something were out of the ordinary every day.
    seldom: () => 1 / 24,
  };
  const once: Readonly<Record<Told, number>> = { hourly: 1, polled: 1, nightly: 1 / 24, seldom: 1 / 24 };
  const bySource = (told: Told) => collected.reduce((sum, source) => sum + shareOf[told](source), 0);
  return Math.ceil(allMetrics.reduce((sum, name) => sum + (toldBySource.has(name) ? bySource(toldWhen(name)) : once[toldWhen(name)]), 0));
}

function functionsOf(sources: number): number {
  return sources + timedFunctions + 1;
}

/** Age and dead letters of each queue; errors and throttles of each function; gaps of each source; failures and silence of timers; undelivered alerts; seals and findings. */
function alarmsOf(sources: number, eventQueues: number): number {
  const queues = sources + eventQueues + 1;
  return 2 * queues + 2 * functionsOf(sources) + sources + 2 * timedFunctions + undeliveredAlerts + findings;
}

/** Seconds that the functions work in a month: assumed, a second or less for each piece of work, and what S3 is waited for. */
export function seconds(
  work: Workload,
  stack: StackParts,
  assumptions: Assumptions,
): { readonly collect: number; readonly others: number } {
  const waiting = work.runs * assumptions.secondsPerRun.value + work.lookupPages * 0.5 + work.eventBatches * 0.5;
  const collect = waiting + (work.itemsRead * assumptions.microsecondsPerItem.value) / 1e6;
  const { lists, tileReads } = sealCalls(work, stack.nights, assumptions);
  return { collect, others: work.plans + work.segments * 0.5 + work.seals + lists * 0.1 + tileReads * 0.03 };
}
