// SPDX-License-Identifier: Apache-2.0
import type { Context } from 'aws-lambda';
import { type AuditReport, auditHome } from '../../collect/audit-home.ts';
import { type Comparison, type ComparisonParts, compareIndex } from '../../collect/compare-index.ts';
import type { Scheduled } from '../../collect/expected-targets.ts';
import type { PlanTarget } from '../../collect/plan-collection.ts';
import type { Gap } from '../../evidence/gap.ts';
import type { EvidenceIndex } from '../../evidence-index/evidence-index.ts';
import { eventBuckets } from '../deployment/place-events.ts';
import { type AuditTimer, auditTimerSchema } from '../deployment/timer-input.ts';
import { type FunctionHandler, functionChain } from './function-chain.ts';
import { openFunctionCollection, polledFrom, type RecordingParts } from './function-collection.ts';
import { type Place, placeOfArn } from './function-settings.ts';
import { unreadPlaceGaps } from './place-readers.ts';
import { type ListAccounts, planTargets } from './plan-targets.ts';
import type { Telemetry } from './telemetry.ts';

/** What `self-audit` works with. */
export interface SelfAuditParts extends RecordingParts {
  readonly listAccounts: ListAccounts;
  /** Fills a new index beside the old one and puts it in its place when `fill` is done; where it fails, the next call goes on. */
  readonly replaceIndex: <Answer>(fill: (index: EvidenceIndex) => Promise<Answer>) => Promise<Answer>;
  /** Deletes what replaced indexes left, while there is time; gives how many items. */
  readonly removeRetired: (isTimeLeft: () => boolean) => Promise<number>;
  /** Buckets (`s3://bucket`), of those named, that do not tell EventBridge of new files. */
  readonly deliveryGaps: (region: string, buckets: readonly string[]) => AsyncIterable<Gap>;
  /** How many messages lie among the dead letters of all queues; null where that could not be counted. */
  readonly countDeadLetters: () => Promise<number | null>;
}

/** What `self-audit` answers. `isFinished` is false where time ended first: call it again, it goes on where it stopped. */
export type SelfAuditAnswer = Pick<Comparison, 'segments' | 'appliedSegments' | 'appliedRecords' | 'absentCount' | 'isFinished'>;

const day = 86_400_000;
const hour = 3_600_000;

// A message may be tried five times with an hour between, and a reading may go on in many parts, each with a plan of its own.
const plansAfterHours = 8;
const reserveMs = 60_000;

/** The function that compares index, vault and plans every night, and fills an empty index again when it is asked to. */
export function selfAuditHandler(telemetry: () => Telemetry, open: () => Promise<SelfAuditParts>): FunctionHandler<SelfAuditAnswer> {
  return functionChain({
    name: 'self-audit',
    event: auditTimerSchema,
    telemetry,
    run: async (timer, context) => {
      const parts = await open();
      const found = timer.task === 'audit' ? await audit(parts, timer, context) : await rebuild(parts, timer, context);
      const { segments, appliedSegments, appliedRecords, absentCount, isFinished } = found;
      return { segments, appliedSegments, appliedRecords, absentCount, isFinished };
    },
  });
}

/** Carries what was done out of a filling that time ended. */
class Unfinished extends Error {
  readonly compared: Comparison;

  constructor(compared: Comparison) {
    super('time ended before the index was filled');
    this.compared = compared;
  }
}

async function rebuild(parts: SelfAuditParts, timer: AuditTimer, context: Context): Promise<Comparison> {
  const compared = await parts
    .replaceIndex((index) => fill({ ...comparisonOf(parts, timer, context), index }))
    .catch((error: unknown) => {
      if (error instanceof Unfinished) return error.compared;
      throw error;
    });
  const { segments, appliedSegments, appliedRecords, isFinished } = compared;
  parts.telemetry.line('rebuilt', { segments, appliedSegments, appliedRecords, damaged: compared.damaged.length, isFinished });
  return compared;
}

async function fill(comparison: ComparisonParts): Promise<Comparison> {
  const compared = await compareIndex(comparison);
  if (!compared.isFinished) throw new Unfinished(compared);
  return compared;
}

async function audit(parts: SelfAuditParts, timer: AuditTimer, context: Context): Promise<AuditReport> {
  const { scheduledAt } = timer;
  const { collection } = await openFunctionCollection(parts, null, scheduledAt);
  const place = placeOfArn(context.invokedFunctionArn);
  const { targets, listing } = await planTargets(parts.configuration, place, parts.listAccounts);
  const report = await auditHome(collection, {
    ...place,
    scheduledAt,
    comparison: comparisonOf(parts, timer, context),
    plansBefore: new Date(Date.parse(scheduledAt) - plansAfterHours * hour).toISOString(),
    polledFrom: polledFrom(parts),
    scheduled: scheduledBy(parts, targets),
    // Where not all accounts could be listed, nobody knows whose places are not read.
    settings: settingGaps(parts, place, listing === null || listing.gaps.length === 0 ? targets : null),
    deadLetters: await parts.countDeadLetters(),
  });
  tell(parts.telemetry, report);
  const isTimeLeft = () => context.getRemainingTimeInMillis() >= reserveMs;
  if (report.isFinished) parts.telemetry.line('retired', { items: await parts.removeRetired(isTimeLeft) });
  return report;
}

function comparisonOf({ vault, index, configuration }: SelfAuditParts, { scheduledAt }: AuditTimer, context: Context) {
  const at = Date.parse(scheduledAt);
  return {
    vault,
    index,
    reserveMs,
    time: { remainingMs: () => context.getRemainingTimeInMillis() },
    keptSince: dayOf(at - configuration.vault.retentionDays * day),
    lateBefore: dayOf(at),
  };
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

async function* settingGaps(
  { configuration, deliveryGaps }: SelfAuditParts,
  place: Place,
  targets: readonly PlanTarget[] | null,
): AsyncGenerator<Gap> {
  if (targets !== null) yield* unreadPlaceGaps(configuration, place, targets);
  yield* deliveryGaps(place.region, eventBuckets(configuration));
}

function scheduledBy({ configuration, pack }: SelfAuditParts, targets: readonly PlanTarget[]): readonly Scheduled[] {
  return pack.timings
    .filter(({ id }) => configuration.sources.includes(id))
    .map((source) => ({ source, schedule: configuration.schedules[source.id] ?? source.schedule, targets }));
}

function tell(telemetry: Telemetry, report: AuditReport): void {
  const { damaged, absent, ...figures } = report;
  telemetry.line('audited', { ...figures, damaged: damaged.length });
  for (const { key, reason } of damaged) telemetry.problem('segment damaged', { segment: key, reason });
  for (const key of absent) telemetry.problem('segment absent from the vault', { segment: key });
  telemetry.count('missedRuns', report.interrupted + report.missed);
  telemetry.count('indexDifferences', report.appliedLate + report.absentCount);
  telemetry.count('vaultProblems', damaged.length + report.absentCount);
  telemetry.count('vaultSegments', report.segments);
  telemetry.count('vaultBytes', report.bytes);
  telemetry.count('indexRecords', report.records);
}
