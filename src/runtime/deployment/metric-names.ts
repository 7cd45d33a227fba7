// SPDX-License-Identifier: Apache-2.0

/** Namespace of every metric of ours in CloudWatch. */
export const metricNamespace = 'AimsEvidence';

/**
 * Names of our metrics; `metricUnit` says what each is counted in. All have the dimension `service`, which is the name of the stack; those of
 * `toldBySource` have the dimension `source` beside it and are told in no other way: `SUM(SEARCH(…))` adds them up. What else there is to know
 * of a source stands in the line of each run.
 */
export const metricNames = {
  /** Collectors, by source: records stored, gaps met, answers of AWS that were read (what reading costs), runs by how they ended. */
  recordsStored: 'RecordsStored',
  gaps: 'Gaps',
  sourceCalls: 'SourceCalls',
  runsComplete: 'RunsComplete',
  runsContinued: 'RunsContinued',
  runsFailed: 'RunsFailed',
  /** Collectors, by source: from the end of a run's window to its receipt. */
  collectionLag: 'CollectionLag',
  /** Plan, by source. */
  runsPlanned: 'RunsPlanned',
  /** Collectors and project: messages that nobody can read; each ends among the dead letters. */
  messagesMalformed: 'MessagesMalformed',
  /** Project: segments taken into the index, and how long after they were written; objects below `vault/` that are no segments. */
  segmentsProjected: 'SegmentsProjected',
  projectionLag: 'ProjectionLag',
  foreignObjects: 'ForeignObjects',
  /** Seal: 1 for each time it ended well, so that its absence is the age of the seal; leaves added; size of the ledger. */
  sealed: 'Sealed',
  leavesSealed: 'LeavesSealed',
  ledgerSize: 'LedgerSize',
  /** Seal and self-audit: segments that cannot be read, are gone, hidden or covered by another version. */
  vaultProblems: 'VaultProblems',
  /** Self-audit: plans without a receipt, and targets that no plan came for in two intervals of the schedule. */
  missedRuns: 'MissedRuns',
  /** Self-audit: segments that the index lacked for a day and more, or has and the vault has not. */
  indexDifferences: 'IndexDifferences',
  /** Self-audit: how much there is. */
  vaultSegments: 'VaultSegments',
  vaultBytes: 'VaultBytes',
  indexRecords: 'IndexRecords',
  /** All: how long an invocation worked. */
  workTime: 'WorkTime',
} as const;
/** One of our metrics. */
export type MetricName = keyof typeof metricNames;

/** Units of CloudWatch. */
export type MetricUnit = 'Count' | 'Seconds' | 'Milliseconds' | 'Bytes';

const otherUnits: Partial<Record<MetricName, MetricUnit>> = {
  collectionLag: 'Seconds',
  projectionLag: 'Seconds',
  vaultBytes: 'Bytes',
  workTime: 'Milliseconds',
};

/** What a metric is counted in. */
export function metricUnit(name: MetricName): MetricUnit {
  return otherUnits[name] ?? 'Count';
}

/**
 * Which metrics each source has one of. CloudWatch charges for every combination of name and dimensions by the hour in which it is told, so only
 * what tells sources apart is told apart.
 */
export const toldBySource: ReadonlySet<MetricName> = new Set(['recordsStored', 'gaps', 'collectionLag', 'runsFailed']);

/** When a metric is told: at any hour, in the hours in which a source is polled, once a night, or where something is out of the ordinary. */
export type Told = 'hourly' | 'polled' | 'nightly' | 'seldom';

const otherTimes: Partial<Record<MetricName, Told>> = {
  gaps: 'polled',
  collectionLag: 'polled',
  runsContinued: 'seldom',
  runsFailed: 'seldom',
  messagesMalformed: 'seldom',
  foreignObjects: 'seldom',
  vaultProblems: 'seldom',
  missedRuns: 'seldom',
  indexDifferences: 'seldom',
  vaultSegments: 'nightly',
  vaultBytes: 'nightly',
  indexRecords: 'nightly',
};

/** When a metric is told; what it costs goes by that. */
export function toldWhen(name: MetricName): Told {
  return otherTimes[name] ?? 'hourly';
}

/** Whether a figure is told at all. A count of nothing is not: alarms take silence for none, and `Sealed` shows that somebody looked. */
export function isTold(name: MetricName, value: number): boolean {
  return value !== 0 || metricUnit(name) !== 'Count';
}
