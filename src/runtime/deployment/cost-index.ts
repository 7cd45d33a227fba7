// SPDX-License-Identifier: Apache-2.0
import { type SourceId, sourceIds } from '../../evidence/observation.ts';
import type { Assumptions } from './cost-assumptions.ts';
import type { Workload } from './cost-workload.ts';

/** What one record costs in the index: request units of DynamoDB to take it in, and bytes that stay. */
export interface RecordUnits {
  readonly writes: number;
  readonly reads: number;
  readonly bytes: number;
}

/**
 * Counted over the sample account, by source, and of plans and receipts (`own`); a test counts again. A record is an item of its own, a line in
 * each list it belongs to, and its part of the counters; findings keep a series and their newest state too.
 */
export const indexUnitsPerRecord: Readonly<Partial<Record<SourceId, RecordUnits>> & Record<'own', RecordUnits>> = {
  cloudtrail: { writes: 5.5, reads: 1, bytes: 1_330 },
  securityhub: { writes: 12.1, reads: 2.1, bytes: 2_810 },
  macie: { writes: 14.4, reads: 3, bytes: 3_120 },
  'sagemaker-model-monitor': { writes: 16.7, reads: 1.9, bytes: 3_890 },
  'sagemaker-clarify': { writes: 14.4, reads: 1.7, bytes: 3_420 },
  own: { writes: 13.2, reads: 3.5, bytes: 2_400 },
};

/** Of a source that was not counted: as the dearest that was. */
const uncounted = indexUnitsPerRecord['sagemaker-model-monitor'] ?? indexUnitsPerRecord.own;

/** What a month costs in the index. */
export interface IndexUnits {
  readonly writes: number;
  readonly reads: number;
  readonly gigabytes: number;
  readonly becauseWrites: string;
  readonly becauseReads: string;
}

// A marker has some 300 bytes (two keys and a hash), and a page is charged by its bytes, 4 KB a unit.
const unitsPerMarker = 0.08;

/** Counts the units of a month's work; each night every marker is compared with the vault. */
export function indexUnits(work: Workload, nights: number, assumptions: Assumptions): IndexUnits {
  const kinds = [...sourceIds, 'own' as const].map((kind) => ({
    ...(indexUnitsPerRecord[kind] ?? uncounted),
    kind,
    records: kind === 'own' ? work.ownRecords : (work.recordsOf[kind] ?? 0),
  }));
  const sum = (of: keyof RecordUnits) => kinds.reduce((total, kind) => total + kind.records * kind[of], 0);
  const n = (value: number) => Math.round(value).toLocaleString('en-US');
  const told = kinds.filter(({ records }) => records > 0).map(({ kind, records, writes }) => `${n(records)} ${kind} × ${writes}`);
  const perRun = assumptions.indexReadsPerRun.value;
  const markers = Math.ceil(nights * work.segments * assumptions.monthsHeld.value * unitsPerMarker);
  return {
    writes: sum('writes'),
    // Each item that is read is looked up once, to be left out where it is held.
    reads: sum('reads') + work.itemsRead + work.runs * perRun + markers,
    gigabytes: sum('bytes') / 1e9,
    becauseWrites: told.join(' + '),
    becauseReads: `${n(work.itemsRead)} items looked up + ${n(work.runs)} runs × ${perRun} + ${n(sum('reads'))} while records are taken in + ${n(markers)} nights × markers of all segments`,
  };
}
