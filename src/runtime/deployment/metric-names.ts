// SPDX-License-Identifier: Apache-2.0

/** Namespace of every metric of ours in CloudWatch. */
export const metricNamespace = 'AimsEvidence';

/**
 * Names of our metrics; `metricUnits` says what each is counted in. All have the dimension `service`, which is the name of the stack; those of a
 * source stand a second time with the dimension `source` beside it.
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
