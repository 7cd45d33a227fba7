// SPDX-License-Identifier: Apache-2.0
import type { Configuration } from './configuration-schema.ts';
import type { Assumptions } from './cost-assumptions.ts';
import { monthDays, type PlannedSource, type Workload } from './cost-workload.ts';
import { metricNames } from './metric-names.ts';
import { runsPerDay } from './plan-schedule.ts';

/** What a deployed stack holds that is paid for by the month or sets a price; a test compares it with the template. */
export interface StackParts {
  /** Keys of ours, by what they are for. */
  readonly keys: readonly string[];
  readonly alarms: number;
  /** Metrics of ours, told all month. */
  readonly metrics: number;
  /** Queues that a function listens to; dead letters wait unread. */
  readonly fifoQueues: number;
  readonly standardQueues: number;
  readonly collectorGigabytes: number;
  readonly otherGigabytes: number;
  /** Tiles, entries and the checkpoint that a seal writes. */
  readonly objectsPerSeal: number;
  /** Segments that a run looks at in the vault before it leaves out what they hold. */
  readonly confirmationsPerRun: number;
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
  fifoQueues: 0,
  standardQueues: 0,
  collectorGigabytes: 1,
  otherGigabytes: 1,
  objectsPerSeal: 0,
  confirmationsPerRun: 0,
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
    metrics: metricsOf(collected),
    fifoQueues: sources,
    standardQueues: 1 + eventQueues,
    collectorGigabytes: 1,
    otherGigabytes: 1,
    objectsPerSeal: 6,
    confirmationsPerRun: 5,
    logMonths: configuration.logRetentionDays / monthDays,
    nights: monthDays,
  };
}

// Those that say by source how collecting goes, and those that only the self-audit tells: `metric-names.ts`.
const metricsOfSource = 9;
const metricsOfNight = 5;
const timedFunctions = 3;
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

/** A metric is paid for by the hour in which it is told: https://aws.amazon.com/cloudwatch/pricing/, read 2026-11. */
function metricsOf(collected: readonly PlannedSource[]): number {
  const hours = collected.reduce((sum, { schedule }) => sum + Math.min(1, runsPerDay(schedule) / 24), 0);
  const names = Object.keys(metricNames).length;
  return Math.round(names - metricsOfNight + metricsOfNight / 24 + metricsOfSource * hours);
}

/** Age and dead letters of each queue; errors and throttles of each function; failures and silence of those on a timer; seals and findings. */
function alarmsOf(sources: number, eventQueues: number): number {
  const queues = sources + eventQueues + 1;
  const functions = sources + timedFunctions + 1;
  return 2 * queues + 2 * functions + 2 * timedFunctions + findings;
}

/** Seconds that the functions work in a month. */
export function seconds(work: Workload, assumptions: Assumptions): { readonly collect: number; readonly others: number } {
  const waiting = work.runs * assumptions.secondsPerRun.value + work.lookupPages * 0.5 + work.eventBatches * 0.5;
  const collect = waiting + (work.itemsRead * assumptions.microsecondsPerItem.value) / 1e6;
  return { collect, others: work.plans + work.segments * 0.5 + work.seals };
}
