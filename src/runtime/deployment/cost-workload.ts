// SPDX-License-Identifier: Apache-2.0
import type { SourceId } from '../../evidence/observation.ts';
import type { AssumptionName, Assumptions } from './cost-assumptions.ts';
import { runsPerDay } from './plan-schedule.ts';
import type { DeployedSource } from './source-declarations.ts';

/** What is read of a source's declaration for the plan. */
export type PlannedSource = DeployedSource;

/** What is collected: sources with the schedule they run on, and how many accounts × Regions each run covers. */
export interface Collected {
  readonly sources: readonly PlannedSource[];
  readonly scopes: number;
  /** Accounts × Regions whose events EventBridge rules bring beside the polling: none, the home's own, or all that forward. */
  readonly eventScopes: number;
  /** Whether CloudTrail's log files are read in place of LookupEvents. */
  readonly readsLogFiles: boolean;
}

/** What a month of thirty days brings, in counts. */
export interface Workload {
  readonly scopes: number;
  /** Invocations of the planner: one per source and scheduled time, however many accounts. */
  readonly plans: number;
  /** One source in one account and Region, once. */
  readonly runs: number;
  /** Invocations that take runs from a queue, some at once. */
  readonly runBatches: number;
  /** Records that are new; a record of the home account that comes as an event too is one of them. */
  readonly newRecords: number;
  readonly recordsOf: Readonly<Partial<Record<SourceId, number>>>;
  /** Items read, most of them known already: windows overlap, and full sweeps read all that AWS keeps. */
  readonly itemsRead: number;
  /** Pages of LookupEvents, which gives two a second and fifty events each. */
  readonly lookupPages: number;
  /** Log files fetched from trail buckets, as often as their windows overlap. */
  readonly logFiles: number;
  /** Messages that EventBridge rules put on the queues of events, and the invocations that take a minute's. */
  readonly events: number;
  readonly eventBatches: number;
  /** Of these, events that other accounts or Regions forward. */
  readonly forwarded: number;
  /** Objects below `vault/`: one per plan, per batch of runs and per batch of events. */
  readonly segments: number;
  /** Segments that are looked for in the vault before what they hold is left out: each that has records, as often as those are read again. */
  readonly confirmations: number;
  /** Records of our own: a plan and a receipt per run. */
  readonly ownRecords: number;
  /** Seals that find something new; every quarter of an hour at most, and one each night. */
  readonly seals: number;
}

/** A month in which nothing happens. */
export const noWork: Workload = {
  scopes: 0,
  plans: 0,
  runs: 0,
  runBatches: 0,
  newRecords: 0,
  recordsOf: {},
  itemsRead: 0,
  lookupPages: 0,
  logFiles: 0,
  events: 0,
  eventBatches: 0,
  forwarded: 0,
  segments: 0,
  confirmations: 0,
  ownRecords: 0,
  seals: 0,
};

/** Days of the month that is counted. */
export const monthDays = 30;
/** Timers that look for new segments of the open days. */
export const sealsPerDay = 96;
const lookupPage = 50;
const eventsPerBatch = 200;

/** A source whose volume nobody assumed yet counts as `otherRecords`. */
const recordsOf: Readonly<Partial<Record<SourceId, AssumptionName>>> = {
  cloudtrail: 'cloudtrailRecords',
  securityhub: 'securityhubRecords',
  macie: 'macieRecords',
  'sagemaker-model-monitor': 'monitorRecords',
  'sagemaker-clarify': 'clarifyRecords',
};

/** Counts a month's work. Pure: the same declarations and assumptions give the same figures. */
export function workloadOf({ sources, scopes, eventScopes, readsLogFiles }: Collected, assumptions: Assumptions): Workload {
  const each = sources.map((source) => {
    const plans = runsPerDay(source.schedule) * monthDays;
    const perScope = assumptions[recordsOf[source.id] ?? 'otherRecords'].value * monthDays;
    return { plans, runs: plans * scopes, perScope, newRecords: perScope * scopes, items: perScope * scopes * readingsOf(source), source };
  });
  const sum = (of: (one: (typeof each)[number]) => number) => each.reduce((total, one) => total + of(one), 0);
  const eventsOf = ({ perScope, source }: (typeof each)[number]) => (source.eventPatterns.length > 0 ? perScope * eventScopes : 0);
  const eventCount = sum(eventsOf);
  const eventBatches = Math.round(sum((one) => batchesOf(eventsOf(one))));
  const trailItems = sum(({ items, source }) => (source.id === 'cloudtrail' ? items : 0));
  const [plans, runs] = [Math.round(sum((one) => one.plans)), Math.round(sum((one) => one.runs))];
  const runsPerBatch = Math.min(assumptions.runsPerBatch.value, Math.max(1, scopes));
  const runBatches = Math.ceil(runs / runsPerBatch);
  const segments = runBatches + plans + eventBatches;
  return {
    scopes,
    plans,
    runs,
    runBatches,
    newRecords: Math.round(sum((one) => one.newRecords)),
    recordsOf: Object.fromEntries(each.map(({ source, newRecords }) => [source.id, newRecords])),
    itemsRead: Math.round(sum((one) => one.items)) + eventCount,
    lookupPages: readsLogFiles ? 0 : Math.round(trailItems / lookupPage),
    logFiles: readsLogFiles ? Math.round((trailItems / assumptions.cloudtrailRecords.value) * assumptions.logFiles.value) : 0,
    events: eventCount,
    eventBatches,
    forwarded: eventScopes > 1 ? Math.round(eventCount * (1 - 1 / eventScopes)) : 0,
    segments,
    confirmations: Math.round(
      sum((one) => (Math.min(one.runs, one.newRecords) / runsPerBatch + batchesOf(eventsOf(one))) * readingsOf(one.source)),
    ),
    ownRecords: 2 * runs,
    seals: Math.min(segments, (sealsPerDay + 1) * monthDays),
  };
}

/** Batches that so many events make in a month when a batch waits a minute: minutes with an event, where events come at random, unless they fill more. */
function batchesOf(events: number): number {
  const minutes = monthDays * 1_440;
  return Math.max(minutes * (1 - Math.exp(-events / minutes)), events / eventsPerBatch);
}

/** How often an item is read before it is out of reach: by each window that overlaps it, and by the full sweeps while AWS keeps it. */
export function readingsOf({ schedule, window }: Pick<PlannedSource, 'schedule' | 'window'>): number {
  const intervalHours = 24 / runsPerDay(schedule);
  return (intervalHours + window.overlapHours) / intervalHours + window.retentionDays / window.fullSweepDays;
}
